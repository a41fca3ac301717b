"""The work calendar: what "three working days from now" means over holidays, make-up days and year ends."""

import datetime as dt

import pytest

from households.models import CalendarDay
from households.policy.calendar import CALENDAR, WORKING, WorkCalendar, known_years

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def calendar(db) -> WorkCalendar:
    """What ships with the system."""
    return WorkCalendar()


@pytest.mark.parametrize(
    ("text", "is_workday"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # a Saturday, made up
        ("2026-10-11", False),
        ("2026-09-20", True),  # a Sunday, made up
        ("2022-10-07", False),
        ("2022-10-08", True),  # Saturday and Sunday, both made up
        ("2022-10-09", True),
        ("2022-10-15", False),
    ],
)
def test_a_day_is_what_the_notice_says_and_otherwise_what_its_weekday_says(calendar, text, is_workday):
    assert calendar.is_workday(day(text)) is is_workday


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # Before National Day 2026: 8, 9 and the make-up Saturday 10 are the next working days.
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 2, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        # On the holiday itself, whichever day of it.
        ("2026-10-01", 1, "2026-10-08"),
        ("2026-10-07", 1, "2026-10-08"),
        # The make-up Saturday counts, the Sunday after it does not.
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-09", 2, "2026-10-12"),
        ("2026-10-10", 1, "2026-10-12"),
        # 2022: both days of the weekend after the holiday are made up.
        ("2022-09-30", 1, "2022-10-08"),
        ("2022-09-30", 2, "2022-10-09"),
        ("2022-09-30", 3, "2022-10-10"),
        ("2022-10-08", 1, "2022-10-09"),
        # A plain weekend.
        ("2026-07-03", 1, "2026-07-06"),
        ("2026-07-04", 1, "2026-07-06"),
        # Over the end of a year with its holiday, and over the ends of months.
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-01-30", 1, "2026-02-02"),
        ("2024-02-28", 1, "2024-02-29"),
        ("2025-02-28", 1, "2025-03-03"),
        # Nothing to wait for: the day itself.
        ("2026-07-03", 0, "2026-07-03"),
    ],
)
def test_working_days_are_counted_without_the_day_of_the_event(calendar, start, days, last):
    assert calendar.last_day(day(start), days, WORKING) == day(last)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # The third day is a working day: it stays, whatever lies between.
        ("2026-09-28", 1, "2026-09-29"),
        ("2026-07-02", 4, "2026-07-06"),
        # The last day on a day off moves to the next working day.
        ("2026-09-28", 3, "2026-10-08"),
        ("2026-09-30", 7, "2026-10-08"),
        ("2026-09-30", 8, "2026-10-08"),
        ("2026-07-01", 3, "2026-07-06"),
        # ... which a make-up Saturday is: here nothing moves; its Sunday moves.
        ("2026-10-07", 3, "2026-10-10"),
        ("2026-10-08", 3, "2026-10-12"),
        ("2022-10-05", 3, "2022-10-08"),
        ("2022-10-05", 2, "2022-10-08"),
        # The fifteen days of a blue one over the whole holiday.
        ("2026-09-25", 15, "2026-10-10"),
        ("2025-12-30", 3, "2026-01-04"),
        ("2024-02-26", 3, "2024-02-29"),
    ],
)
def test_calendar_days_end_on_a_working_day(calendar, start, days, last):
    assert calendar.last_day(day(start), days, CALENDAR) == day(last)


def test_a_year_without_entries_counts_weekends_only(calendar):
    # 2031-10-01 is a Wednesday; nobody has entered that year.
    assert 2031 not in known_years()
    assert calendar.is_workday(day("2031-10-01"))
    assert calendar.last_day(day("2031-09-30"), 3, WORKING) == day("2031-10-03")
    assert calendar.last_day(day("2031-09-30"), 4, CALENDAR) == day("2031-10-06")


def test_a_count_that_runs_into_a_year_without_entries_goes_on_by_weekends(calendar):
    newest = max(known_years())
    start = dt.date(newest, 12, 31)
    last = calendar.last_day(start, 3, WORKING)
    between = [start + dt.timedelta(days=number) for number in range(1, (last - start).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == 3


def test_the_years_that_ship_are_known(calendar):
    assert known_years() == [2020, 2021, 2022, 2023, 2024, 2025, 2026]
    CalendarDay.objects.create(day=day("2027-01-01"), is_workday=False, name="元旦")
    assert known_years()[-1] == 2027


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2026-10-08", "2026-09-30"),
        ("2026-10-12", "2026-10-10"),
        ("2026-10-10", "2026-10-09"),
        ("2026-01-04", "2025-12-31"),
        ("2026-07-06", "2026-07-03"),
    ],
)
def test_the_working_day_before_steps_over_days_off(calendar, text, before):
    assert calendar.workday_before(day(text)) == day(before)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-09-30", "2026-09-30", 0),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-09-30", "2026-10-10", 3),
        ("2026-10-10", "2026-09-30", -3),
    ],
)
def test_days_between_are_counted_after_the_first_and_with_the_last(calendar, start, end, days):
    assert calendar.workdays_between(day(start), day(end)) == days


def test_counting_asks_the_database_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = WorkCalendar()
        for number in range(200):
            calendar.last_day(day("2026-01-01"), number, WORKING)
