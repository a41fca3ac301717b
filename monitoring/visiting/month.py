"""A month of visits: how many there were on each day, and to which households."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from households.models import CalendarDay
from households.policy.calendar import SATURDAY
from households.policy.calendar_year import MADE_UP, OFF, PLAIN, WEEKEND

# Of one village; a day has seldom more, and the list behind the day has them all.
NAMES_SHOWN = 6


@dataclass(frozen=True)
class VisitDay:
    """One day. ``kind``: as the work calendar marks it. ``names``: heads of households, where they are few enough
    to be told; ``more``: how many are left out.
    """

    day: date
    kind: str
    holiday: str
    is_today: bool
    visits: int
    households: int
    names: list[tuple[int, str]]

    @property
    def more(self) -> int:
        return self.households - len(self.names) if self.names else 0


@dataclass(frozen=True)
class VisitMonth:
    """``weeks``: Monday to Sunday; None where a day belongs to another month."""

    first: date
    weeks: list[list[VisitDay | None]]
    visits: int

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def visit_month(visits: QuerySet, first: date, today: date, *, with_names: bool) -> VisitMonth:
    """``visits``: scoped and narrowed to a place. Three queries at most."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    last = max(day for week in weeks for day in week if day.month == first.month)
    visits = visits.filter(visited_on__range=(first, last)).order_by()
    counted = {
        row["visited_on"]: row
        for row in visits.values("visited_on").annotate(
            visits=Count("pk"), homes=Count("household", distinct=True)
        )
    }
    special = {row.day: row for row in CalendarDay.objects.filter(day__range=(first, last))}
    names = _names(visits) if with_names else {}

    def show(day: date) -> VisitDay:
        row = counted.get(day, {"visits": 0, "homes": 0})
        kind, holiday = _kind(day, special.get(day))
        return VisitDay(day, kind, holiday, day == today, row["visits"], row["homes"], names.get(day, []))

    cells = [[show(day) if day.month == first.month else None for day in week] for week in weeks]
    return VisitMonth(first, cells, sum(row["visits"] for row in counted.values()))


def _kind(day: date, special: CalendarDay | None) -> tuple[str, str]:
    if special is not None:
        return (MADE_UP if special.is_workday else OFF), special.name
    return (WEEKEND if day.weekday() >= SATURDAY else PLAIN), ""


def _names(visits: QuerySet) -> dict[date, list[tuple[int, str]]]:
    """The first households of each day, each once."""
    found: dict[date, dict[int, str]] = {}
    for day, pk, name in _visited(visits):
        homes = found.setdefault(day, {})
        if len(homes) < NAMES_SHOWN:
            homes.setdefault(pk, name)
    return {day: list(homes.items()) for day, homes in found.items()}


def _visited(visits: QuerySet) -> Iterator[tuple[date, int, str]]:
    rows = visits.values_list("visited_on", "household_id", "household__head_name")
    return rows.order_by("visited_on", "pk").iterator()
