"""Closing together: whatever step an alert stands at, but what was found at a door stands."""

import pytest

from alerts.areawide.services import EventRefused, close_event
from alerts.models import Alert
from alerts.travel.given import MoveRefused
from households.models import AuditEntry, Event
from tests import factories
from tests.areawide.conftest import alert_of
from tests.noise.conftest import find

pytestmark = pytest.mark.django_db


def close(event, cast, **given):
    return close_event(
        event_id=event.pk, outcome=given.get("outcome", "measures"), note="已全部走访", by=cast.staff
    )


def joined(**fields) -> Alert:
    return factories.alert(household=factories.household(), kind="DIS01", **fields)


def test_all_its_alerts_are_closed_with_the_outcome_and_the_event_with_them(declare, cast):
    own = [joined(status=status) for status in ("raised", "acknowledged", "verified", "reviewed")]
    event = declare()

    closing = close(event, cast)

    assert (len(closing.closed), closing.left) == (6, [])
    assert set(Alert.objects.values_list("status", "outcome")) == {("closed", "measures")}
    event.refresh_from_db()
    assert (event.closed_at is None, event.villages.exclude(open_risk=None).count()) == (False, 0)
    told = Event.objects.get(kind="alert_closed", subject_id=own[1].pk)
    assert (told.status_before, told.actor, told.note, told.detail["outcome"]) == (
        "acknowledged",
        cast.staff,
        "已全部走访",
        "measures",
    )


def test_what_was_found_to_be_no_risk_is_closed_as_that(declare, cast):
    own = joined(status="verified", verdict="no_risk", reason="able")
    close(declare(), cast)

    own.refresh_from_db()
    assert (own.status, own.outcome, own.reason) == ("closed", "no_risk", "able")


def test_a_confirmed_risk_is_left_to_be_decided_by_itself_and_keeps_the_event_open(declare, cast):
    own = joined(status="verified", verdict="confirmed", risks=["disaster"])
    event = declare()

    closing = close(event, cast)

    assert [result.alert_id for result in closing.left] == [own.pk]
    assert len(closing.closed) == 2
    event.refresh_from_db()
    own.refresh_from_db()
    assert (event.closed_at, own.status) == (None, "verified")

    Alert.objects.filter(pk=own.pk).update(status="closed", closed_at="2026-10-01T00:00Z", outcome="to_identify")
    assert close(event, cast).event.closed_at is not None


def test_without_an_outcome_nothing_is_closed(declare, cast):
    event = declare()

    with pytest.raises(MoveRefused):
        close(event, cast, outcome="")
    assert alert_of(event).is_open


def test_what_is_closed_is_closed_once(declare, cast):
    event = declare()
    close(event, cast)

    with pytest.raises(EventRefused):
        close(event, cast)


def test_afterwards_a_household_is_heard_again_and_the_village_may_be_hit_again(declare, cast):
    household = factories.household()
    close(declare(), cast)

    assert find(household, kind="DIS01").raised == 1
    assert declare(name="10·3 暴雨").pk


def test_it_stands_in_the_trail(declare, cast):
    event = declare()
    close(event, cast)

    entry = AuditEntry.objects.get(action="area_event_closed")
    assert (entry.subject_id, entry.detail) == (str(event.pk), {"outcome": "measures", "closed": 2})
