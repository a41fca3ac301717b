"""A household that moves: who must be told in the village it leaves and in the one it comes to.

Packages above this one have rows of their own that lie with a household. They listen to ``households_moved``, and
answer ``open_matters`` when somebody asks what a household leaves unfinished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db import connection
from django.dispatch import Signal

from households.registry.models import Household

# Sent after the households have moved, in the same transaction. ``moves``: a list of Move; ``actor_id``.
households_moved = Signal()
# Receivers answer with a list of Matter for ``household``.
open_matters = Signal()

# "left" lies in the old village, "moved" in the new one: a client of either is told, of the other place nothing.
TELL = """
INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                              level_after, county, township, village, village_before, actor_id)
SELECT now(), told.kind, 'household', move.household_id, '', '', '', '',
       area.county, area.township, area.village, told.village_before, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS move (household_id, village_before, village)
CROSS JOIN LATERAL (VALUES ('household_left', move.village_before, NULL),
                           ('household_moved', move.village, move.village_before))
    AS told (kind, village, village_before)
JOIN households_area AS area ON area.code = told.village
ORDER BY move.household_id, told.kind
"""


@dataclass(frozen=True)
class Move:
    """A household and its village before and after."""

    household_id: int
    village_before: str
    village: str


@dataclass(frozen=True)
class Matter:
    """Something open about a household, as a sentence. ``in_hand``: somebody is working on it."""

    sentence: str
    in_hand: bool


def tell_moved(*, moves: Sequence[Move], actor_id: int | None) -> None:
    """Events in both villages for households that have just moved, and for what lies with them. Set-based."""
    if not moves:
        return
    columns = (
        [move.household_id for move in moves],
        [move.village_before for move in moves],
        [move.village for move in moves],
    )
    with connection.cursor() as cursor:
        cursor.execute(TELL, (actor_id, *columns))
    households_moved.send(sender=Household, moves=moves, actor_id=actor_id)


def matters_of(household: Household) -> list[Matter]:
    """What is still open about a household, whoever keeps it."""
    matters: list[Matter] = []
    for _receiver, answer in open_matters.send(sender=Household, household=household):
        matters += cast(list[Matter], answer)
    return matters
