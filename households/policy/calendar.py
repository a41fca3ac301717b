"""The work calendar: holidays, make-up Saturdays, and what "three working days from now" means.

A year of which no day is in the table counts weekends only; the home page says so.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models.functions import ExtractYear

from households.policy.models import CalendarDay

CALENDAR, WORKING = "calendar", "working"
DAY = timedelta(days=1)
SATURDAY = 5


class WorkCalendar:
    """Days that are not what their weekday says. One query when made; counting asks nobody."""

    def __init__(self, days: Iterable[tuple[date, bool]] | None = None):
        rows = CalendarDay.objects.values_list("day", "is_workday") if days is None else days
        self.special: dict[date, bool] = dict(rows)

    def is_workday(self, day: date) -> bool:
        return self.special.get(day, day.weekday() < SATURDAY)

    def next_workday(self, day: date) -> date:
        """``day`` itself, or the first working day after it."""
        while not self.is_workday(day):
            day += DAY
        return day

    def workday_before(self, day: date) -> date:
        """The last working day before ``day``."""
        day -= DAY
        while not self.is_workday(day):
            day -= DAY
        return day

    def last_day(self, start: date, days: int, unit: str) -> date:
        """The last day of a span. ``start`` does not count; a last day on a day off moves to the next working day.

        ``unit``: ``CALENDAR`` (日历日) or ``WORKING`` (工作日).
        """
        if unit == CALENDAR:
            return self.next_workday(start + timedelta(days=days))
        day = start
        for _counted in range(days):
            day = self.next_workday(day + DAY)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_workday(day))


def known_years() -> list[int]:
    """Years of which holidays are in the table, in order."""
    # The model's own order would make each day distinct.
    years = CalendarDay.objects.annotate(year=ExtractYear("day")).order_by("year").values_list("year", flat=True)
    return list(years.distinct())
