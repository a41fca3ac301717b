"""Closing together: whatever step an alert stands at, but what was found at a door stands."""

import pytest

from alerts.areawide.services import EventRefused, close_event
from alerts.models import Alert
from alerts.travel.given import Given, MoveRefused
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import AuditEntry, Event
from tests import factories
from tests.areawide.conftest import alert_of
from tests.noise.conftest import JUNE, find

pytestmark = pytest.mark.django_db


def close(event, cast, **given):
    return close_event(
        event_id=event.pk, outcome=given.get("outcome", "measures"), note="已全部走访", by=cast.staff
    )


def reopen(alert, cast) -> Alert:
    by = Mover.of_user(cast.staff)
    return make_move(alert_id=alert.pk, move="reopen", by=by, given=Given(note="又有新的情况"))


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


def test_once_all_alerts_are_decided_the_event_alone_is_closed_and_no_outcome_is_asked(declare, cast):
    event = declare()
    event.alerts.update(status="closed", closed_at="2026-10-01T00:00Z", outcome="measures")

    closing = close(event, cast, outcome="")

    assert (closing.event.closed_at is None, closing.results) == (False, [])
    assert event.villages.exclude(open_risk=None).count() == 0


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_household_that_is_opened_again_leaves_the_event_and_stands_for_itself(declare, cast, is_closed):
    own = joined(status="reviewed")
    event = declare()
    if is_closed:
        close(event, cast)
    else:
        Alert.objects.filter(pk=own.pk).update(status="closed", holder="county", closed_at="2026-10-01T00:00Z")

    reopened = reopen(own, cast)

    assert (reopened.is_open, reopened.area_event) == (True, None)
    assert event.alerts.filter(household__isnull=False).count() == 0


def test_what_got_clearly_worse_is_opened_again_by_itself_and_not_in_the_closed_event(declare, cast):
    household = factories.household()
    own = factories.alert(household=household, kind="DIS01", level="yellow", values={"disasters": 1})
    close(declare(), cast)

    assert find(household, kind="DIS01", month=JUNE, level="red", disasters=3).reopened == 1
    own.refresh_from_db()
    assert (own.is_open, own.area_event) == (True, None)


def test_the_alert_of_a_village_is_opened_again_while_its_event_is_open_and_not_afterwards(declare, cast):
    event = declare()
    village = alert_of(event)
    closed = {"status": "closed", "holder": "county", "closed_at": "2026-10-01T00:00Z"}
    Alert.objects.filter(pk=village.pk).update(**closed)

    assert reopen(village, cast).area_event == event
    close(event, cast)
    with pytest.raises(MoveRefused, match="新"):
        reopen(village, cast)
    assert not alert_of(event).is_open


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
