"""A page of households, village by village: what the list shows of each, and where the next page begins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from households.filtering import ParameterProblem, problem
from households.paging import COUNT_UP_TO
from households.registry.models import Household, HouseholdFact, Membership

PAGE_ROWS = 50
CURSOR = ("after", "before")


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind (or, leafing back, in front of) this household in the order of the list."""

    village: str
    pk: int
    is_back: bool = False


@dataclass(frozen=True)
class Row:
    """One household as the list shows it. ``fact`` is the newest one."""

    household: Household
    fact: HouseholdFact | None
    members: int
    township: str = ""
    village: str = ""
    matched: str = ""


@dataclass(frozen=True)
class HouseholdPage:
    """``before`` and ``after`` are cursors, empty at the ends; ``total`` is counted up to the cap."""

    households: list[Household]
    before: str
    after: str
    total: int


def read_place(query: QueryDict) -> tuple[Place | None, list[ParameterProblem]]:
    """``after=420527103204-17``: village and id of the last household of the page before."""
    given = [name for name in CURSOR if name in query]
    if not given:
        return None, []
    if len(given) > 1:
        return None, [problem("repeated_parameter", "before", CURSOR)]
    found = re.fullmatch(r"([0-9]{12})-([0-9]{1,18})", query[given[0]])
    if found is None:
        return None, [problem("invalid_value", given[0], ("420527103204-17",))]
    return Place(found[1], int(found[2]), given[0] == "before"), []


def read_household_page(households: QuerySet, place: Place | None) -> HouseholdPage:
    """One page of a scoped and filtered queryset by (village, id): the index walks to it, however far it is."""
    order = ("-village", "-id") if place and place.is_back else ("village", "id")
    rows = list(_from(households, place).order_by(*order)[: PAGE_ROWS + 1])
    has_more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    if place and place.is_back:
        rows.reverse()
    has_before = has_more if place and place.is_back else place is not None
    has_after = has_more if not (place and place.is_back) else True
    return HouseholdPage(
        rows,
        before=_cursor(rows[0]) if rows and has_before else "",
        after=_cursor(rows[-1]) if rows and has_after else "",
        total=households.order_by()[: COUNT_UP_TO + 1].count(),
    )


def _from(households: QuerySet, place: Place | None) -> QuerySet:
    if place is None:
        return households
    # The first condition is what the index uses; the second cuts off at most the rest of one village.
    if place.is_back:
        return households.filter(Q(village__lt=place.village) | Q(pk__lt=place.pk), village__lte=place.village)
    return households.filter(Q(village__gt=place.village) | Q(pk__gt=place.pk), village__gte=place.village)


def _cursor(household: Household) -> str:
    return f"{household.village}-{household.pk}"


def household_rows(
    households: list[Household], places: dict[str, str], matched: dict[int, list[str]] | None = None
) -> list[Row]:
    """The rows with their newest facts and member counts; two queries. ``places``: code of an area → its name."""
    facts = _newest_facts(households)
    members = dict(
        Membership.objects.current()
        .filter(household__in=households, until__isnull=True)
        .values_list("household")
        .annotate(Count("id"))
    )
    return [
        Row(
            household,
            facts.get(household.pk),
            members.get(household.pk, 0),
            places.get(household.township, ""),
            places.get(household.village, ""),
            "、".join((matched or {}).get(household.pk, [])),
        )
        for household in households
    ]


def _newest_facts(households: Iterable[Household]) -> dict[int, HouseholdFact]:
    facts = HouseholdFact.objects.current().filter(household__in=households).order_by("as_of", "batch_id", "id")
    return {fact.household_id: fact for fact in facts}
