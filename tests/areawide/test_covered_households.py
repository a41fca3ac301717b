"""A household whose village has an open alert of an area event raises none of its own for the same risk."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.raising import Raised
from households.models import ListEntry
from monitoring.models import Finding
from tests import factories
from tests.areawide.conftest import DRY, alert_of
from tests.judgment.conftest import judge  # noqa: F401
from tests.noise.conftest import close, find, open_alerts

pytestmark = pytest.mark.django_db
JUNE = dt.date(2022, 6, 1)
COVERED, RAISED = Raised(0, 0, covered=1), Raised(1, 0)


@pytest.fixture
def household(db):
    return factories.household(members=1)


def test_it_is_covered(declare, household):
    declare()

    assert find(household, kind="DIS01") == COVERED
    assert open_alerts(household) == []


def test_another_risk_and_another_village_are_heard(declare, household):
    declare()

    assert find(household, kind="ACC01") == RAISED
    assert find(factories.household(village=DRY), kind="DIS01") == RAISED


def test_what_a_visit_found_is_heard_for_that_is_what_the_list_is_for(declare, household):
    declare()

    assert find(household, kind="VISIT.disaster", visits=1) == RAISED


def test_one_that_has_an_alert_of_its_own_keeps_it(declare, household):
    find(household, kind="DIS01")
    declare()

    assert find(household, kind="DIS01") == Raised(0, 1)


def test_what_was_closed_is_not_reopened_while_it_is_covered(declare, household):
    close(household, kind="DIS01", values={"disasters": 1})
    declare()

    assert find(household, kind="DIS01", level="red", disasters=3) == COVERED


def test_where_the_villages_alert_is_closed_early_the_households_are_heard_again(declare, household):
    event = declare()
    Alert.objects.filter(pk=alert_of(event).pk).update(status="closed", closed_at=timezone.now())

    assert find(household, kind="DIS01") == RAISED


def test_the_finding_points_at_the_alert_of_the_village(declare, household, judge):  # noqa: F811
    event = declare(happened_on=dt.date(2022, 6, 12))
    batch = factories.batch(kind="import", source="emergency", department="emergency", month=JUNE)
    person = household.memberships.get().person
    entry = {"list": "emergency", "kind": "crop", "month": JUNE, "happened_on": dt.date(2022, 6, 12)}
    ListEntry.objects.create(person=person, batch=batch, **entry)
    run = judge()

    assert Finding.objects.get(run=run, household=household, rule="DIS01").alert == alert_of(event)
    assert open_alerts(household) == []
