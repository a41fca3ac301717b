"""The work table: the staged rows of one import with typed columns, in which outcomes are found.

It lives as long as the transaction. Staging fills it to preview; committing fills it anew under the lock, so that
what is written was matched with the register of that moment.
"""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.imports.declaration import Scope
from households.imports.matching import visited
from households.imports.problems import entry
from households.privacy.seal import unseal

# Fewer rows are cheap under any plan.
ANALYSE_FROM = 1000
STAGED_KEYS = "households_stagedrow (id, import_file_id, row_number, outcome, household_code, identity_hash)"

OPEN = """
DROP TABLE IF EXISTS work;
CREATE TEMP TABLE work ON COMMIT DROP AS
SELECT s.id, s.row_number, s.household_code, s.person_code, s.identity_hash,
       s.outcome IS NOT DISTINCT FROM 'refused' AS refused,
       %(household_id)s::bigint AS household_id, %(person_id)s::bigint AS person_id,
       CASE WHEN s.outcome = 'refused' THEN 'refused' END AS outcome,
       '[]'::jsonb AS reasons, '[]'::jsonb AS found, false AS phone_differs {columns}
FROM households_stagedrow s
WHERE s.import_file_id = %(import_id)s AND (%(row_id)s::bigint IS NULL OR s.id = %(row_id)s)
  AND (NOT %(waiting)s OR s.outcome = 'waiting' AND s.resolved_at IS NULL);
ALTER TABLE work ADD PRIMARY KEY (id);
ANALYZE work;
"""

# Only rows whose answer is another than the one stored before: a second matching rewrites next to nothing.
APPLY = """
UPDATE households_stagedrow s
SET outcome = w.outcome, reasons = w.reasons, doubts = w.doubts,
    household_id = w.household_id, person_id = w.person_id
FROM (
    SELECT w.*, coalesce(r.payload -> 'doubts', '[]') || w.found AS doubts
    FROM work w JOIN households_stagedrow r ON r.id = w.id
    WHERE NOT w.refused
) w
WHERE s.id = w.id AND (s.outcome, s.reasons, s.doubts, s.household_id, s.person_id)
    IS DISTINCT FROM (w.outcome, w.reasons, w.doubts, w.household_id, w.person_id)
"""

# A doubt is raised once: it stays one row however often the same file comes.
DOUBTS = """
INSERT INTO households_doubt (import_file_id, code, household_id, person_id, row_number)
SELECT DISTINCT ON (d.code, w.household_id, w.person_id, CASE WHEN w.person_id IS NULL THEN w.row_number END)
       s.import_file_id, d.code, w.household_id, w.person_id, w.row_number
FROM work w
JOIN households_stagedrow s ON s.id = w.id
CROSS JOIN LATERAL (
    SELECT e ->> 'code' AS code FROM jsonb_array_elements(coalesce(s.payload -> 'doubts', '[]') || w.found) e) d
WHERE w.outcome IN ('new', 'changed', 'same', 'repeated')
  AND NOT EXISTS (
    SELECT FROM households_doubt o
    WHERE o.code = d.code AND o.resolved_at IS NULL
      AND o.household_id IS NOT DISTINCT FROM w.household_id AND o.person_id IS NOT DISTINCT FROM w.person_id
      AND (w.person_id IS NOT NULL OR o.row_number = w.row_number)
  )
ORDER BY d.code, w.household_id, w.person_id, CASE WHEN w.person_id IS NULL THEN w.row_number END, w.row_number
"""


def open_work(cursor: CursorWrapper, scope: Scope, columns: Mapping[str, str]) -> None:
    """Makes the work table of a scope. ``columns``: name → SQL over the staged row ``s``."""
    listed = "".join(f",\n       {expression} AS {name}" for name, expression in columns.items())
    cursor.execute(
        OPEN.replace("{columns}", listed),
        {
            "import_id": scope.import_id,
            "row_id": scope.row_id,
            "waiting": scope.waiting,
            "household_id": scope.household_id,
            "person_id": scope.person_id,
            "month": scope.month,
        },
    )


def analyse(cursor: CursorWrapper) -> None:
    """After many rows got another value the planner must know, or it joins row by row what it should hash."""
    cursor.execute("ANALYZE work (id, outcome, household_id, person_id, person_code, identity_hash)")


def analyse_tables(tables: Iterable[str], rows: int) -> None:
    """After many rows were written in this transaction: whatever joins these tables next must know of them."""
    if rows >= ANALYSE_FROM:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {table}")


def from_payload(columns: Mapping[str, str], row: str = "s") -> dict[str, str]:
    """Name → SQL type becomes name → typed value out of the payload of a staged row."""
    return {name: f"({row}.payload ->> '{name}')::{kind}" for name, kind in columns.items()}


def find_households(cursor: CursorWrapper, scope: Scope) -> None:
    """The household of each row by its national code: one index probe a row, however large the register is."""
    if scope.household_id is None:
        cursor.execute(
            """UPDATE work w SET household_id = (
                   SELECT h.id FROM households_household h WHERE h.code = w.household_code AND h.county = %s)
               WHERE w.household_code IS NOT NULL""",
            [scope.county],
        )


def literal(column: str, code: str, detail: str = "") -> str:
    """One reason or doubt as a SQL literal. The words are ours, never those of a file."""
    pairs = ", ".join(f"'{key}', '{value}'" for key, value in entry(column, code, detail).items())
    return f"jsonb_build_array(jsonb_build_object({pairs}))"


def mark_other_phones(cursor: CursorWrapper, table: str, column: str) -> None:
    """Marks rows whose telephone number is not the one sealed in the register.

    A seal differs each time it is made, so both are opened.
    """
    cursor.execute(
        f"""SELECT w.id, s.phone_sealed, t.phone_sealed FROM work w
            JOIN households_stagedrow s ON s.id = w.id JOIN {table} t ON t.id = w.{column}
            WHERE w.outcome IS NULL AND s.phone_sealed IS NOT NULL"""
    )
    differing = [row for row, new, old in cursor.fetchall() if old is None or unseal(new) != unseal(old)]
    cursor.execute("UPDATE work SET phone_differs = true WHERE id = ANY(%s)", [differing])


def fact_in_force(table: str, owner: str, day: str) -> str:
    """SQL: the fact of ``owner`` that holds on a day, else the first one (it stands for the time before)."""
    current = f"SELECT f.id FROM {table} f WHERE f.{owner} = w.{owner} AND f.replaced_in_id IS NULL"
    return (
        f"coalesce(({current} AND f.as_of <= {day} ORDER BY f.as_of DESC, f.id DESC LIMIT 1),"
        f" ({current} ORDER BY f.as_of, f.id LIMIT 1))"
    )


def apply_outcomes(cursor: CursorWrapper, scope: Scope) -> None:
    """Stores what was found. A row that waited keeps the outcome that it has in the counts of its import."""
    analyse(cursor)
    if not scope.is_narrowed:
        cursor.execute(APPLY)


def count_found() -> int:
    """How many rows of the work table wait no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM work WHERE outcome <> 'waiting'")
        return cursor.fetchone()[0]


def mark_found_resolved(user_id: int | None) -> None:
    """Takes them out of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE households_stagedrow s SET resolved_at = now(), resolved_by_id = %s,
                   household_id = w.household_id, person_id = w.person_id
               FROM work w WHERE w.id = s.id AND w.outcome <> 'waiting'""",
            [user_id],
        )


def raise_doubts(cursor: CursorWrapper) -> None:
    cursor.execute(DOUBTS)


def given_columns(cursor: CursorWrapper, scope: Scope) -> set[str]:
    """Fields whose column stands in the file. Every row carries them all, so one row tells."""
    cursor.execute(
        "SELECT jsonb_object_keys(payload) FROM ("
        " SELECT payload FROM households_stagedrow WHERE import_file_id = %s LIMIT 1) s",
        [scope.import_id],
    )
    return {name for (name,) in cursor.fetchall()}


def mark_spelt_differently(cursor: CursorWrapper, first_row: str) -> None:
    """A repeated row whose stored values are not those of the row that counts (work column ``first_row``)."""
    said = "(s.payload - 'doubts', s.identity_hash, s.household_code)"
    row = f"(SELECT {said} FROM households_stagedrow s WHERE s.id = w.%s)"
    cursor.execute(
        f"""UPDATE work w SET found = w.found || {literal("", "values_differ")}
            WHERE w.outcome = 'repeated' AND {row % "id"} IS DISTINCT FROM {row % first_row}"""
    )


def compare_facts(cursor: CursorWrapper, scope: Scope, table: str, owner: str, facts: Mapping[str, str]) -> None:
    """What the rows say as facts (table ``work_facts``), and whether that differs from the fact in force.

    ``facts``: name → SQL over the staged row ``s``. What the file has no column for stays as the fact says it.
    The values stand beside the work table, whose rows are rewritten with each finding.
    """
    cursor.execute(
        f"UPDATE work w SET fact_id = {fact_in_force(table, owner, '%(day)s')}"
        f" WHERE w.outcome IS NULL AND w.{owner} IS NOT NULL",
        {"day": scope.as_of},
    )
    given = given_columns(cursor, scope) | {"other"}
    listed = ", ".join(
        f"{expression} AS {name}"
        if name in given
        else f"CASE WHEN f.id IS NULL THEN {expression} ELSE f.{name} END AS {name}"
        for name, expression in facts.items()
    )
    cursor.execute(
        f"""DROP TABLE IF EXISTS work_facts;
            CREATE TEMP TABLE work_facts ON COMMIT DROP AS
            SELECT w.id, {listed} FROM work w JOIN households_stagedrow s ON s.id = w.id
            LEFT JOIN {table} f ON f.id = w.fact_id WHERE w.outcome IS NULL;
            ANALYZE work_facts (id)"""
    )
    ours, theirs = (", ".join(f"{alias}.{name}" for name in facts) for alias in "vf")
    cursor.execute(
        f"""UPDATE work w SET fact_differs = false FROM work_facts v, {table} f
            WHERE v.id = w.id AND f.id = w.fact_id AND ({ours}) IS NOT DISTINCT FROM ({theirs})"""
    )


def write_facts(
    cursor: CursorWrapper, scope: Scope, table: str, owner: str, names: Iterable[str], batch_id: int
) -> None:
    """A fact for each row that says something new. On the same day it corrects the fact of that day."""
    cursor.execute(
        f"""UPDATE {table} f SET replaced_in_id = %s FROM work w
            WHERE w.fact_differs AND f.id = w.fact_id AND f.as_of = %s AND w.outcome IN ('new', 'changed')""",
        [batch_id, scope.as_of],
    )
    names = list(names)
    cursor.execute(
        f"""INSERT INTO {table} (batch_id, row_number, as_of, {owner}, {", ".join(names)})
            SELECT %s, w.row_number, %s, w.{owner}, {", ".join(f"v.{name}" for name in names)}
            FROM work w JOIN work_facts v ON v.id = w.id
            WHERE w.fact_differs AND w.outcome IN ('new', 'changed') ORDER BY w.row_number""",
        [batch_id, scope.as_of],
    )
    visited.follow_file(cursor, scope, table, owner, names, batch_id)
