"""Declaring an event: one alert a village, dispatched at once; open alerts of households join."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.areawide.services import EventRefused, declare_event
from alerts.models import Alert, Notice
from households.models import AuditEntry, Event, Posting
from tests import factories
from tests.areawide.conftest import DRY, FLOOD_DAY, alert_of
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db


def test_each_village_gets_one_alert_with_its_specialist_at_once(declare, cast):
    for _number in range(3):
        factories.household()
    event = declare()

    assert Alert.objects.count() == 2
    alert = alert_of(event)
    assert (alert.kind_id, alert.level, alert.status, alert.holder) == (
        "AREA.disaster",
        "red",
        "dispatched",
        "village",
    )
    assert (alert.assignee, alert.dispatched_at is None, alert.due_on is None) == (cast.specialist, False, False)
    assert (alert.values, alert.first_month) == ({"households": 3}, dt.date(2026, 9, 1))
    assert alert.sentence_zh == "9·12 暴雨洪涝：本村 3 户逐户走访"
    kinds = (
        Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["alert_raised", "alert_dispatched"]


def test_with_nobody_in_the_village_the_township_has_it_and_with_nobody_there_the_county(declare, cast):
    Posting.objects.filter(user=cast.neighbour).delete()
    event = declare(DRY, ELSEWHERE)

    held = {alert.village: (alert.holder, alert.due_on is not None) for alert in event.alerts.all()}
    assert held == {DRY: ("township", True), ELSEWHERE: ("county", True)}


@pytest.mark.parametrize("status", ["raised", "acknowledged", "verified", "reviewed"])
def test_open_alerts_of_the_risk_join_whoever_has_them_in_hand_and_stay_where_they_are(declare, status):
    own = factories.alert(household=factories.household(), kind="DIS01", status=status)
    event = declare()

    own.refresh_from_db()
    assert (own.area_event, own.status) == (event, status)
    (joined,) = Event.objects.filter(kind="alert_joined")
    assert (joined.subject_id, joined.detail) == (own.pk, {"area_event": event.pk})


def test_another_risk_another_village_what_is_closed_and_what_people_found_do_not_join(declare):
    household = factories.household()
    factories.alert(household=household, kind="INC01")
    factories.alert(household=household, kind="DIS01", closed=True)
    factories.alert(household=household, kind="VISIT.disaster")
    factories.alert(household=factories.household(village=DRY), kind="DIS01")
    event = declare()

    assert event.alerts.filter(household__isnull=False).count() == 0


def test_everybody_concerned_is_told_once_with_the_households_of_their_own_villages(declare, cast):
    for village in (VILLAGES[0], VILLAGES[1], ELSEWHERE):
        factories.household(village=village)
    event = declare(*VILLAGES, ELSEWHERE)

    told = {notice.recipient: notice.values for notice in Notice.objects.filter(kind="area_event")}
    assert told == {
        cast.specialist: {"place": "420527103", "villages": 2, "households": 2},
        cast.township: {"place": "420527103", "villages": 2, "households": 2},
        cast.neighbour: {"place": ELSEWHERE, "villages": 1, "households": 1},
    }
    assert set(Notice.objects.filter(kind="area_event").values_list("path", "urgent")) == {
        (f"/area-events/{event.pk}/", True)
    }


def test_a_second_event_of_the_risk_in_the_same_village_is_refused_by_name(declare):
    declare()

    with pytest.raises(EventRefused, match="长江村") as refused:
        declare(VILLAGES[0], DRY)
    assert refused.value.field == "villages"
    assert declare(VILLAGES[0], risk="water").pk


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"villages": ()}, "villages"),
        ({"villages": ("420527103",)}, "villages"),
        ({"villages": ("420528103204",)}, "villages"),
        ({"happened_on": timezone.localdate() + dt.timedelta(days=1)}, "happened_on"),
    ],
)
def test_what_cannot_be_is_refused_naming_the_field(cast, fields, field):
    asked = {"name": "x", "risk": "disaster", "happened_on": FLOOD_DAY, "villages": VILLAGES} | fields
    with pytest.raises(EventRefused) as refused:
        declare_event(**asked, by=cast.staff)
    assert (refused.value.field, Alert.objects.count()) == (field, 0)


def test_only_the_county_declares(declare, cast):
    with pytest.raises(EventRefused):
        declare(by=cast.township)


def test_it_stands_in_the_trail_with_counts_only(declare, cast):
    event = declare()

    entry = AuditEntry.objects.get(action="area_event_declared")
    assert (entry.actor, entry.subject_id, entry.detail) == (
        cast.staff,
        str(event.pk),
        {"villages": 2, "joined": 0},
    )
