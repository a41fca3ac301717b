"""What visits have said, when a file comes or is taken back: neither hides the other.

A visit's fact is a copy of the fact it found, with what was said at the door; no row of a file says it, so it has
no row number. When the fact that it was copied from is joined by one of a lagging export, or is taken back, it is
copied anew: what was said at the door stays, the rest is what is known now. A line of the ledger that a visit
added gives way to the ledger's own.
"""

from collections.abc import Iterable

from django.db import models
from django.db.backends.utils import CursorWrapper

from households.evidence.models import Evidence
from households.imports.declaration import Scope

# A visit says what a household earned of a kind in a month. The file says it under another item: it is the same
# money. What the township has accepted is the desk's word and stays.
GIVE_WAY = """
UPDATE households_incomeline u SET replaced_in_id = %(batch)s FROM (
    SELECT DISTINCT l.id FROM work w CROSS JOIN LATERAL (
        SELECT t.id, t.household_id, t.month, t.kind, t.item, t.amount FROM households_incomeline t
        WHERE t.household_id = w.household_id AND t.month = w.month AND t.kind = w.kind AND t.item <> w.item
          AND t.replaced_in_id IS NULL) l
    WHERE w.outcome IN ('new', 'changed')
      AND EXISTS (
        SELECT FROM households_visit v JOIN households_visitanswer a ON a.visit_id = v.id
        WHERE v.household_id = l.household_id AND a.section = 'income' AND a.state = 'added' AND a.month = l.month
          AND a.kind = l.kind AND a.item = l.item AND (a.said #>> '{}')::numeric = l.amount)
      AND NOT EXISTS (
        SELECT FROM work s WHERE s.household_id = l.household_id AND s.month = l.month AND s.kind = l.kind
          AND s.item = l.item AND s.outcome IN ('new', 'changed', 'same'))) f
WHERE f.id = u.id
"""

# Facts of visits after a day, up to the next that a file says: one index probe a row, at any register size.
_LATER = """
JOIN LATERAL (
    SELECT l.* FROM {table} l
    WHERE l.{owner} = {of}.{owner} AND l.replaced_in_id IS NULL AND l.row_number IS NULL AND {after}
      AND NOT EXISTS (
        SELECT FROM {table} e WHERE e.{owner} = l.{owner} AND e.replaced_in_id IS NULL AND e.row_number IS NOT NULL
          AND e.as_of > {day} AND (e.as_of, e.id) < (l.as_of, l.id))
    OFFSET 0) g ON true
"""

FOLLOW_FILE = """
WITH later AS (
    SELECT g.*, w.id AS staged, coalesce(f.as_of <= %(day)s, false) AS was_known, f.id AS found
    FROM work w LEFT JOIN {table} f ON f.id = w.fact_id {later}
    WHERE w.fact_differs AND w.outcome IN ('new', 'changed')
),
stamped AS (UPDATE {table} t SET replaced_in_id = %(batch)s FROM later WHERE t.id = later.id)
INSERT INTO {table} (batch_id, as_of, {owner}, {names})
SELECT %(batch)s, g.as_of, g.{owner}, {values}
FROM later g JOIN work_facts v ON v.id = g.staged LEFT JOIN {table} f ON f.id = g.found
ORDER BY g.as_of, g.id
"""

FOLLOW_UNDO = """
WITH later AS (
    SELECT DISTINCT ON (g.id) g.*, t.id AS undone, b.id AS known
    FROM {table} t {later}
    LEFT JOIN LATERAL (
        SELECT b.id FROM {table} b WHERE b.{owner} = t.{owner} AND b.replaced_in_id IS NULL AND b.as_of <= t.as_of
          AND (b.row_number IS NOT NULL OR (b.as_of, b.id) < (t.as_of, t.id) OR b.batch_id = %(retraction)s)
        ORDER BY b.as_of DESC, b.id DESC LIMIT 1) b ON true
    WHERE t.replaced_in_id = %(retraction)s AND t.row_number IS NOT NULL AND g.batch_id <> %(retraction)s
    ORDER BY g.id, t.as_of DESC, t.id DESC
),
stamped AS (UPDATE {table} t SET replaced_in_id = %(retraction)s FROM later WHERE t.id = later.id)
INSERT INTO {table} (batch_id, as_of, {owner}, {names})
SELECT %(retraction)s, g.as_of, g.{owner}, {values}
FROM later g JOIN {table} t ON t.id = g.undone LEFT JOIN {table} b ON b.id = g.known
ORDER BY g.as_of, g.id
"""


def give_way(cursor: CursorWrapper, batch_id: int) -> None:
    """Before the lines of a ledger file are written: those of visits that would count beside them give way."""
    cursor.execute(GIVE_WAY, {"batch": batch_id})


def follow_file(
    cursor: CursorWrapper, scope: Scope, table: str, owner: str, names: Iterable[str], batch_id: int
) -> None:
    """After the facts of an export were written: what visits said later stands on them."""
    names = list(names)
    values = [
        f"CASE WHEN g.was_known AND g.{name} IS NOT DISTINCT FROM f.{name}"
        f" OR NOT g.was_known AND coalesce(g.{name}::text, '') IN ('', '{{}}') THEN v.{name} ELSE g.{name} END"
        for name in names
    ]
    later = _LATER.format(table=table, owner=owner, of="w", day="%(day)s", after="l.as_of > %(day)s")
    sql = FOLLOW_FILE.format(
        table=table, owner=owner, later=later, names=", ".join(names), values=", ".join(values)
    )
    cursor.execute(sql, {"batch": batch_id, "day": scope.as_of})


def follow_undo(cursor: CursorWrapper, model: type[Evidence], owner: str, retraction_id: int) -> None:
    """After the facts of an export were taken back: what visits said since stands on what is known without it."""
    of_row = {"id", "batch_id", "replaced_in_id", "row_number", "as_of", owner}
    fields = [field for field in model._meta.concrete_fields if field.column not in of_row]
    table = model._meta.db_table
    values = [
        f"CASE WHEN g.{field.column} IS DISTINCT FROM t.{field.column} THEN g.{field.column}"
        f" WHEN b.id IS NULL THEN {_unknown(field)} ELSE b.{field.column} END"
        for field in fields
    ]
    later = _LATER.format(
        table=table, owner=owner, of="t", day="t.as_of", after="(l.as_of, l.id) > (t.as_of, t.id)"
    )
    sql = FOLLOW_UNDO.format(
        table=table,
        owner=owner,
        later=later,
        names=", ".join(str(field.column) for field in fields),
        values=", ".join(values),
    )
    cursor.execute(sql, {"retraction": retraction_id})


def _unknown(field: models.Field) -> str:
    """SQL: how a column says that nothing is known."""
    if field.null:
        return "NULL"
    return "''" if isinstance(field, models.CharField) else "'{}'"
