"""Households due for a visit, soonest first, page by page: households, never persons, and no counts of a place."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from households.models import Household, User
from monitoring.visiting.due import REASONS, SOON_DAYS, Due, DueLevel, DueState, due_from, reason_parameters
from monitoring.visiting.listing import Position

PAGE_ROWS = 50

# Who may be due at all: an alert is open, or the household was monitored at some time. Each half walks the index
# of the place; only these are asked when they were visited last.
CANDIDATES = """
    SELECT household.id FROM households_household AS household
    WHERE household.{level} = ANY(%(codes)s) AND household.gone_on IS NULL AND EXISTS (
        SELECT FROM alerts_alert AS alert
        WHERE alert.household_id = household.id AND alert.{level} = ANY(%(codes)s) AND alert.closed_at IS NULL)
    UNION
    SELECT household.id FROM households_household AS household
    WHERE household.{level} = ANY(%(codes)s) AND household.gone_on IS NULL AND EXISTS (
        SELECT FROM households_householdfact AS fact
        WHERE fact.household_id = household.id AND fact.category <> '' AND fact.replaced_in_id IS NULL)
"""
LISTED = """
    SELECT found.* FROM ({reasons}) AS found
    WHERE found.due_on BETWEEN %(first)s AND %(last)s
      AND (%(of_level)s = '' OR found.level = %(of_level)s) {position}
    ORDER BY found.due_on {order}, found.id {order} LIMIT %(limit)s
"""
FOREVER = (date(1900, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True)
class DueRow:
    household: Household
    due: Due
    place: str
    # Days since it was due; 0 for one that is not overdue.
    days_over: int

    @property
    def level_label(self) -> str:
        return str(DueLevel(self.due.level).label)


@dataclass(frozen=True)
class DuePage:
    """Rows soonest first; positions for ``after`` and ``before``, None at an end."""

    rows: list[tuple[int, Due]]
    previous: Position | None
    following: Position | None


def read_due(
    *,
    level: str,
    codes: tuple[str, ...],
    today: date,
    state: str = "",
    of_level: str = "",
    position: Position | None = None,
    backwards: bool = False,
    rows: int = PAGE_ROWS,
) -> DuePage:
    """``level`` and ``codes``: the place, checked to lie in the scope of whoever asks; a township at most.

    ``state`` "": what is due or overdue. ``position``: behind it, or ``backwards`` before it.
    """
    first, last = _days(state, today)
    comparison = "" if position is None else "AND (found.due_on, found.id) {} (%(day)s, %(pk)s)"
    sql = LISTED.format(
        reasons=REASONS.format(asked=CANDIDATES.format(level=level)),
        position=comparison.format("<" if backwards else ">"),
        order="DESC" if backwards else "ASC",
    )
    parameters = reason_parameters(today) | {
        "codes": list(codes),
        "first": first,
        "last": last,
        "of_level": of_level,
        "limit": rows + 1,
        "day": position and position.day,
        "pk": position and position.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = [(row[0], due_from(row, today)) for row in cursor.fetchall()]
    return _page(found, rows, position, backwards)


def _page(found: list[tuple[int, Due]], rows: int, position: Position | None, backwards: bool) -> DuePage:
    has_more = len(found) > rows
    shown = found[:rows][::-1] if backwards else found[:rows]
    if not shown:
        return DuePage([], None, None)
    first, last = _position(shown[0]), _position(shown[-1])
    if backwards:
        return DuePage(shown, first if has_more else None, last)
    return DuePage(shown, first if position else None, last if has_more else None)


def _position(row: tuple[int, Due]) -> Position:
    pk, due = row
    return Position(due.due_on or FOREVER[1], pk)


def _days(state: str, today: date) -> tuple[date, date]:
    """The due days that a state means, both included."""
    soon = today + timedelta(days=SOON_DAYS)
    spans = {
        DueState.OVERDUE: (FOREVER[0], today - timedelta(days=1)),
        DueState.DUE: (today, soon),
        DueState.LATER: (soon + timedelta(days=1), FOREVER[1]),
    }
    return spans[DueState(state)] if state else (FOREVER[0], soon)


def show_due(page: DuePage, places: dict[str, str], today: date, who: User) -> list[DueRow]:
    """The households of a page that ``who`` may see, in its order. One query."""
    households = Household.objects.visible_to(who).in_bulk([pk for pk, _due in page.rows])
    return [
        DueRow(households[pk], due, places.get(households[pk].village, ""), _days_over(due, today))
        for pk, due in page.rows
        if pk in households
    ]


def _days_over(due: Due, today: date) -> int:
    return max((today - due.due_on).days, 0) if due.due_on else 0
