"""Who is in the register but not in a new full export: a doubt, nobody is deleted.

A full export speaks for a township when it holds more than one of its villages, else for its village alone.
"""

from django.db import connection

from households.imports.models import Import

_HOUSEHOLDS_IN_FILE = """
    SELECT s.household_code AS code,
           coalesce(h.township, a.township) AS township, coalesce(h.village, a.code) AS village
    FROM households_stagedrow s
    LEFT JOIN households_household h ON h.code = s.household_code
    LEFT JOIN households_area a ON a.code = s.payload ->> 'village'
    WHERE s.import_file_id = %(id)s AND s.household_code IS NOT NULL
"""
_PLACES = f"""
WITH file AS MATERIALIZED ({_HOUSEHOLDS_IN_FILE}),
     places AS MATERIALIZED (
        SELECT township, CASE WHEN count(DISTINCT village) = 1 THEN min(village) END AS only_village
        FROM file WHERE township IS NOT NULL GROUP BY township)
"""
_HERE = """
    households_household h JOIN places c
        ON h.township = c.township AND (c.only_village IS NULL OR h.village = c.only_village)
"""
_MISSING = {
    "household": f"""{_PLACES}
        SELECT h.id AS household_id, NULL::bigint AS person_id FROM {_HERE}
        WHERE h.gone_on IS NULL AND h.code IS NOT NULL
          AND NOT EXISTS (SELECT FROM file f WHERE f.code = h.code)""",
    "member": f"""{_PLACES}, seen AS MATERIALIZED (
            SELECT person_id AS id FROM households_stagedrow
            WHERE import_file_id = %(id)s AND person_id IS NOT NULL
            UNION
            SELECT p.id FROM households_stagedrow s JOIN households_person p ON p.code = s.person_code
            WHERE s.import_file_id = %(id)s
            UNION
            SELECT p.id FROM households_stagedrow s JOIN households_person p ON p.identity_hash = s.identity_hash
            WHERE s.import_file_id = %(id)s)
        SELECT h.id AS household_id, m.person_id FROM {_HERE}
        JOIN households_membership m ON m.household_id = h.id
        JOIN households_person p ON p.id = m.person_id
        WHERE h.gone_on IS NULL AND m.replaced_in_id IS NULL AND m.until IS NULL
          AND p.batch_id IS DISTINCT FROM %(batch)s
          AND NOT EXISTS (SELECT FROM seen WHERE seen.id = m.person_id)""",
}


def count_missing(row: Import) -> int:
    """How many households or persons a full export does not name any more."""
    if not row.is_full_export or row.form not in _MISSING:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH missing AS ({_MISSING[row.form]}) SELECT count(*) FROM missing",
            {"id": row.pk, "batch": row.batch_id},
        )
        return cursor.fetchone()[0]


def raise_missing(row: Import) -> None:
    """One open doubt for each of them, in the transaction of the commit and after its rows were written."""
    if not row.is_full_export or row.form not in _MISSING:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO households_doubt (import_file_id, code, household_id, person_id)
                SELECT %(id)s, 'missing_from_export', missing.household_id, missing.person_id
                FROM ({_MISSING[row.form]}) missing
                WHERE NOT EXISTS (
                    SELECT FROM households_doubt o
                    WHERE o.code = 'missing_from_export' AND o.resolved_at IS NULL
                      AND o.household_id = missing.household_id
                      AND o.person_id IS NOT DISTINCT FROM missing.person_id)""",
            {"id": row.pk, "batch": row.batch_id},
        )
