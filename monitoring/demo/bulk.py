"""Loading an empty table without its indexes and foreign keys: built once at the end instead of row by row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

# Primary keys stay: the foreign keys of other tables stand on them.
CONSTRAINTS = """
SELECT format('%%I', conname), conrelid::regclass::text, pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'x')
ORDER BY conrelid, conname
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indexrelid
"""


@contextmanager
def bare_tables(tables: Sequence[str]) -> Iterator[None]:
    """Within it, those of the tables that are empty have no foreign keys, exclusions and secondary indexes.

    Runs in the caller's transaction: whatever fails, the tables are as they were. At the end every constraint is
    checked over all rows, under its own name and definition.
    """
    with connection.cursor() as cursor:
        # What waits for the commit is checked now: a table with checks pending cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        empty = [table for table in tables if _is_empty(cursor, table)]
        cursor.execute(CONSTRAINTS, (empty,))
        constraints = cursor.fetchall()
        for name, table, _definition in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(INDEXES, (empty,))
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for name, table, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _is_empty(cursor, table: str) -> bool:
    cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
    return cursor.fetchone()[0]
