"""The households of a campaign, by village, hamlet and name: one page, and where the next one begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from households.areas.choices import ScopeAreas
from households.areas.models import Area, Level
from households.filtering import ParameterProblem, parse_whole_number, problem
from households.paging import COUNT_UP_TO
from households.registry.listing import Row, household_rows
from households.registry.models import Household
from households.staff.models import User
from households.visits.campaigns import campaign_households, concerned, done, place_of
from households.visits.models import Campaign

PAGE_ROWS = 50
CURSOR = ("before", "after")
ORDER = ("village", "hamlet_order", "hamlet", "head_pinyin", "pk")


@dataclass(frozen=True)
class Listed:
    """One household of a campaign. ``done_by``: the id of the visit that made it done, None where none did."""

    row: Row
    done_on: date | None
    done_by: int | None


@dataclass(frozen=True)
class CampaignPage:
    """``before`` and ``after``: ids of households, for the cursor of the same name; None at an end."""

    rows: list[Listed]
    before: int | None
    after: int | None


def read_place(query: QueryDict, who: User) -> tuple[Household | None, bool, list[ParameterProblem]]:
    """The household where a page begins and whether it leads back. An id names it: a name stands in no address."""
    given = [name for name in CURSOR if name in query]
    if len(given) > 1:
        return None, False, [problem("conflicting_parameters", "after", CURSOR)]
    if not given:
        return None, False, []
    try:
        pk = parse_whole_number(str(query[given[0]]))
    except ValueError:
        return None, False, [problem("invalid_value", given[0], ("17",))]
    place = Household.objects.visible_to(who).filter(pk=pk).first()
    if place is None:
        return None, False, [problem("invalid_value", given[0], ("17",))]
    return place, given == ["before"], []


def read_campaign_page(
    campaign: Campaign, households: QuerySet[Household], place: Household | None, *, back: bool, areas: ScopeAreas
) -> CampaignPage:
    """One page of filtered households in order. Four statements."""
    rows = households if place is None else households.filter(_beyond(place, "lt" if back else "gt"))
    order = [f"-{name}" for name in ORDER] if back else ORDER
    pks = list(rows.order_by(*order).values_list("pk", flat=True)[: PAGE_ROWS + 1])
    has_more = len(pks) > PAGE_ROWS
    pks = pks[:PAGE_ROWS]
    if back:
        pks.reverse()
    has_before = has_more if back else place is not None
    has_after = True if back else has_more
    listed = show_listed(campaign, pks, areas.short_names)
    return CampaignPage(listed, pks[0] if pks and has_before else None, pks[-1] if pks and has_after else None)


def _beyond(place: Household, side: str) -> Q:
    """Behind (``gt``) or in front of (``lt``) a household in the order of the list.

    The first condition is what the index uses; the others cut off at most the rest of one village.
    """
    nearer = Q(**{f"village__{side}e": place.village})
    same = Q()
    beyond = Q()
    for name in ORDER:
        value = getattr(place, name)
        beyond |= same & Q(**{f"{name}__{side}": value})
        same &= Q(**{name: value})
    return nearer & beyond


def show_listed(campaign: Campaign, pks: list[int], places: dict[str, str]) -> list[Listed]:
    """The rows of some households in the order of their ids as given. Three statements."""
    among = Household.objects.filter(pk__in=pks)
    found: list[Any] = list(campaign_households(campaign, among=among).order_by(*ORDER))
    return [
        Listed(row, household.done_on, household.done_by)
        for row, household in zip(household_rows(found, places), found, strict=True)
    ]


def iterate_listed(
    campaign: Campaign, households: QuerySet[Household], places: dict[str, str], *, part: int = 500
) -> Iterator[Listed]:
    """All rows in order, part by part: memory does not grow with the list."""
    pks: list[int] = []
    for pk in households.order_by(*ORDER).values_list("pk", flat=True).iterator(part):
        pks.append(pk)
        if len(pks) == part:
            yield from show_listed(campaign, pks, places)
            pks = []
    yield from show_listed(campaign, pks, places)


def is_large(campaign: Campaign, *, among: QuerySet[Household] | None = None) -> bool:
    """Whether its area has more households than a page counts, or looks through for the few that are left."""
    rows = Household.objects.all() if among is None else among
    living = rows.filter(gone_on__isnull=True, **place_of(campaign)).order_by()
    return living[: COUNT_UP_TO + 1].count() > COUNT_UP_TO


def count_done(campaign: Campaign) -> tuple[int, int]:
    """How many households of the whole area are done, and how many are not: never by village or person."""
    rows = concerned(campaign)
    every, made = rows.order_by().count(), done(campaign, rows).order_by().count()
    return made, every - made


def village_of(campaign: Campaign, code: str, who: User) -> Area | None:
    """The village ``code`` if it lies in the campaign's area and in the scope of ``who``."""
    place = place_of(campaign)
    inside = Area.objects.filter(pk=code, level=Level.VILLAGE, **place).first()
    scope = who.scope
    if inside is None or scope is None or not scope.covers(inside.county, inside.township, inside.village):
        return None
    return inside
