"""What is clearly worse than what was closed reopens the same alert, in the quiet days or for its own month."""

import pytest

from alerts.models import Alert
from alerts.travel.raising import Quiet, Raised
from households.models import Event
from tests.noise.conftest import JULY, JUNE, close, find, open_alerts

pytestmark = pytest.mark.django_db
REOPENED, KEPT_QUIET = Raised(0, 0, reopened=1), Raised(0, 0, quiet=1)


@pytest.mark.parametrize(
    ("now", "what"),
    [(4806, KEPT_QUIET), (4800, REOPENED), (4794, REOPENED), (7194, KEPT_QUIET), (7206, KEPT_QUIET)],
)
def test_a_fifth_less_is_worse_where_lower_is_worse(household, now, what):
    close(household, values={"net_per_head": 6000})

    assert find(household, net_per_head=now) == what


@pytest.mark.parametrize(
    ("now", "what"), [(7194, KEPT_QUIET), (7200, REOPENED), (7206, REOPENED), (4800, KEPT_QUIET)]
)
def test_a_fifth_more_is_worse_where_higher_is_worse(household, now, what):
    close(household, kind="MED01", values={"inpatient_year": 6000})

    assert find(household, kind="MED01", inpatient_year=now) == what


@pytest.mark.parametrize(("was", "now", "what"), [(-1000, -1199, KEPT_QUIET), (-1000, -1200, REOPENED)])
def test_a_negative_income_gets_worse_by_its_own_size(household, was, now, what):
    close(household, values={"net_per_head": was})

    assert find(household, net_per_head=now) == what


@pytest.mark.parametrize(("now", "what"), [(0, KEPT_QUIET), (1, REOPENED)])
def test_of_nothing_anything_is_more(household, now, what):
    close(household, kind="EDU02", level="red", values={"dropouts_listed": 0})

    assert find(household, kind="EDU02", level="red", dropouts_listed=now) == what


@pytest.mark.parametrize(("was", "now"), [(None, 1), (6000, None), ("C", "D"), (True, False)])
def test_what_is_unknown_or_no_number_is_not_compared(household, was, now):
    close(household, values={"net_per_head": was})

    assert find(household, net_per_head=now) == KEPT_QUIET


@pytest.mark.parametrize(
    ("was", "now", "what"),
    [("yellow", "red", REOPENED), ("blue", "yellow", REOPENED), ("red", "yellow", KEPT_QUIET)],
)
def test_a_higher_level_is_worse_whatever_the_value_is(household, was, now, what):
    close(household, level=was, values={"net_per_head": None})

    assert find(household, level=now, net_per_head=None) == what


def test_without_the_share_only_the_level_counts(household):
    close(household, values={"net_per_head": 6000})
    quiet = Quiet(days_dismissed=90, days_handled=180)

    assert find(household, net_per_head=100, quiet=quiet) == KEPT_QUIET
    assert find(household, net_per_head=100, level="red", quiet=quiet) == REOPENED


def test_the_closed_alert_itself_is_open_again_with_nothing_decided(household, cast):
    closed = close(household, values={"net_per_head": 6000}, reason="able", assignee=cast.specialist)

    find(household, net_per_head=4000)

    (alert,) = open_alerts(household)
    assert (alert.pk, alert.status, alert.holder, alert.assignee) == (closed.pk, "raised", "county", None)
    assert (alert.verdict, alert.outcome, alert.reason, alert.risks, alert.verified_at) == ("", "", "", None, None)
    assert (alert.values, alert.last_month, alert.months_found) == ({"net_per_head": 4000}, JULY, 2)
    event = Event.objects.get(subject="alert", subject_id=alert.pk)
    assert (event.kind, event.status_before, event.status_after, event.run_id) == (
        "alert_reopened",
        "closed",
        "raised",
        7,
    )
    assert event.detail == {"why": {"was": 6000, "now": 4000}}


def test_new_evidence_of_the_same_month_reopens_only_what_is_clearly_worse(household):
    close(household, days_ago=400, values={"net_per_head": 6000})

    assert find(household, month=JUNE, net_per_head=5999) == KEPT_QUIET
    assert find(household, month=JUNE, net_per_head=4000) == REOPENED


@pytest.mark.parametrize(("was", "now", "what"), [(1, 1, KEPT_QUIET), (1, 2, REOPENED), (None, 1, REOPENED)])
def test_another_visit_of_the_month_that_finds_it_again_reopens_it(household, was, now, what):
    """None: a specialist's report had raised it, and no visit was counted."""
    close(household, kind="VISIT.illness", values={"visits": was} if was else {})

    assert find(household, kind="VISIT.illness", month=JUNE, visits=now) == what


def test_an_earlier_month_says_nothing_however_bad_it_was(household):
    close(household, last_month=JULY, values={"net_per_head": 6000})

    assert find(household, month=JUNE, level="red", net_per_head=1) == KEPT_QUIET


def test_the_same_finding_again_refreshes_what_was_reopened(household):
    close(household, values={"net_per_head": 6000})
    find(household, net_per_head=4000)

    assert find(household, net_per_head=4000, run_id=8) == Raised(0, 1)
    assert Alert.objects.count() == 1
