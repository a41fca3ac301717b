"""Households and persons of whom nothing is said any more, and those that a file names again.

Nobody is deleted. A household that only a file taken back had brought in is no more, from the first day on, so no
month is judged with it; a person whom only such a file knew is not found by number any more, so that whoever names
him next waits in the queue or brings him in anew.
"""

from datetime import date

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.imports.matching.taking_back import Taking, spoken_of

# Before anything that is judged.
FIRST_DAY = date(1900, 1, 1)

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


def settle_emptied(taking: Taking, *, today: date) -> None:
    """After rows were taken back: who is not spoken of any more leaves the register."""
    parameters = {**taking.parameters, "first_day": FIRST_DAY, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(RETIRE, parameters)
        cursor.execute(FORGET, parameters)


def bring_back(cursor: CursorWrapper, batch_id: int) -> None:
    """Households of the work table that an undo had taken out are judged again, in every month."""
    cursor.execute(RETURN, {"batch": batch_id, "first_day": FIRST_DAY})
