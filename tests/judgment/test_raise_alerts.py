"""One open alert per household and cause, over months and runs."""

import datetime as dt

import pytest

from alerts.models import Alert
from households.models import Event, HouseholdFact
from monitoring.models import Finding
from tests import factories

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = dt.date(2022, 5, 1), dt.date(2022, 6, 1), dt.date(2022, 7, 1)


@pytest.fixture
def poor():
    household = factories.household(members=1)
    factories.income(household=household, amount="6000", month=JUNE)
    return household


def kinds(alert):
    return list(
        Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("id").values_list("kind", flat=True)
    )


def test_a_second_run_of_the_same_month_raises_nothing_new_and_counts_no_month_twice(judge, poor):
    judge()
    second = judge()

    alert = Alert.objects.get(household=poor)
    assert (alert.months_found, kinds(alert)) == (1, ["alert_raised"])
    shard = second.shards.get(area="420527103")
    assert (shard.findings, shard.raised, shard.found_again) == (1, 0, 1)


def test_the_next_month_finds_the_same_alert_again(judge, poor):
    judge(JUNE)
    run = judge(JULY)

    alert = Alert.objects.get(household=poor)
    assert (alert.first_month, alert.last_month, alert.months_found) == (JUNE, JULY, 2)
    assert kinds(alert) == ["alert_raised", "alert_found_again"]
    assert sum(shard.found_again for shard in run.shards.all()) == 1


def test_a_worse_level_is_an_event_of_its_own(judge, poor):
    judge(JUNE)
    factories.income(household=poor, amount="1000", month=JULY, kind="cost")
    judge(JULY)

    alert = Alert.objects.get(household=poor)
    assert alert.level == "red"
    assert kinds(alert) == ["alert_raised", "alert_level_changed"]


def test_a_state_that_is_not_found_any_more_asks_a_person_and_stays_open(judge, poor):
    judge(JUNE)
    factories.income(household=poor, amount="5000", month=JULY)
    judge(JULY)
    judge(JULY)

    alert = Alert.objects.get(household=poor)
    assert (alert.is_open, alert.not_found_month) == (True, JULY)
    assert kinds(alert) == ["alert_raised", "alert_not_found"]


def test_a_state_that_cannot_be_judged_any_more_is_not_called_gone(judge, poor):
    judge(JUNE)
    judge(dt.date(2023, 6, 1))

    assert Alert.objects.get(household=poor).not_found_month is None


@pytest.mark.parametrize(("eliminated", "not_found"), [(True, JULY), (None, None)])
def test_who_is_monitored_no_longer_is_not_waited_for_and_who_may_be_still_is(judge, eliminated, not_found):
    household = factories.household(
        members=1, category="marginal", eliminated=False, monitored_since=dt.date(2022, 1, 1)
    )
    judge(JUNE)
    HouseholdFact.objects.create(
        household=household,
        as_of=JULY,
        batch=factories.batch(),
        category="marginal",
        monitored_since=dt.date(2022, 1, 1),
        risk_eliminated=eliminated,
    )
    judge(JULY)

    assert Alert.objects.get(household=household, kind="SUG08").not_found_month == not_found


def test_an_event_says_nothing_when_the_next_month_brings_none(judge):
    household = factories.household(members=1, lifted=False, category="")
    for month in (JUNE, JULY):
        factories.medical_list(month)
    factories.bill(person=household.memberships.get().person, self_pay="15000")
    judge(JUNE)
    judge(JULY)

    alert = Alert.objects.get(household=household, kind="MED07")
    assert (alert.not_found_month, alert.last_month) == (None, JUNE)


def test_judging_an_earlier_month_later_does_not_overwrite_what_is_newer(judge, poor):
    factories.income(household=poor, amount="100", month=MAY)
    judge(JUNE)
    newest = Alert.objects.get(household=poor).sentence_zh
    judge(MAY)

    alert = Alert.objects.get(household=poor)
    assert (alert.last_month, alert.sentence_zh) == (JUNE, newest)


def test_a_closed_alert_is_raised_anew_by_a_later_month_and_not_by_its_own(judge, poor):
    judge(JUNE)
    # Closed so long ago that it keeps nothing quiet any more (tests/noise).
    Alert.objects.filter(household=poor).update(status="closed", closed_at="2022-07-01T00:00Z")
    judge(JUNE)
    assert Alert.objects.filter(household=poor).count() == 1

    judge(JULY)

    assert Alert.objects.filter(household=poor, closed_at__isnull=True).get().first_month == JULY


def test_findings_point_at_their_alert_and_events_lie_where_it_lies(judge, poor):
    run = judge(JUNE)

    finding = Finding.objects.get(run=run, household=poor)
    alert = Alert.objects.get(household=poor)
    event = Event.objects.get(subject="alert", subject_id=alert.pk)
    assert finding.alert == alert
    assert (event.village, event.township, event.run_id) == (poor.village, poor.township, run.pk)
