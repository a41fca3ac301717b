"""A closed alert keeps the same cause quiet for a while: how long, and for whom."""

import datetime as dt

import pytest

from alerts.models import Alert
from alerts.travel.raising import Quiet, Raised
from monitoring.models import Finding
from tests import factories
from tests.judgment.conftest import judge  # noqa: F401  the judgment itself, for the way through
from tests.noise.conftest import JULY, JUNE, close, find, open_alerts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "raised"), [(89, 0), (90, 0), (91, 1)])
def test_what_was_found_to_be_no_risk_is_quiet_for_ninety_days(household, days, raised):
    close(household, days_ago=days)

    assert find(household) == Raised(raised, 0, quiet=1 - raised)
    assert len(open_alerts(household)) == raised


@pytest.mark.parametrize(("days", "raised"), [(179, 0), (180, 0), (181, 1)])
@pytest.mark.parametrize("outcome", ["measures", "watch", "to_identify", "duplicate"])
def test_what_was_dealt_with_is_quiet_for_a_hundred_and_eighty(household, days, raised, outcome):
    close(household, days_ago=days, verdict="confirmed", outcome=outcome)

    assert find(household).raised == raised


@pytest.mark.parametrize(("verdict", "outcome"), [("no_risk", "watch"), ("confirmed", "no_risk"), ("", "no_risk")])
def test_no_risk_counts_whoever_said_so(household, verdict, outcome):
    close(household, days_ago=91, verdict=verdict, outcome=outcome)

    assert find(household).raised == 1


def test_without_a_threshold_nothing_is_kept_quiet_not_even_today(household):
    close(household, days_ago=0)

    assert find(household, quiet=Quiet()).raised == 1


def test_another_cause_and_another_household_are_heard(household):
    close(household)

    assert find(household, kind="INC03").raised == 1
    assert find(factories.household()).raised == 1


def test_what_was_withdrawn_keeps_nothing_quiet(household):
    close(household, status="withdrawn")

    assert find(household).raised == 1


@pytest.mark.parametrize("kind", ["ACC01", "DIS01", "CIV01", "DSB01", "EMP01", "MED07"])
def test_a_happening_that_is_new_each_month_is_heard_at_once(household, kind):
    close(household, kind=kind)

    assert find(household, kind=kind).raised == 1


def test_even_a_new_happening_stands_once_for_its_own_month(household):
    close(household, kind="ACC01", values={"accidents": 1})

    assert find(household, kind="ACC01", month=JUNE, accidents=1) == Raised(0, 0, quiet=1)


@pytest.mark.parametrize(("month", "raised"), [(dt.date(2022, 12, 1), 0), (dt.date(2023, 1, 1), 1)])
def test_a_sum_of_the_year_starts_again_with_the_next(household, month, raised):
    close(household, kind="MED01", values={"inpatient_year": 9000})

    assert find(household, kind="MED01", month=month, inpatient_year=5500).raised == raised


def test_a_state_does_not_start_again_with_the_year(household):
    close(household, values={"net_per_head": 6000})

    assert find(household, month=dt.date(2023, 1, 1), net_per_head=6000).raised == 0


def test_the_newest_closed_alert_speaks_not_an_older_one(household):
    close(household, days_ago=400)
    close(household, days_ago=10, last_month=JULY)

    assert find(household, month=dt.date(2022, 8, 1)).raised == 0


@pytest.mark.parametrize(("days", "open_again"), [(30, 0), (91, 1)])
def test_a_run_asks_the_thresholds_that_it_copied(judge, household, days, open_again):  # noqa: F811
    factories.income(household=household, amount="6000", month=JUNE)
    judge(JUNE)
    Alert.objects.all().delete()
    close(household, days_ago=days, values={"net_per_head": 6000})
    run = judge(JULY)

    assert run.thresholds["quiet_days_dismissed"]["value"] == "90.0000"
    assert len(open_alerts(household)) == open_again
    assert (Finding.objects.get(run=run, household=household).alert is None) == (not open_again)
