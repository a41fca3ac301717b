"""One decision for many: what is possible is done, the rest says why not, and nothing outside is touched."""

import datetime as dt
import re
import time

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel import bulk
from alerts.travel.worklist_rows import ROWS
from households.models import Event
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.pace import least

WORK = "/work/"


def _move(client, code, alerts, **data):
    ticks = [f"{alert.pk}:{alert.stamp}" for alert in alerts]
    return client.post(f"{WORK}moves/{code}/", {"picked": ticks, "work": "tab=mine"} | data)


def _said(response) -> dict[int, str]:
    """By alert: its status where it was moved, and why not where it was not."""
    assert response.status_code == 200, response.content.decode()
    return {
        outcome.alert.pk: outcome.alert.status if outcome.moved else outcome.sentence
        for outcome in response.context["outcomes"]
    }


def test_what_needs_nothing_is_done_at_once(sign_in, ways):
    said = _said(_move(sign_in("specialist"), "acknowledge", [ways["free"], ways["left"]]))

    assert said == {ways["free"].pk: "acknowledged", ways["left"].pk: "acknowledged"}
    assert Event.objects.filter(kind="alert_acknowledged").count() == 2


def test_what_needs_something_asks_first_and_takes_the_ticks_along(sign_in, ways):
    client = sign_in("staff")
    both = [ways["raised"], factories.alert(household=factories.household())]

    asked = _move(client, "dispatch", both)

    assert asked.status_code == 200
    sent = re.findall(r'name="picked" value="([^"]+)"', asked.content.decode())
    assert sent == [f"{alert.pk}:{alert.stamp}" for alert in both]
    assert not Event.objects.filter(kind="alert_dispatched").exists()
    done = client.post(f"{WORK}moves/dispatch/", {"picked": sent, "confirmed": "1", "to": "township"})
    assert set(_said(done).values()) == {"dispatched"}
    assert {alert.holder for alert in Alert.objects.filter(pk__in=_said(done))} == {"township"}


@pytest.mark.parametrize(
    ("code", "data", "field"),
    [("dispatch", {"to": "county"}, "to"), ("close", {}, "outcome"), ("return", {"note": " "}, "note")],
)
def test_what_is_missing_is_asked_for_again_and_nothing_is_done(sign_in, ways, code, data, field):
    response = _move(sign_in("staff"), code, [ways["raised"], ways["reviewed"]], confirmed="1", **data)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Event.objects.exists()


def test_what_is_not_possible_says_why_and_the_others_go_through(sign_in, ways):
    said = _said(
        _move(sign_in("staff"), "close", [ways["raised"], ways["reviewed"]], confirmed="1", outcome="watch")
    )

    assert said[ways["reviewed"].pk] == "closed"
    assert "产生" in said[ways["raised"].pk] or "待" in said[ways["raised"].pk]
    ways["raised"].refresh_from_db()
    assert ways["raised"].status == "raised"


def test_what_somebody_changed_after_it_was_ticked_is_left_alone(sign_in, ways):
    seen = [Alert.objects.get(pk=ways[name].pk) for name in ("free", "left")]
    Alert.objects.filter(pk=ways["free"].pk).update(level="red", changed_at=timezone.now())

    said = _said(_move(sign_in("specialist"), "acknowledge", seen))

    assert said == {ways["left"].pk: "acknowledged", ways["free"].pk: "勾选之后已有人办理过，请重新查看。"}


def test_the_same_form_sent_twice_moves_once(sign_in, ways):
    client = sign_in("specialist")
    both = [ways["free"], ways["left"]]
    _move(client, "acknowledge", both)

    said = _said(_move(client, "acknowledge", both))

    assert all("勾选之后" in sentence for sentence in said.values())
    assert Event.objects.filter(kind="alert_acknowledged").count() == 2


def test_an_alert_of_somebody_elses_area_is_not_moved_and_nothing_is_said_of_it(sign_in, ways):
    response = _move(sign_in("specialist"), "acknowledge", [ways["elsewhere"], ways["free"]])

    ways["elsewhere"].refresh_from_db()
    assert ways["elsewhere"].status == "dispatched"
    assert ways["elsewhere"].household.head_name not in response.content.decode()
    assert [outcome.moved for outcome in response.context["outcomes"]] == [False, True]


def test_what_lies_elsewhere_looks_like_what_is_nowhere(sign_in, ways):
    pk = ways["elsewhere"].pk
    ticks = [f"{pk}:{ways['elsewhere'].stamp}", f"{pk}:another", f"{2**40}:stamp"]

    answers = [
        sign_in("specialist").post(
            f"{WORK}moves/acknowledge/", {"picked": [tick, f"{ways['free'].pk}:another"], "work": ""}
        )
        for tick in ticks
    ]

    sentences = [answer.context["outcomes"][0].sentence for answer in answers]
    assert len(set(sentences)) == 1
    assert all(answer.context["outcomes"][0].alert is None for answer in answers)


def test_one_alone_is_told_above_the_list(sign_in, ways):
    response = _move(sign_in("specialist"), "acknowledge", [ways["free"]])

    assert response.url == f"{WORK}?tab=mine"


def test_nothing_ticked_leads_back(sign_in, ways):
    assert _move(sign_in("specialist"), "acknowledge", []).url == f"{WORK}?tab=mine"


@pytest.mark.parametrize("ticks", [["x:y"], ["0:y"], ["1' OR 1=1:y"], [f"{pk}:x" for pk in range(1, 302)]])
def test_a_selection_that_cannot_be_read_is_refused(sign_in, ways, ticks):
    assert sign_in("specialist").post(f"{WORK}moves/acknowledge/", {"picked": ticks}).status_code == 400


@pytest.mark.parametrize("code", ["verify", "transfer", "refuse", "withdraw", "reopen", "nothing"])
def test_there_is_no_bulk_for_what_is_said_one_by_one(sign_in, ways, code):
    assert _move(sign_in("specialist"), code, [ways["free"]]).status_code == 404


def test_all_that_match_are_those_of_the_tab_under_its_filters(sign_in, ways):
    response = sign_in("specialist").post(
        f"{WORK}moves/acknowledge/", {"all": "1", "work": "tab=mine&department=medical"}
    )

    said = _said(response)
    assert set(said) == {ways["free"].pk, ways["late"].pk, ways["left"].pk}
    assert said[ways["late"].pk] != "acknowledged"


def test_more_than_the_most_are_told_and_not_cut_in_silence(sign_in, ways, monkeypatch):
    monkeypatch.setattr(bulk, "HIGHEST", 3)

    response = sign_in("specialist").post(f"{WORK}moves/acknowledge/", {"all": "1", "work": "tab=mine"})

    assert len(_said(response)) == 3
    assert response.context["more"] == "还有 1 条符合条件，留待下次办理。"


def test_only_moves_that_some_row_allows_are_offered(sign_in, ways):
    def offered(name, query=""):
        return [move["code"] for move in sign_in(name).get(f"{WORK}?{query}").context["moves"]]

    assert offered("specialist") == ["acknowledge"]
    assert offered("township") == ["dispatch", "acknowledge", "review", "send_back"]
    assert offered("staff") == ["dispatch", "close", "return", "dismiss"]
    assert offered("staff", "tab=others") == []


@pytest.mark.parametrize(
    ("name", "code", "data"), [("staff", "dispatch", {"to": "village"}), ("specialist", "acknowledge", {})]
)
def test_three_hundred_take_less_than_two_seconds(sign_in, cast, today, name, code, data):
    """Over the whole county for the county, and a result for each."""
    places = [VILLAGES[0], ELSEWHERE] if name == "staff" else [VILLAGES[0]]
    fields = {"holder": "county"} if name == "staff" else {"holder": "village", "status": "dispatched"}
    client = sign_in(name)

    def move() -> float:
        homes = [factories.household(village=places[number % len(places)]) for number in range(300)]
        _raise(homes, fields, today)
        alerts = list(ROWS.filter(household__in=homes))
        before = Event.objects.filter(subject="alert").count()
        started = time.perf_counter()
        response = _move(client, code, alerts, confirmed="1", **data)
        took = time.perf_counter() - started
        assert len(_said(response)) == 300
        assert response.context["moved"] == 300
        assert Event.objects.filter(subject="alert").count() == before + 300
        return took

    assert least(move, below=2) < 2


def _raise(homes, fields, today):
    now = timezone.now()
    Alert.objects.bulk_create(
        Alert(
            household=home, county=home.county, township=home.township, village=home.village, kind_id="INC01",
            level="red", status=fields.get("status", "raised"), holder=fields["holder"], due_on=today,
            first_month=dt.date(2022, 6, 1), last_month=dt.date(2022, 6, 1), raised_at=now, changed_at=now,
        )
        for home in homes
    )  # fmt: skip
