"""Who is in the register but not in a new full export: a doubt, nobody is deleted.

A full export speaks for a township when it holds more than one of its villages, else for its village alone.
"""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from households.imports.models import Import

# Beside the register in tables of their own, analysed: the planner knows nothing of what was just written.
# Rows that were refused or wait name somebody too.
_SEEN = """
DROP TABLE IF EXISTS export_seen, export_places, export_missing;
CREATE TEMP TABLE export_seen ON COMMIT DROP AS
SELECT DISTINCT {subject} AS id FROM households_stagedrow s WHERE s.import_file_id = %(id)s;
CREATE INDEX ON export_seen (id);
ANALYZE export_seen;

CREATE TEMP TABLE export_places ON COMMIT DROP AS
SELECT township, CASE WHEN count(DISTINCT village) = 1 THEN min(village) END AS only_village
FROM (
    SELECT DISTINCT coalesce(h.township, a.township) AS township, coalesce(h.village, a.code) AS village
    FROM households_stagedrow s
    LEFT JOIN LATERAL (SELECT h.township, h.village FROM households_household h
                       WHERE h.code = s.household_code LIMIT 1) h ON true
    LEFT JOIN households_area a ON a.code = s.payload ->> 'village'
    WHERE s.import_file_id = %(id)s) places
WHERE township IS NOT NULL GROUP BY township;
ANALYZE export_places;
"""
_HOUSEHOLD = "(SELECT h.id FROM households_household h WHERE h.code = s.household_code)"
_PERSON = """coalesce(s.person_id,
    (SELECT p.id FROM households_person p WHERE p.code = s.person_code),
    (SELECT p.id FROM households_person p WHERE p.identity_hash = s.identity_hash))"""
_HERE = """
households_household h JOIN export_places c
    ON h.township = c.township AND (c.only_village IS NULL OR h.village = c.only_village)
"""
_MISSING = {
    "household": _SEEN.replace("{subject}", _HOUSEHOLD)
    + f"""
CREATE TEMP TABLE export_missing ON COMMIT DROP AS
SELECT h.id AS household_id, NULL::bigint AS person_id FROM {_HERE}
WHERE h.gone_on IS NULL AND h.code IS NOT NULL AND NOT EXISTS (SELECT FROM export_seen s WHERE s.id = h.id);""",
    # Somebody whom this very import brought in is not missing from it.
    "member": _SEEN.replace("{subject}", _PERSON)
    + f"""
CREATE TEMP TABLE export_missing ON COMMIT DROP AS
SELECT h.id AS household_id, m.person_id FROM {_HERE}
JOIN households_membership m ON m.household_id = h.id
JOIN households_person p ON p.id = m.person_id
WHERE h.gone_on IS NULL AND m.replaced_in_id IS NULL AND m.until IS NULL
  AND p.batch_id IS DISTINCT FROM %(batch)s
  AND NOT EXISTS (SELECT FROM export_seen s WHERE s.id = m.person_id);""",
}


def _find(cursor: CursorWrapper, row: Import) -> bool:
    """Fills ``export_missing``. False for what is no full export."""
    if not row.is_full_export or row.form not in _MISSING:
        return False
    cursor.execute(_MISSING[row.form], {"id": row.pk, "batch": row.batch_id})
    return True


@transaction.atomic
def count_missing(row: Import) -> int:
    """How many households or persons a full export does not name any more."""
    with connection.cursor() as cursor:
        if not _find(cursor, row):
            return 0
        cursor.execute("SELECT count(*) FROM export_missing")
        return cursor.fetchone()[0]


def raise_missing(row: Import) -> None:
    """One open doubt for each of them, in the transaction of the commit and after its rows were written."""
    with connection.cursor() as cursor:
        if not _find(cursor, row):
            return
        cursor.execute(
            """INSERT INTO households_doubt (import_file_id, code, household_id, person_id)
               SELECT %s, 'missing_from_export', n.household_id, n.person_id FROM export_missing n
               WHERE NOT EXISTS (
                   SELECT FROM households_doubt o
                   WHERE o.code = 'missing_from_export' AND o.resolved_at IS NULL
                     AND o.household_id = n.household_id AND o.person_id IS NOT DISTINCT FROM n.person_id)""",
            [row.pk],
        )
