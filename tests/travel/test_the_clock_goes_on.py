"""Sent to and fro an alert wins no time: what is overdue stays overdue until somebody acts on it."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from alerts.travel.reminding import escalate_overdue
from tests import factories
from tests.conftest import VILLAGES

pytestmark = pytest.mark.django_db

# A plain Monday. Yellow: acknowledged by Wednesday, verified by the Monday after.
DISPATCHED_ON, DUE, VERIFY_BY = (dt.date(2026, 7, day) for day in (6, 8, 13))


@pytest.fixture
def at(monkeypatch):
    """``at(DUE)``: it is nine in the morning of that day, and the sweep has been."""

    def _at(day: dt.date) -> None:
        moment = dt.datetime.combine(day, dt.time(9), tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: moment)
        escalate_overdue(today=day)

    return _at


@pytest.fixture
def move(cast):
    def _move(alert: Alert, who: str, code: str, **given) -> Alert:
        return make_move(alert_id=alert.pk, move=code, given=Given(**given), by=Mover.of_user(cast.members[who]))

    return _move


@pytest.fixture
def alert(cast, at, move) -> Alert:
    at(DISPATCHED_ON)
    alert = factories.alert(household=factories.household(village=VILLAGES[0]), level="yellow")
    sent = move(alert, "staff", "dispatch", to="village")
    assert (sent.due_on, sent.verify_by) == (DUE, VERIFY_BY)
    return sent


def day(number: int) -> dt.date:
    return dt.date(2026, 7, number)


@pytest.mark.parametrize("today", [day(7), DUE, day(9), VERIFY_BY, day(14)])
def test_handed_back_it_is_due_when_it_was(alert, move, at, today):
    at(today)
    assert move(alert, "specialist", "refuse", note="不是本村的").due_on == DUE


@pytest.mark.parametrize("today", [day(7), DUE, day(9), VERIFY_BY, day(14)])
def test_transferred_it_is_due_when_it_was(alert, move, at, today):
    at(today)
    moved = move(alert, "township", "transfer", village=VILLAGES[1], note="住在那里")
    assert (moved.holder, moved.due_on, moved.verify_by) == ("village", DUE, VERIFY_BY)


@pytest.mark.parametrize(("today", "due_on"), [(7, 9), (8, 10), (9, 8), (13, 8), (14, 8)])
def test_sent_down_again_in_time_it_has_its_steps_days_and_overdue_it_stays_overdue(
    alert, move, at, today, due_on
):
    at(day(today))
    move(alert, "specialist", "refuse", note="不是本村的")

    again = move(alert, "township", "dispatch", to="village")

    assert (again.due_on, again.verify_by) == (day(due_on), VERIFY_BY)


@pytest.mark.parametrize(("today", "due_on"), [(10, 13), (11, 13), (12, 13), (13, 13), (14, 13), (20, 13)])
def test_no_step_goes_beyond_the_verification_as_a_whole(alert, move, at, today, due_on):
    move(alert, "specialist", "acknowledge")
    at(day(today))

    back = move(alert, "specialist", "refuse", note="不是本村的")
    again = move(alert, "township", "dispatch", to="village")

    assert (back.due_on, again.due_on) == (day(due_on), day(due_on))


def test_handed_back_after_it_was_acknowledged_the_township_has_no_more_days_than_for_a_new_one(alert, move, at):
    move(alert, "specialist", "acknowledge")

    assert move(alert, "specialist", "refuse", note="不是本村的").due_on == DUE


def test_two_levels_that_bounce_it_stay_overdue_and_escalated(alert, move, at):
    at(day(9))
    for _time in range(3):
        move(alert, "specialist", "refuse", note="不是本村的")
        again = move(alert, "township", "dispatch", to="village")
        assert (again.due_on, again.escalated_to) == (DUE, "township")
    at(day(13))
    alert.refresh_from_db()
    assert alert.escalated_to == "county"


def test_acknowledged_in_time_it_is_escalated_afresh(alert, move, at):
    at(day(9))
    alert.refresh_from_db()
    assert alert.escalated_to == "township"

    taken = move(alert, "specialist", "acknowledge")

    assert (taken.due_on, taken.escalated_to) == (VERIFY_BY, "")


@pytest.mark.parametrize(("today", "escalated_to"), [(12, ""), (13, ""), (14, "county")])
def test_acknowledged_after_the_last_day_of_the_verification_it_stays_escalated(
    alert, move, at, today, escalated_to
):
    at(day(9))
    at(day(today))
    taken = move(alert, "specialist", "acknowledge")
    assert (taken.due_on, taken.escalated_to) == (VERIFY_BY, escalated_to)


def test_handed_up_twice_between_two_sweeps_the_administrators_are_told(alert, move, at):
    at(day(9))
    move(alert, "specialist", "refuse", note="不是本村的")
    move(alert, "township", "refuse", note="不是本镇的")

    escalate_overdue(today=day(9))

    alert.refresh_from_db()
    assert (alert.holder, alert.due_on, alert.escalated_to) == ("county", DUE, "county")
