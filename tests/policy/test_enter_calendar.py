"""Entering the work calendar: new days, other days, no day that deadlines have counted on; all in the trail."""

import datetime as dt

import pytest
from django.utils import timezone

from households.models import AuditEntry, CalendarDay
from households.policy.calendar import WorkCalendar, known_years
from households.policy.calendar_entries import Entered, enter_days, remove_day
from households.policy.notice_lines import read_notice
from households.refusal import Refused
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 10, 5)
NOTICE = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假。2月20日上班。"


def enter(text: str, year: int = 2027, today: dt.date = TODAY) -> Entered:
    return enter_days(days=read_notice(text, year).days.values(), by=None, today=today)


def counted(on: dt.date, *, due_on=None, verify_by=None, closed=False):
    """An alert raised on a day, with a deadline."""
    alert = factories.alert(household=factories.household(), due_on=due_on, verify_by=verify_by, closed=closed)
    at = timezone.make_aware(dt.datetime.combine(on, dt.time(23, 30)))
    type(alert).objects.filter(pk=alert.pk).update(raised_at=at)


def test_a_year_is_entered_and_counts_at_once():
    assert enter(NOTICE) == Entered(new=11, changed=0, same=0)

    calendar = WorkCalendar()
    assert known_years()[-1] == 2027
    assert calendar.last_day(dt.date(2026, 12, 31), 1, "working") == dt.date(2027, 1, 4)
    assert calendar.last_day(dt.date(2027, 2, 19), 1, "working") == dt.date(2027, 2, 20)


def test_the_same_notice_again_changes_nothing_and_leaves_no_trace():
    enter(NOTICE)
    assert enter(NOTICE) == Entered(new=0, changed=0, same=11)
    assert AuditEntry.objects.filter(action="calendar_entered").count() == 1


def test_a_day_that_said_something_else_says_this_now():
    enter("2027-02-20, 班, 春节")
    assert enter("2027-02-20, 休, 春节") == Entered(new=0, changed=1, same=0)
    assert not WorkCalendar().is_workday(dt.date(2027, 2, 20))


def test_the_trail_names_each_day_and_what_it_was_before():
    enter("2027-02-20, 班, 春节")
    enter("2027-02-20, 休, 春节\n2027-02-21, 休, 春节")
    detail = AuditEntry.objects.filter(action="calendar_entered").latest("pk").detail
    assert detail == {
        "new": 1,
        "changed": 1,
        "days": "2027-02-21 休 春节; 2027-02-20 休 春节",
        "days_before": "2027-02-20 班 春节",
    }


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2027-02-19", True), ("2027-02-20", False), ("2027-02-21", False)]
)
def test_only_a_weekend_is_made_up_for(day, is_refused):
    if not is_refused:
        assert enter(f"{day}, 班, 春节").new == 1
        return
    with pytest.raises(Refused, match=day):
        enter(f"{day}, 班, 春节")
    assert not CalendarDay.objects.filter(day=day).exists()


# Raised on 29 September 2026 at half past eleven at night, due on 2 October.
@pytest.mark.parametrize(
    ("day", "is_refused"),
    [("09-28", False), ("09-29", True), ("09-30", True), ("10-02", True), ("10-03", False)],
)
@pytest.mark.parametrize("column", ["due_on", "verify_by"])
def test_a_past_day_that_deadlines_counted_on_is_not_changed(day, is_refused, column):
    counted(dt.date(2026, 9, 29), **{column: dt.date(2026, 10, 2)}, closed=column == "verify_by")
    CalendarDay.objects.filter(day=f"2026-{day}").delete()
    line = f"2026-{day}, 休, 国庆节"
    if not is_refused:
        assert enter(line, 2026).new == 1
        return
    with pytest.raises(Refused, match=f"2026-{day}"):
        enter(line, 2026)
    assert not CalendarDay.objects.filter(day=f"2026-{day}").exists()


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_today_and_what_comes_may_be_changed(days, is_refused):
    counted(TODAY - dt.timedelta(days=20), due_on=TODAY + dt.timedelta(days=20))
    day = TODAY + dt.timedelta(days=days)
    if not is_refused:
        assert remove_day(day=day, by=None, today=TODAY)
        return
    with pytest.raises(Refused):
        remove_day(day=day, by=None, today=TODAY)
    assert CalendarDay.objects.filter(day=day).exists()


def test_a_past_day_that_says_the_same_is_in_nobodys_way():
    counted(dt.date(2026, 9, 29), due_on=dt.date(2026, 10, 8))
    assert enter("2026-10-01, 休, 国庆节\n2026-10-11, 休, 国庆节", 2026) == Entered(new=1, changed=0, same=1)


def test_a_refused_day_takes_the_whole_notice_with_it():
    counted(dt.date(2026, 9, 29), due_on=dt.date(2026, 10, 8))
    with pytest.raises(Refused):
        enter("2026-09-30, 休, 国庆节\n2026-10-11, 休, 国庆节", 2026)
    assert not CalendarDay.objects.filter(day="2026-10-11").exists()


def test_a_day_taken_out_is_what_its_weekday_says_and_in_the_trail():
    assert remove_day(day=dt.date(2026, 10, 10), by=None, today=TODAY)
    assert not WorkCalendar().is_workday(dt.date(2026, 10, 10))
    entry = AuditEntry.objects.get(action="calendar_day_removed")
    assert (entry.subject_id, entry.detail) == ("2026", {"days_before": "2026-10-10 班 国庆节"})


def test_taking_out_what_is_not_there_changes_nothing():
    assert not remove_day(day=dt.date(2026, 10, 12), by=None, today=TODAY)
    assert not AuditEntry.objects.filter(action="calendar_day_removed").exists()
