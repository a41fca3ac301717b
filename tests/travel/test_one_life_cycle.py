"""An alert walked from finding to closing, and back where somebody sends it back."""

import pytest

from alerts.models import Alert
from alerts.travel.given import Given, MoveRefused
from alerts.travel.moves import Mover, make_move, move_many
from households.models import Event
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db
DISPATCHED = Given(to="village")
CONFIRMED = Given(verdict="confirmed", risks=("illness", "income"), note="看过")
NO_RISK = Given(verdict="no_risk", reason="solved")


@pytest.fixture
def alert(cast) -> Alert:
    return factories.alert(household=factories.household(), level="red")


@pytest.fixture
def move(cast, alert):
    def _move(who: str, code: str, given: Given | None = None, **more) -> Alert:
        return make_move(alert_id=alert.pk, move=code, given=given, by=Mover.of_user(cast.members[who]), **more)

    return _move


def events_of(alert: Alert) -> list[str]:
    return list(
        Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("pk").values_list("kind", flat=True)
    )


def test_it_travels_from_the_county_to_the_village_and_back(alert, move, cast):
    sent = move("staff", "dispatch", DISPATCHED)
    assert (sent.status, sent.holder, sent.assignee) == ("dispatched", "village", cast.specialist)
    taken = move("specialist", "acknowledge")
    assert (taken.status, taken.due_on) == ("acknowledged", taken.verify_by)
    found = move("specialist", "verify", CONFIRMED)
    assert (found.holder, found.verdict, found.risks) == ("township", "confirmed", ["illness", "income"])
    assert move("township", "review").holder == "county"
    closed = move("staff", "close", Given(outcome="measures"))
    assert (closed.status, closed.outcome, closed.is_open, closed.due_on) == ("closed", "measures", False, None)
    assert events_of(alert) == [
        "alert_dispatched",
        "alert_acknowledged",
        "alert_verified",
        "alert_reviewed",
        "alert_closed",
    ]


def test_every_event_says_who_when_from_where_to_where_and_why(alert, move, cast):
    move("staff", "dispatch", DISPATCHED)
    move("specialist", "refuse", Given(note="不在本村居住"))
    event = Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("pk").last()
    assert (event.actor, event.status_before, event.status_after) == (cast.specialist, "dispatched", "dispatched")
    assert (event.note, event.detail["holder"]) == ("不在本村居住", ["village", "township"])


def test_the_clock_goes_on_over_a_refusal_and_a_transfer(alert, move):
    deadline = move("staff", "dispatch", DISPATCHED).changed_at.date()
    Alert.objects.filter(pk=alert.pk).update(verify_by=deadline, due_on=deadline)
    refused = move("specialist", "refuse", Given(note="不是本村的"))
    again = move("township", "transfer", Given(village=VILLAGES[1], note="住在那里"))
    assert (refused.holder, again.holder, again.handled_in) == ("township", "village", VILLAGES[1])
    assert again.verify_by == again.due_on == deadline


def test_whoever_it_was_handed_over_to_sees_it_and_the_first_village_still_does(alert, move, cast):
    factories.posting(user=cast.stranger, area="420527103207", role="village_specialist")
    move("staff", "dispatch", DISPATCHED)
    moved = move("township", "transfer", Given(village="420527103207", note="亲属照管"))
    assert moved.assignee == cast.stranger
    assert Alert.objects.visible_to(cast.stranger).filter(pk=alert.pk).exists()
    assert Alert.objects.visible_to(cast.specialist).filter(pk=alert.pk).exists()
    assert not Alert.objects.visible_to(cast.neighbour).filter(pk=alert.pk).exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Given(), "verdict"),
        (Given(verdict="confirmed"), "risks"),
        (Given(verdict="confirmed", risks=("luck",)), "risks"),
        (Given(verdict="no_risk"), "reason"),
        (Given(verdict="no_risk", reason="other"), "note"),
        (Given(verdict="unclear"), "note"),
        (Given(verdict="unclear", note=" "), "note"),
    ],
)
def test_a_verdict_says_what_it_rests_on(move, given, field):
    move("staff", "dispatch", DISPATCHED)
    move("specialist", "acknowledge")
    with pytest.raises(MoveRefused) as refused:
        move("specialist", "verify", given)
    assert refused.value.field == field


def test_sent_back_it_is_verified_anew(alert, move):
    move("staff", "dispatch", DISPATCHED)
    move("specialist", "acknowledge")
    move("specialist", "verify", NO_RISK)
    back = move("township", "send_back", Given(note="没有写清楚"))
    assert (back.status, back.holder, back.verdict, back.verified_at) == ("acknowledged", "village", "", None)
    move("specialist", "verify", CONFIRMED)
    move("township", "review")
    assert move("staff", "return", Given(note="请再看住房")).holder == "township"


def test_of_two_who_decide_at_once_the_second_is_told(alert, move):
    seen = alert.stamp
    move("staff", "dispatch", DISPATCHED, seen=seen)
    with pytest.raises(MoveRefused, match="已|meanwhile"):
        move("admin", "dismiss", Given(outcome="duplicate", note="重复"), seen=seen)
    assert events_of(alert) == ["alert_dispatched"]


def test_with_nobody_in_the_village_it_is_on_the_townships_list(cast):
    alert = factories.alert(household=factories.household(village="420527103208"))
    sent = make_move(alert_id=alert.pk, move="dispatch", given=DISPATCHED, by=Mover.of_user(cast.staff))
    assert (sent.holder, sent.status, sent.assignee) == ("township", "dispatched", None)


def test_with_nobody_in_the_township_either_it_stays_with_the_county(cast):
    alert = factories.alert(household=factories.household(village="420527102201"))
    with pytest.raises(MoveRefused):
        make_move(alert_id=alert.pk, move="dispatch", given=DISPATCHED, by=Mover.of_user(cast.staff))
    alert.refresh_from_db()
    assert (alert.holder, alert.status) == ("county", "raised")


def test_an_alert_outside_ones_area_does_not_exist(cast):
    alert = factories.alert(household=factories.household(village=ELSEWHERE))
    with pytest.raises(Alert.DoesNotExist):
        make_move(alert_id=alert.pk, move="acknowledge", by=Mover.of_user(cast.specialist))


def test_many_at_once_each_say_what_became_of_them(cast):
    here = factories.alert(household=factories.household())
    done = factories.alert(household=factories.household(), closed=True)
    away = factories.alert(household=factories.household(village=ELSEWHERE))
    results = move_many(
        ids=[here.pk, done.pk, away.pk], move="dispatch", given=DISPATCHED, by=Mover.of_user(cast.township)
    )
    assert [result.moved for result in results] == [False, False, False]
    results = move_many(
        ids=[here.pk, done.pk, away.pk], move="dispatch", given=DISPATCHED, by=Mover.of_user(cast.staff)
    )
    assert [result.moved for result in results] == [True, False, True]
    assert results[1].sentence


def test_three_hundred_are_dispatched_in_few_statements(cast, django_assert_max_num_queries):
    ids = [factories.alert(household=factories.household()).pk for _number in range(30)]
    with django_assert_max_num_queries(14):
        results = move_many(ids=ids, move="dispatch", given=DISPATCHED, by=Mover.of_user(cast.staff))
    assert all(result.moved for result in results)
    assert Event.objects.filter(kind="alert_dispatched", subject_id__in=ids).count() == 30


def test_a_closed_alert_is_reopened_with_a_reason_unless_another_is_open(cast):
    household = factories.household()
    closed = factories.alert(household=household, closed=True)
    by = Mover.of_user(cast.staff)
    with pytest.raises(MoveRefused):
        make_move(alert_id=closed.pk, move="reopen", by=by)
    other = factories.alert(household=household)
    with pytest.raises(MoveRefused):
        make_move(alert_id=closed.pk, move="reopen", given=Given(note="新情况"), by=by)
    other.delete()
    again = make_move(alert_id=closed.pk, move="reopen", given=Given(note="新情况"), by=by)
    assert (again.status, again.is_open, again.holder) == ("raised", True, "county")
