"""Verdicts on alerts, given at the door as part of a visit."""

import pytest
from django.utils import timezone

from alerts.models import Alert
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.tablet.pushed import answers, verdict_on, visit

pytestmark = pytest.mark.django_db
HERE = VILLAGES[0]


@pytest.fixture
def tablet(sign_in):
    return sign_in("specialist")


@pytest.fixture
def home():
    return factories.household(village=HERE, members=1)


def test_a_verdict_given_at_the_door_moves_the_alert(tablet, home, cast):
    alert = factories.alert(household=home, status="acknowledged", holder="village")

    (answer,) = answers(tablet, visit(home, verdicts=[verdict_on(alert)], unchanged=True))

    alert.refresh_from_db()
    assert answer["verdicts"] == [{"alert": alert.pk, "moved": True, "sentence": ""}]
    assert (alert.status, alert.verdict, alert.risks) == ("verified", "confirmed", ["illness"])


def test_what_was_only_dispatched_is_acknowledged_first(tablet, home, cast):
    alert = factories.alert(household=home, status="dispatched", holder="village")

    answers(tablet, visit(home, verdicts=[verdict_on(alert, verdict="no_risk", risks=[], reason="solved")]))

    alert.refresh_from_db()
    assert (alert.status, alert.verdict, alert.reason) == ("verified", "no_risk", "solved")
    assert alert.assignee == cast.specialist


def test_a_verdict_on_what_changed_meanwhile_says_so_and_the_visit_is_stored(tablet, home):
    alert = factories.alert(household=home, status="acknowledged", holder="village")
    seen = verdict_on(alert)
    Alert.objects.filter(pk=alert.pk).update(changed_at=timezone.now())

    (answer,) = answers(tablet, visit(home, verdicts=[seen], unchanged=True))

    assert answer["outcome"] == "stored"
    assert (answer["verdicts"][0]["moved"], bool(answer["verdicts"][0]["sentence"])) == (False, True)
    assert Alert.objects.get(pk=alert.pk).status == "acknowledged"


@pytest.mark.parametrize("holder", ["township", "county"])
def test_who_does_not_hold_an_alert_gives_no_verdict_on_it(tablet, home, holder):
    alert = factories.alert(household=home, status="dispatched", holder=holder)

    (answer,) = answers(tablet, visit(home, verdicts=[verdict_on(alert)], unchanged=True))

    assert not answer["verdicts"][0]["moved"]
    assert Alert.objects.get(pk=alert.pk).status == "dispatched"


def test_a_verdict_on_another_households_alert_is_none(tablet, home):
    neighbours = factories.alert(
        household=factories.household(village=HERE), status="acknowledged", holder="village"
    )
    foreign = factories.alert(
        household=factories.household(village=ELSEWHERE), status="acknowledged", holder="village"
    )

    (answer,) = answers(
        tablet, visit(home, verdicts=[verdict_on(neighbours), verdict_on(foreign)], unchanged=True)
    )

    assert [one["moved"] for one in answer["verdicts"]] == [False, False]
    assert answer["verdicts"][0]["sentence"] == answer["verdicts"][1]["sentence"]
    assert set(Alert.objects.values_list("status", flat=True)) == {"acknowledged"}


def test_of_two_verdicts_on_one_alert_the_first_counts(tablet, home):
    alert = factories.alert(household=home, status="dispatched", holder="village")
    first = visit(home, verdicts=[verdict_on(alert)], unchanged=True)
    second = visit(home, verdicts=[verdict_on(alert, verdict="unclear", risks=[], note="不在家")], unchanged=True)

    told = [answer["verdicts"][0]["moved"] for answer in answers(tablet, first, second)]

    alert.refresh_from_db()
    assert (told, alert.verdict) == ([True, False], "confirmed")


def test_a_verdict_that_is_not_enough_does_not_even_acknowledge(tablet, home):
    alert = factories.alert(household=home, status="dispatched", holder="village")
    sent = visit(
        home, verdicts=[verdict_on(alert, verdict="no_risk", risks=[], reason="no_reason")], unchanged=True
    )

    (answer,) = answers(tablet, sent)

    assert (answer["outcome"], answer["verdicts"][0]["moved"]) == ("stored", False)
    assert Alert.objects.get(pk=alert.pk).status == "dispatched"


def test_a_verdict_is_told_again_and_not_given_again(tablet, home):
    alert = factories.alert(household=home, status="acknowledged", holder="village")
    sent = visit(home, verdicts=[verdict_on(alert)], unchanged=True)
    first = answers(tablet, sent)[0]["verdicts"]

    assert answers(tablet, sent)[0]["verdicts"] == first
