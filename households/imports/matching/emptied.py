"""The register after an undo: who is not spoken of any more, and who lives where he lived before.

Nobody is deleted. A household that only a file taken back had brought in is no more, from the first day on, so no
month is judged with it; a person whom only such a file knew is not found by number any more, so that whoever names
him next waits in the queue or brings him in anew.
"""

from datetime import date

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.imports.matching.taking_back import FIRST_DAY, Taking, spoken_of
from households.registry.moving import Move, tell_moved

# Rows whose batch was taken back, now or before.
_BROUGHT_IN = """
EXISTS (SELECT FROM households_evidencebatch b JOIN households_evidencebatch r
            ON r.retracts_id = coalesce(b.origin_id, b.id) WHERE b.id = {row}.batch_id)
"""
_TOUCHED = "SELECT {owner} FROM {table} WHERE replaced_in_id = %(retraction)s"
_OF_HOUSEHOLD = ("households_householdfact", "households_membership", "households_incomeline")
_OF_PERSON = (
    "households_membership",
    "households_personfact",
    "households_medicalbill",
    "households_listentry",
)


def _touched(tables: tuple[str, ...], owner: str) -> str:
    return " UNION ".join(_TOUCHED.format(owner=owner, table=table) for table in tables)


RETIRE = f"""
INSERT INTO households_householdmove (batch_id, household_id, since, village_before)
SELECT %(retraction)s, h.id, %(first_day)s, h.village FROM households_household h
WHERE (h.id IN ({_touched(_OF_HOUSEHOLD, "household_id")}) OR h.batch_id = ANY(%(batches)s))
  AND {_BROUGHT_IN.format(row="h")} AND NOT {spoken_of("h.id")}
  AND NOT EXISTS (SELECT FROM households_householdmove m
                  WHERE m.household_id = h.id AND m.replaced_in_id IS NULL AND m.village IS NULL);
UPDATE households_household h SET gone_on = %(today)s FROM households_householdmove m
WHERE m.household_id = h.id AND m.batch_id = %(retraction)s AND m.village IS NULL AND h.gone_on IS NULL;
"""

FORGET = f"""
UPDATE households_person p SET identity_hash = NULL, code = NULL
WHERE (p.id IN ({_touched(_OF_PERSON, "person_id")}) OR p.batch_id = ANY(%(batches)s))
  AND {_BROUGHT_IN.format(row="p")} AND NOT ({
    " OR ".join(
        f"EXISTS (SELECT FROM {table} e WHERE e.person_id = p.id AND e.replaced_in_id IS NULL)"
        for table in _OF_PERSON
    )
});
"""

# A household that the file had moved lies where the moves before say.
MOVE_BACK = """
UPDATE households_household h SET county = a.county, township = a.township, village = a.code
FROM (
    SELECT m.household_id, coalesce(
        (SELECT n.village FROM households_householdmove n
         WHERE n.household_id = m.household_id AND n.replaced_in_id IS NULL AND n.village IS NOT NULL
         ORDER BY n.since DESC, n.id DESC LIMIT 1),
        (SELECT n.village_before FROM households_householdmove n
         WHERE n.household_id = m.household_id AND n.replaced_in_id = %(retraction)s
         ORDER BY n.since, n.id LIMIT 1)) AS village
    FROM (SELECT DISTINCT household_id FROM households_householdmove WHERE replaced_in_id = %(retraction)s) m
) places
JOIN households_household o ON o.id = places.household_id
JOIN households_area a ON a.code = places.village
WHERE h.id = places.household_id AND h.village <> places.village
RETURNING h.id, o.village, h.village
"""

# A household that an undo took out of the register stands in a new export.
RETURN = """
WITH back AS (
    UPDATE households_householdmove m SET replaced_in_id = %(batch)s
    FROM work w, households_evidencebatch b
    WHERE m.household_id = w.household_id AND w.outcome = 'changed' AND m.village IS NULL
      AND m.replaced_in_id IS NULL AND b.id = m.batch_id AND b.kind = 'retraction'
    RETURNING m.household_id
),
moved AS (
    INSERT INTO households_householdmove (batch_id, household_id, since, village_before, village)
    SELECT %(batch)s, h.id, %(first_day)s, h.village, h.village
    FROM back JOIN households_household h ON h.id = back.household_id
)
UPDATE households_household h SET gone_on = NULL FROM back WHERE back.household_id = h.id
"""


def settle_register(taking: Taking, *, today: date, actor_id: int | None) -> None:
    """After rows were taken back: households lie where they lay, and who is not spoken of any more leaves."""
    parameters = {**taking.parameters, "first_day": FIRST_DAY, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(MOVE_BACK, parameters)
        moves = [Move(*row) for row in cursor.fetchall()]
        cursor.execute(RETIRE, parameters)
        cursor.execute(FORGET, parameters)
    tell_moved(moves=moves, actor_id=actor_id)


def bring_back(cursor: CursorWrapper, batch_id: int) -> None:
    """Households of the work table that an undo had taken out are judged again, in every month."""
    cursor.execute(RETURN, {"batch": batch_id, "first_day": FIRST_DAY})
