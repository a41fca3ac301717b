"""What becomes more urgent while it is open has no more time than a new alert of that level; the others do."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.deadlines import due_days
from alerts.travel.dispatching import dispatch_raised
from tests import factories

pytestmark = pytest.mark.django_db
RUN = 77
TOWNSHIP = "420527103"


@pytest.fixture(autouse=True)
def plain_wednesday():
    """Before a holiday a red deadline and a yellow one may fall on the same day."""
    with time_machine.travel(dt.datetime(2026, 7, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        yield


@pytest.fixture
def found_again(cast):
    """An alert that run 77 found again, with deadlines of a yellow one that was dispatched yesterday."""

    def _found_again(level: str, status: str, **fields) -> Alert:
        yesterday = due_days(timezone.localdate() - dt.timedelta(days=1))
        step = {"due_on": yesterday[status, "yellow"], "verify_by": yesterday["acknowledged", "yellow"]}
        return factories.alert(
            household=factories.household(),
            level=level,
            status=status,
            **({"holder": "village", "last_run": RUN} | step | fields),
        )

    return _found_again


def settled(alert: Alert) -> Alert:
    dispatch_raised(county="420527", township=TOWNSHIP, run_id=RUN)
    alert.refresh_from_db()
    return alert


@pytest.mark.parametrize("status", ["dispatched", "acknowledged", "verified"])
def test_a_red_one_has_the_time_of_a_red_one_from_today_at_most(found_again, status):
    alert = found_again("red", status)
    before = alert.due_on
    red = due_days(timezone.localdate())
    after = settled(alert)
    assert (after.due_on, after.verify_by) == (min(before, red[status, "red"]), red["acknowledged", "red"])


def test_it_is_reminded_of_anew(found_again):
    alert = found_again("red", "acknowledged", reminded_on=timezone.localdate())
    assert settled(alert).reminded_on is None


@pytest.mark.parametrize(("level", "run"), [("yellow", RUN), ("blue", RUN), ("red", RUN - 1)])
def test_what_did_not_become_more_urgent_in_this_run_keeps_its_days(found_again, level, run):
    alert = found_again(level, "acknowledged", last_run=run, reminded_on=timezone.localdate())
    before = (alert.due_on, alert.verify_by, alert.reminded_on)
    after = settled(alert)
    assert (after.due_on, after.verify_by, after.reminded_on) == before


def test_one_that_nobody_was_sent_yet_gets_no_day_of_verification(found_again):
    alert = found_again("red", "raised", holder="county", verify_by=None)
    assert settled(alert).verify_by is None
