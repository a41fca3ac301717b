"""A specialist who leaves: what they had goes to whoever is there, then up, and never to nobody."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from alerts.models import Alert, Notice
from alerts.travel.mover import Mover
from alerts.travel.moves import Given, make_move
from alerts.travel.orphans import rehome_orphans
from households.models import Event, Posting, Role, User
from households.staff.services import deactivate, end_posting
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db

HERE = VILLAGES[0]
DUE, VERIFY_BY = dt.date(2026, 7, 3), dt.date(2026, 7, 10)


def days_from_now(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def post(name: str, area: str, role=Role.VILLAGE_SPECIALIST) -> User:
    user = User.objects.create_user(name, name)
    factories.posting(user=user, area=area, role=role)
    return user


def leave(user: User, last_day: dt.date, area: str = HERE) -> None:
    Posting.objects.filter(user=user, area_id=area).update(valid_until=last_day)


def in_hand(user: User | None, *, village=HERE, status="acknowledged", holder="village", **fields) -> Alert:
    return factories.alert(
        household=factories.household(village=village),
        holder=holder,
        status=status,
        assignee=user,
        due_on=VERIFY_BY if status == "acknowledged" else DUE,
        verify_by=VERIFY_BY,
        **fields,
    )


def last_event(alert: Alert) -> Event | None:
    return Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("pk").last()


def told() -> set[str]:
    return set(Notice.objects.filter(kind="transferred").values_list("recipient__username", flat=True))


@pytest.mark.parametrize(
    ("days", "is_orphan"), [(-1, True), (0, False), (1, False)], ids=["yesterday", "today", "tomorrow"]
)
def test_the_last_day_still_counts_and_the_day_after_it_is_handed_up(cast, days, is_orphan):
    alert = in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(days))

    assert rehome_orphans() == int(is_orphan)

    alert.refresh_from_db()
    expected = ("township", None, "dispatched") if is_orphan else ("village", cast.specialist, "acknowledged")
    assert (alert.holder, alert.assignee, alert.status) == expected
    assert alert.verify_by == alert.due_on == VERIFY_BY
    assert told() == ({"township"} if is_orphan else set())


def test_handing_up_is_an_event_that_says_from_whom_to_whom(cast):
    alert = in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))

    rehome_orphans()

    event = last_event(alert)
    assert (event.kind, event.status_before, event.status_after) == (
        "alert_handed_up",
        "acknowledged",
        "dispatched",
    )
    assert event.detail == {
        "holder": ["village", "township"],
        "from": cast.specialist.pk,
        "due_on": VERIFY_BY.isoformat(),
    }
    assert (event.village, event.actor) == (HERE, None)


def test_a_second_sweep_finds_nothing_more(cast):
    in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))
    assert (rehome_orphans(), rehome_orphans()) == (1, 0)
    assert Notice.objects.count() == 1


def test_of_two_specialists_the_other_one_has_it_then(cast):
    other = post("other", HERE)
    theirs, others = in_hand(cast.specialist), in_hand(other)
    leave(cast.specialist, days_from_now(-1))

    assert rehome_orphans() == 1

    for alert in (theirs, others):
        alert.refresh_from_db()
        assert (alert.holder, alert.assignee) == ("village", other)
    # What the leaver had acknowledged, the other one has not.
    assert (theirs.status, others.status) == ("dispatched", "acknowledged")
    assert last_event(theirs).kind == "alert_reassigned"
    assert told() == {"other"}


def test_with_two_left_it_is_on_the_list_of_both(cast):
    post("second", HERE), post("third", HERE)
    alert = in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))
    rehome_orphans()
    alert.refresh_from_db()
    assert (alert.holder, alert.assignee) == ("village", None)
    assert told() == {"second", "third"}


def test_what_was_on_the_list_of_two_is_that_of_the_one_who_is_left(cast):
    other = post("other", HERE)
    alert = in_hand(None, status="dispatched")
    assert rehome_orphans() == 0
    leave(cast.specialist, days_from_now(-1))

    assert rehome_orphans() == 1

    alert.refresh_from_db()
    assert (alert.assignee, alert.status, alert.due_on) == (other, "dispatched", DUE)
    assert rehome_orphans() == 0


def test_a_village_list_without_anybody_goes_up(cast):
    alert = in_hand(None, status="dispatched")
    leave(cast.specialist, days_from_now(-1))
    rehome_orphans()
    alert.refresh_from_db()
    assert (alert.holder, alert.due_on) == ("township", VERIFY_BY)


def test_the_new_specialist_gets_what_the_former_one_had(cast):
    alert = in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))
    successor = post("successor", HERE)
    rehome_orphans()
    alert.refresh_from_db()
    assert (alert.holder, alert.assignee) == ("village", successor)
    # ... and says so like anybody who was given one.
    make_move(alert_id=alert.pk, move="acknowledge", by=Mover.of_user(successor))


def test_a_township_without_anybody_hands_it_on_to_the_county(cast):
    alert = in_hand(cast.neighbour, village=ELSEWHERE)
    leave(cast.neighbour, days_from_now(-1), ELSEWHERE)
    rehome_orphans()
    alert.refresh_from_db()
    assert alert.holder == "county"
    assert last_event(alert).detail["holder"] == ["village", "county"]
    assert told() == {"admin", "staff"}


def test_what_waits_for_the_review_of_a_township_without_anybody_is_reviewed_by_the_county(cast):
    alert = in_hand(cast.specialist, status="verified", holder="township", verdict="no_risk", reason="solved")
    assert rehome_orphans() == 0
    leave(cast.township, days_from_now(-1), area=HERE[:9])

    assert rehome_orphans() == 1

    alert.refresh_from_db()
    assert (alert.holder, alert.status, alert.assignee, alert.due_on) == (
        "county",
        "verified",
        cast.specialist,
        DUE,
    )
    assert told() == {"admin", "staff"}
    reviewed = make_move(alert_id=alert.pk, move="review", by=Mover.of_user(cast.staff))
    assert (reviewed.status, reviewed.holder) == ("reviewed", "county")


def test_what_the_township_took_itself_stays_with_the_township_while_somebody_is_there(cast):
    colleague = post("colleague", HERE[:9], Role.TOWNSHIP_STAFF)
    alert = in_hand(cast.township, holder="township")
    leave(cast.township, days_from_now(-1), HERE[:9])
    rehome_orphans()
    alert.refresh_from_db()
    assert (alert.holder, alert.assignee, alert.status) == ("township", None, "dispatched")
    leave(colleague, days_from_now(-1), HERE[:9])
    rehome_orphans()
    alert.refresh_from_db()
    assert alert.holder == "county"


def test_who_leaves_one_of_two_villages_keeps_the_other(cast):
    here, there = in_hand(cast.specialist), in_hand(cast.specialist, village=VILLAGES[1])
    leave(cast.specialist, days_from_now(-1))
    rehome_orphans()
    here.refresh_from_db(), there.refresh_from_db()
    assert (here.holder, there.holder, there.assignee) == ("township", "village", cast.specialist)


def test_it_is_the_village_that_looks_into_it_that_counts(cast):
    helper = post("helper", "420527103207")
    alert = in_hand(helper, handled_in="420527103207")
    assert rehome_orphans() == 0
    leave(helper, days_from_now(-1), "420527103207")

    rehome_orphans()

    alert.refresh_from_db()
    assert (alert.holder, alert.handled_in) == ("township", None)
    events = Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("kind")
    assert [(event.kind, event.village, event.village_before) for event in events] == [
        ("alert_handed_up", HERE, "420527103207"),
        ("alert_left", "420527103207", None),
    ]


@pytest.mark.parametrize(
    ("status", "holder"), [("verified", "township"), ("reviewed", "county"), ("closed", "county")]
)
def test_what_a_leaver_has_finished_stays_as_it_is(cast, status, holder):
    alert = in_hand(cast.specialist, status=status, holder=holder, closed=status == "closed")
    leave(cast.specialist, days_from_now(-1))
    assert rehome_orphans() == 0
    alert.refresh_from_db()
    assert alert.assignee == cast.specialist


def test_the_next_level_is_reminded_afresh(cast):
    alert = in_hand(cast.specialist, reminded_on=DUE, escalated_to="township")
    leave(cast.specialist, days_from_now(-1))
    rehome_orphans()
    alert.refresh_from_db()
    assert (alert.reminded_on, alert.escalated_to) == (None, "")


def test_a_page_that_was_open_meanwhile_is_out_of_date(cast):
    alert = in_hand(cast.specialist)
    stamp = alert.stamp
    leave(cast.specialist, days_from_now(-1))
    rehome_orphans()
    alert.refresh_from_db()
    assert alert.stamp != stamp


@pytest.mark.parametrize(("days", "holder"), [(-1, "township"), (0, "village")])
def test_ending_a_posting_hands_up_at_once(cast, days, holder):
    alert = in_hand(cast.specialist)
    posting = Posting.objects.get(user=cast.specialist, area_id=HERE)
    end_posting(posting=posting, last_day=days_from_now(days), by=cast.admin)
    alert.refresh_from_db()
    assert alert.holder == holder


def test_closing_an_account_hands_up_at_once(cast):
    alert = in_hand(cast.specialist)
    deactivate(user=cast.specialist, by=cast.admin)
    alert.refresh_from_db()
    assert alert.holder == "township"
    assert told() == {"township"}


def test_killed_before_its_end_nothing_is_handed_up(cast):
    alert = in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        rehome_orphans()
        raise KeyboardInterrupt
    alert.refresh_from_db()
    assert (alert.holder, Notice.objects.count(), last_event(alert)) == ("village", 0, None)


def test_it_is_a_statement_however_many_there_are(cast, django_assert_max_num_queries):
    for _number in range(30):
        in_hand(cast.specialist)
    leave(cast.specialist, days_from_now(-1))
    with django_assert_max_num_queries(8):
        assert rehome_orphans() == 30
    assert Notice.objects.get().values["count"] == 30


def test_dispatching_never_reaches_a_leaver(cast):
    alert = factories.alert(household=factories.household(village=HERE))
    leave(cast.specialist, days_from_now(-1))
    make_move(alert_id=alert.pk, move="dispatch", given=Given(to="village"), by=Mover.of_user(cast.staff))
    alert.refresh_from_db()
    assert (alert.holder, alert.assignee) == ("township", None)
