"""Where nobody is posted, whoever holds it takes it; where somebody is, it still goes down after it was taken."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.given import Given, MoveRefused
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import Area, Event, Role, User
from monitoring.feeds.models import FeedScope
from monitoring.feeds.services import create_client
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.feeds.conftest import Pulling

pytestmark = pytest.mark.django_db

# Nobody is posted in this village, nor in its township.
EMPTY = "420527102201"
# The township has somebody, the village has not.
NO_SPECIALIST = "420527103208"


@pytest.fixture
def move(cast):
    def _move(alert: Alert, who: str, code: str, **given) -> Alert:
        return make_move(alert_id=alert.pk, move=code, given=Given(**given), by=Mover.of_user(cast.members[who]))

    return _move


def raised(village: str, **fields) -> Alert:
    return factories.alert(household=factories.household(village=village), **fields)


def offered(client, alert: Alert) -> list[str]:
    return [decision.move.code for decision in client.get(f"/alerts/{alert.pk}/").context["decisions"]]


def row_moves(client, alert: Alert) -> list[str]:
    rows = {row.alert.pk: row.moves.split() for row, _query in client.get("/work/").context["rows"]}
    return rows[alert.pk]


def test_what_the_county_can_send_to_nobody_it_takes_verifies_and_closes_itself(cast, move):
    alert = raised(EMPTY, level="yellow")

    taken = move(alert, "staff", "acknowledge")

    week = timezone.localdate() + dt.timedelta(days=7)
    assert (taken.status, taken.holder, taken.assignee) == ("acknowledged", "county", cast.staff)
    assert taken.due_on == taken.verify_by >= week
    event = Event.objects.get(subject="alert", subject_id=alert.pk)
    assert (event.kind, event.status_before, event.actor) == ("alert_acknowledged", "raised", cast.staff)
    assert move(alert, "staff", "verify", verdict="no_risk", reason="solved").holder == "county"
    assert move(alert, "staff", "review").status == "reviewed"
    assert move(alert, "staff", "close", outcome="no_risk").status == "closed"


def test_reopened_it_is_taken_again_with_a_new_deadline(move):
    alert = raised(EMPTY, closed=True, verify_by=dt.date(2020, 1, 1))
    move(alert, "staff", "reopen", note="新情况")

    taken = move(alert, "staff", "acknowledge")

    assert taken.status == "acknowledged"
    assert taken.due_on == taken.verify_by > timezone.localdate()


@pytest.mark.parametrize("village", [VILLAGES[0], NO_SPECIALIST, ELSEWHERE])
def test_over_the_head_of_a_village_or_township_that_has_somebody_the_county_takes_nothing(move, village):
    alert = raised(village)

    with pytest.raises(MoveRefused, match="请派发|dispatch it"):
        move(alert, "staff", "acknowledge")

    alert.refresh_from_db()
    assert alert.status == "raised"


def test_with_a_specialist_and_no_township_the_county_is_told_to_send_it_to_the_village(move):
    with pytest.raises(MoveRefused, match="派发到村|to the village"):
        move(raised(ELSEWHERE), "staff", "dispatch", to="township")


@pytest.mark.parametrize(
    ("village", "moves"),
    [
        (EMPTY, ["acknowledge", "dismiss"]),
        (VILLAGES[0], ["dispatch", "dismiss"]),
        (ELSEWHERE, ["dispatch", "dismiss"]),
    ],
)
def test_the_page_the_list_and_the_bar_offer_the_county_what_is_possible(sign_in, village, moves):
    alert = raised(village)
    client = sign_in("staff")

    assert offered(client, alert) == moves
    assert row_moves(client, alert) == moves
    assert [each["code"] for each in client.get("/work/").context["moves"]] == moves


def test_the_county_takes_many_at_once_and_is_told_which_it_has_to_dispatch(sign_in):
    alerts = [raised(EMPTY), raised(VILLAGES[0])]
    ticks = [f"{alert.pk}:{alert.stamp}" for alert in alerts]

    response = sign_in("staff").post("/work/moves/acknowledge/", {"picked": ticks, "work": ""})

    said = {outcome.alert.pk: outcome.moved for outcome in response.context["outcomes"]}
    assert said == {alerts[0].pk: True, alerts[1].pk: False}


@pytest.mark.parametrize(
    ("village", "moves"), [(EMPTY, ["acknowledge", "dismiss"]), (VILLAGES[0], ["dispatch", "dismiss"])]
)
def test_a_program_of_the_county_is_offered_the_same_and_can_do_it(cast, village, moves):
    alert = raised(village)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    issued = create_client(
        name="county",
        area=Area.objects.get(pk="420527"),
        scopes=FeedScope.values,
        last_day=tomorrow,
        by=cast.admin,
    )
    county = Pulling(issued.client, issued.key)

    possible = county.get(f"/api/v1/alerts/{alert.pk}/moves/").json()["moves"]

    assert [each["move"] for each in possible] == moves
    assert county.move(alert, "acknowledge").status_code == (200 if village == EMPTY else 409)


@pytest.mark.parametrize("who", ["township", "staff"])
def test_what_one_has_acknowledged_one_can_still_send_down(cast, move, who):
    level = "township" if who == "township" else "county"
    alert = raised(VILLAGES[0], status="dispatched", holder=level)
    move(alert, who, "acknowledge")

    sent = move(alert, who, "dispatch", to="village")

    assert (sent.status, sent.holder, sent.assignee) == ("dispatched", "village", cast.specialist)
    assert sent.due_on <= sent.verify_by


def test_a_township_is_asked_to_send_it_down_first_and_to_verify_first_what_it_took(sign_in, move):
    alert = raised(VILLAGES[0], status="dispatched", holder="township")
    client = sign_in("township")

    assert offered(client, alert) == ["dispatch", "acknowledge", "refuse", "transfer"]
    move(alert, "township", "acknowledge")
    assert offered(client, alert) == ["verify", "dispatch", "refuse", "transfer"]


def test_a_township_is_not_asked_to_send_it_to_a_village_without_anybody(sign_in):
    alert = raised(NO_SPECIALIST, status="dispatched", holder="township")

    assert offered(sign_in("township"), alert) == ["acknowledge", "refuse", "transfer"]


def test_when_somebody_is_posted_after_the_county_took_it_it_goes_down(cast, move):
    alert = raised(EMPTY)
    move(alert, "staff", "acknowledge")
    newcomer = User.objects.create_user("newcomer", "新人")
    factories.posting(user=newcomer, area=EMPTY, role=Role.VILLAGE_SPECIALIST)

    assert move(alert, "staff", "dispatch", to="village").assignee == newcomer


def test_whose_scope_is_the_township_takes_nothing_that_lies_with_the_county(sign_in):
    assert offered(sign_in("township"), raised(NO_SPECIALIST)) == []
