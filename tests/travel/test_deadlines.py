"""When each step is due, over National Day, too; and how the clocks of one alert stand."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.kinds import AlertLevel
from alerts.models import Alert
from alerts.sla import STEPS
from alerts.travel.deadlines import Step, countdown, due_days
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from alerts.travel.tasks import watch_deadlines
from households.ledger.services import record_event
from households.models import Event, Posting
from households.policy.calendar import WorkCalendar
from tests import factories
from tests.conftest import VILLAGES

pytestmark = pytest.mark.django_db


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_there_is_a_day_for_each_step_and_level():
    due = due_days(day("2026-09-30"), WorkCalendar())
    assert set(due) == {(status, level) for status, levels in STEPS.items() for level in levels}
    assert {level for _status, level in due} == set(AlertLevel.values)


@pytest.mark.parametrize(
    ("start", "step", "due"),
    [
        # Red: three calendar days from Monday end on Thursday 1 October, a day off: they end on the 8th.
        ("2026-09-28", ("acknowledged", "red"), "2026-10-08"),
        ("2026-09-27", ("acknowledged", "red"), "2026-09-30"),
        # Yellow: seven days from 3 October end on the make-up Saturday; a day later on Sunday, moved to Monday.
        ("2026-10-03", ("acknowledged", "yellow"), "2026-10-10"),
        ("2026-10-04", ("acknowledged", "yellow"), "2026-10-12"),
        # Blue: fifteen days from 25 September end on the make-up Saturday.
        ("2026-09-25", ("acknowledged", "blue"), "2026-10-10"),
        # Working days: 8, 9, 10 October are the first three after National Day.
        ("2026-09-30", ("raised", "red"), "2026-10-08"),
        ("2026-09-30", ("verified", "yellow"), "2026-10-09"),
        ("2026-09-30", ("reviewed", "yellow"), "2026-10-10"),
        ("2026-09-30", ("reviewed", "blue"), "2026-10-13"),
        # To be acknowledged by the next day, which is off.
        ("2026-09-30", ("dispatched", "red"), "2026-10-08"),
    ],
)
def test_deadlines_over_national_day(start, step, due):
    assert due_days(day(start))[step] == day(due)


def test_a_calendar_in_hand_is_asked_instead_of_the_database(django_assert_num_queries):
    calendar = WorkCalendar()
    with django_assert_num_queries(0):
        due_days(day("2026-09-30"), calendar)


@pytest.fixture
def clock(monkeypatch):
    """``clock("2026-09-28")``: it is nine in the morning of that day."""

    def _clock(text: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromisoformat(f"{text}T09:00:00+08:00"))

    return _clock


@pytest.fixture
def alert(cast, clock) -> Alert:
    clock("2026-09-14")
    alert = factories.alert(household=factories.household(), level="yellow")
    record_event(kind="alert_raised", subject="alert", subject_id=alert.pk, place=alert, status_after="raised")
    return alert


@pytest.fixture
def move(cast, alert, clock):
    def _move(who: str, code: str, given: Given | None = None, *, on: str) -> None:
        clock(on)
        make_move(alert_id=alert.pk, move=code, given=given, by=Mover.of_user(cast.members[who]))
        alert.refresh_from_db()

    return _move


def steps_of(alert: Alert, today: str) -> list[Step]:
    events = Event.objects.filter(subject="alert", subject_id=alert.pk)
    return countdown(alert, events, today=day(today), calendar=WorkCalendar())


def test_each_step_says_when_it_began_when_it_was_due_and_when_it_was_done(alert, move):
    move("staff", "dispatch", Given(to="village"), on="2026-09-28")
    move("specialist", "acknowledge", on="2026-09-29")

    steps = {step.status: step for step in steps_of(alert, "2026-09-30")}

    assert list(steps) == ["raised", "dispatched", "acknowledged", "verifying"]
    sent = steps["dispatched"]
    assert (sent.begun, sent.due, sent.done) == (day("2026-09-28"), day("2026-09-30"), day("2026-09-29"))
    assert (sent.calendar_days, sent.working_days, sent.is_late) == (1, 1, False)
    open_step = steps["acknowledged"]
    assert (open_step.begun, open_step.done) == (day("2026-09-29"), None)


@pytest.mark.parametrize(
    ("today", "calendar_days", "working_days", "days_late"),
    [
        ("2026-09-29", 9, 2, 0),
        ("2026-09-30", 8, 1, 0),
        ("2026-10-07", 1, 1, 0),
        ("2026-10-08", 0, 0, 0),
        ("2026-10-09", -1, -1, 1),
        ("2026-10-12", -4, -3, 4),
    ],
)
def test_days_left_and_days_overdue_are_counted_both_ways(
    alert, move, today, calendar_days, working_days, days_late
):
    move("staff", "dispatch", Given(to="village"), on="2026-09-28")

    whole = steps_of(alert, today)[-1]

    # Seven days from 28 September end on 5 October: moved to the 8th.
    assert (whole.status, whole.due, whole.done) == ("verifying", day("2026-10-08"), None)
    assert (whole.calendar_days, whole.working_days, whole.days_late) == (calendar_days, working_days, days_late)
    assert whole.is_late is (days_late > 0)


def test_a_step_that_was_done_late_stays_late(alert, move):
    move("staff", "dispatch", Given(to="village"), on="2026-09-28")
    move("specialist", "acknowledge", on="2026-10-09")
    sent = next(step for step in steps_of(alert, "2026-12-01") if step.status == "dispatched")
    assert (sent.is_late, sent.days_late) == (True, 9)


def test_after_closing_there_is_no_step_under_way(alert, move):
    for who, code, given, on in [
        ("staff", "dispatch", Given(to="village"), "2026-09-14"),
        ("specialist", "acknowledge", None, "2026-09-14"),
        ("specialist", "verify", Given(verdict="no_risk", reason="solved"), "2026-09-15"),
        ("township", "review", None, "2026-09-16"),
        ("staff", "close", Given(outcome="no_risk"), "2026-09-17"),
    ]:
        move(who, code, given, on=on)

    steps = steps_of(alert, "2026-12-01")

    assert [step.status for step in steps] == [
        "raised",
        "dispatched",
        "acknowledged",
        "verified",
        "reviewed",
        "verifying",
    ]
    assert all(step.done for step in steps)
    assert not any(step.is_late for step in steps)


def test_the_county_and_the_township_each_have_their_own_time_to_pass_it_on(alert, move):
    move("staff", "dispatch", Given(to="township"), on="2026-09-14")
    move("township", "dispatch", Given(to="village"), on="2026-09-15")

    steps = [step for step in steps_of(alert, "2026-09-15") if step.status == "dispatched"]

    assert [(step.begun, step.done) for step in steps] == [
        (day("2026-09-14"), day("2026-09-15")),
        (day("2026-09-15"), None),
    ]


def test_counting_down_asks_nobody(alert, move, django_assert_num_queries):
    move("staff", "dispatch", Given(to="village"), on="2026-09-28")
    events = list(Event.objects.filter(subject="alert", subject_id=alert.pk))
    calendar = WorkCalendar()
    with django_assert_num_queries(0):
        assert countdown(alert, events, today=day("2026-09-30"), calendar=calendar)


def test_the_sweep_hands_on_what_a_leaver_had_before_it_reminds_anybody(cast):
    Posting.objects.filter(user=cast.specialist, area_id=VILLAGES[0]).update(valid_until=day("2020-12-31"))
    factories.alert(
        household=factories.household(),
        holder="village",
        status="dispatched",
        assignee=cast.specialist,
        due_on=day("2020-12-31"),
        verify_by=day("2020-12-31"),
    )
    assert watch_deadlines() == {"rehomed": 1, "reminded": 0, "escalated": 1}
    assert watch_deadlines() == {"rehomed": 0, "reminded": 0, "escalated": 0}
