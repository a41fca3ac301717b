"""A year of the work calendar at a glance: twelve months of weeks, and its holidays in words."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from households.policy.calendar import DAY, SATURDAY
from households.policy.models import CalendarDay

OFF, MADE_UP, WEEKEND, PLAIN = "off", "made_up", "weekend", ""


@dataclass(frozen=True)
class Cell:
    """One day of a month's table."""

    day: date
    kind: str
    name: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    """``weeks``: Monday to Sunday; None where a day belongs to another month."""

    first: date
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class Stretch:
    """Days one after the other that say the same, with the same name."""

    name: str
    is_workday: bool
    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Year:
    months: list[Month]
    stretches: list[Stretch]

    @property
    def is_known(self) -> bool:
        return bool(self.stretches)


def calendar_year(year: int, today: date) -> Year:
    """One query."""
    special = {row.day: row for row in CalendarDay.objects.filter(day__year=year)}
    weeks = calendar.Calendar()
    months = [
        Month(
            date(year, month, 1),
            [
                [_cell(day, special.get(day), today) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]
    return Year(months, _stretches(special[day] for day in sorted(special)))


def _cell(day: date, special: CalendarDay | None, today: date) -> Cell:
    if special is not None:
        return Cell(day, MADE_UP if special.is_workday else OFF, special.name, day == today)
    return Cell(day, WEEKEND if day.weekday() >= SATURDAY else PLAIN, "", day == today)


def _stretches(days: Iterable[CalendarDay]) -> list[Stretch]:
    found: list[Stretch] = []
    for row in days:
        before = found[-1] if found else None
        if before and (before.name, before.is_workday, before.last + DAY) == (row.name, row.is_workday, row.day):
            found[-1] = Stretch(row.name, row.is_workday, before.first, row.day)
        else:
            found.append(Stretch(row.name, row.is_workday, row.day, row.day))
    return found
