"""A client moves alerts: the same table, the same locks, the same words as on the page."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from alerts.travel.withdrawing import acted_on, withdraw_alerts
from households.models import Event
from tests import factories
from tests.conftest import TOWNSHIP, VILLAGES
from tests.feeds.conftest import ALL, COUNTY

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def alert(cast):
    return factories.alert(household=factories.household(village=VILLAGES[0], head_name="欧阳明", members=1))


@pytest.fixture
def keys(pull):
    """A key that moves for each level, of the alert's own place."""
    areas = {"county": COUNTY, "township": TOWNSHIP, "village": VILLAGES[0]}
    return {level: pull(area, ALL) for level, area in areas.items()}


def _url(alert) -> str:
    return f"/api/v1/alerts/{alert.pk}/moves/"


def _refusal(response, status: int) -> dict:
    assert response.status_code == status, response.json()
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["text"]["zh"] and body["text"]["en"]
    return body


WALK = (
    ("county", {"move": "dispatch", "to": "village"}, "dispatched", "village"),
    ("village", {"move": "acknowledge"}, "acknowledged", "village"),
    ("village", {"move": "verify", "verdict": "confirmed", "risks": ["income"]}, "verified", "township"),
    ("township", {"move": "send_back", "note": "补充收入情况"}, "acknowledged", "village"),
    ("village", {"move": "verify", "verdict": "no_risk", "reason": "solved"}, "verified", "township"),
    ("township", {"move": "review"}, "reviewed", "county"),
    ("county", {"move": "return", "note": "请核对"}, "verified", "township"),
    ("township", {"move": "review", "note": "已核对"}, "reviewed", "county"),
    ("county", {"move": "close", "outcome": "no_risk"}, "closed", "county"),
    ("county", {"move": "reopen", "note": "新情况"}, "raised", "county"),
)  # fmt: skip


def test_three_clients_walk_an_alert_from_finding_to_closing(keys, alert):
    for level, body, status, holder in WALK:
        read = keys[level].get(f"/api/v1/alerts/{alert.pk}/").json()

        answer = keys[level].move(alert, **body, seen=read["changed_at"])

        assert answer.status_code == 200, (body, answer.json())
        assert (answer.json()["status"], answer.json()["holder"]) == (status, holder), body
        # It answers with the alert as everybody reads it.
        assert answer.json() == keys[level].get(f"/api/v1/alerts/{alert.pk}/").json()
    events = Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("pk")
    assert [event.client_id for event in events] == [keys[level].client.pk for level, *_rest in WALK]
    assert not any(event.actor_id for event in events)


def test_what_it_says_is_possible_is_possible_and_names_what_is_needed(keys, alert):
    possible = keys["county"].get(_url(alert)).json()

    assert [move["move"] for move in possible["moves"]] == ["dispatch", "dismiss"]
    dispatch, dismiss = possible["moves"]
    assert dispatch["leads_to"] == "dispatched"
    assert dispatch["fields"][0] == {
        "name": "to", "required": True, "allowed": ["township", "village"], "when": {},
    }  # fmt: skip
    assert {field["name"]: field["required"] for field in dismiss["fields"]} == {
        "outcome": True, "reason": False, "note": True,
    }  # fmt: skip
    assert keys["county"].move(alert, "dispatch", to="village", seen=possible["seen"]).status_code == 200
    assert keys["village"].move(alert, "acknowledge").status_code == 200
    verify = {move["move"]: move for move in keys["village"].get(_url(alert)).json()["moves"]}["verify"]
    asked = {field["name"]: field for field in verify["fields"]}
    assert asked["risks"]["when"] == {"verdict": ["confirmed"]}
    assert asked["note"]["when"] == {"verdict": ["unclear"], "reason": ["other"]}
    assert keys["township"].get(_url(alert)).json()["moves"][0]["move"] == "transfer"


def test_it_offers_villages_of_the_township_for_a_transfer(keys, alert, cast):
    make_move(alert_id=alert.pk, move="dispatch", given=Given(to="village"), by=Mover.of_user(cast.staff))

    transfer = {move["move"]: move for move in keys["village"].get(_url(alert)).json()["moves"]}["transfer"]

    villages = transfer["fields"][0]["allowed"]
    assert VILLAGES[1] in villages and VILLAGES[0] not in villages
    assert all(village.startswith(TOWNSHIP) for village in villages)
    answer = keys["village"].move(alert, "transfer", village=VILLAGES[1], note="住在邻村")
    assert (answer.status_code, answer.json()["handled_in"]) == (200, VILLAGES[1])


@pytest.mark.parametrize(
    ("level", "body", "status", "code", "field"),
    [
        ("county", {"move": "dispatch"}, 422, "move_needs", "to"),
        ("county", {"move": "dismiss", "note": "重复"}, 422, "move_needs", "outcome"),
        ("county", {"move": "dismiss", "outcome": "duplicate"}, 422, "move_needs", "note"),
        ("county", {"move": "dismiss", "outcome": "watch", "note": "再看"}, 422, "move_needs", "outcome"),
        ("county", {"move": "dismiss", "outcome": "duplicate", "note": "字" * 501}, 422, "move_needs", "note"),
        ("county", {"move": "close", "outcome": "watch"}, 409, "move_not_possible", None),
        ("county", {"move": "acknowledge"}, 409, "move_not_possible", None),
        ("township", {"move": "dispatch", "to": "village"}, 409, "move_not_possible", None),
        ("village", {"move": "verify", "verdict": "unclear", "note": "再看"}, 409, "move_not_possible", None),
        (
            "county",
            {"move": "dispatch", "to": "village", "seen": "2020-01-01T00:00:00Z"},
            409,
            "alert_changed",
            None,
        ),
    ],
)
def test_a_refusal_names_its_reason_and_changes_nothing(keys, alert, level, body, status, code, field):
    before = Alert.objects.values().get(pk=alert.pk)

    refusal = _refusal(keys[level].move(alert, **body), status)

    assert refusal["code"] == code
    assert refusal.get("field") == field
    assert refusal["detail"]
    assert Alert.objects.values().get(pk=alert.pk) == before
    assert not Event.objects.filter(subject="alert").exists()


@pytest.mark.parametrize(
    ("body", "parameter", "code"),
    [
        ({}, "move", "missing_parameter"),
        ({"move": None}, "move", "missing_parameter"),
        ({"move": "withdraw"}, "move", "invalid_value"),
        ({"move": "close_together"}, "move", "invalid_value"),
        ({"move": "delete"}, "move", "invalid_value"),
        ({"move": ["review"]}, "move", "invalid_value"),
        ({"move": "dispatch", "too": "village"}, "too", "unknown_parameter"),
        ({"move": "acknowledge", "verdict": "confirmed"}, "verdict", "unknown_parameter"),
        ({"move": "review", "outcome": "watch"}, "outcome", "unknown_parameter"),
        ({"move": "dispatch", "to": "county"}, "to", "invalid_value"),
        ({"move": "dispatch", "to": "village", "note": "a\x00b"}, "note", "invalid_value"),
        ({"move": "dispatch", "to": "village", "note": 5}, "note", "invalid_value"),
        ({"move": "verify", "verdict": "maybe"}, "verdict", "invalid_value"),
        ({"move": "verify", "verdict": "confirmed", "risks": "illness"}, "risks", "invalid_value"),
        ({"move": "verify", "verdict": "confirmed", "risks": ["plague"]}, "risks", "invalid_value"),
        ({"move": "verify", "verdict": "no_risk", "risks": ["illness"]}, "risks", "conflicting_parameters"),
        ({"move": "verify", "verdict": "unclear", "reason": "solved"}, "reason", "conflicting_parameters"),
        ({"move": "dispatch", "to": "village", "seen": "yesterday"}, "seen", "invalid_value"),
        ({"move": "dispatch", "to": "village", "seen": "2026-11-01T00:00:00"}, "seen", "invalid_value"),
        ({"move": "dispatch", "to": "village", "seen": "0001-01-01T00:00:00+23:59"}, "seen", "invalid_value"),
        ({"move": "dispatch", "to": "village", "\x00": 1}, "\x00", "unknown_parameter"),
    ],
)
def test_it_names_what_it_does_not_know(keys, alert, body, parameter, code):
    problem = _refusal(keys["county"].post(_url(alert), body), 400)

    assert problem["code"] == "bad_parameters"
    (error,) = problem["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert not Event.objects.filter(subject="alert").exists()


def test_it_names_everything_that_is_wrong_at_once(keys, alert):
    problem = keys["county"].post(_url(alert), {"move": "x", "to": "y", "z": 1}).json()

    assert {error["parameter"] for error in problem["errors"]} == {"move", "to", "z"}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b'"review"', b"null", b'{"move": NaN}', b'{"move": "\\ud800"}', b"\xff\xfe{}",
        b'{"move": "dispatch", "to": "township", "to": "village"}', b"[" * 9000,
        b'{"a":' * 2500 + b"1" + b"}" * 2500,
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_no_request(keys, alert, raw):
    problem = _refusal(keys["county"].post(_url(alert), raw), 400)

    assert problem["code"] in ("bad_request", "bad_parameters")


def test_a_body_has_sixteen_kibibytes_at_most(keys, alert):
    spaces = b" " * (16 * 1024 - len(b'{"move": "acknowledge"}'))
    fits = b'{"move": "acknowledge"' + spaces + b"}"

    assert _refusal(keys["county"].post(_url(alert), fits), 409)["code"] == "move_not_possible"
    assert _refusal(keys["county"].post(_url(alert), fits + b" "), 413)["code"] == "body_too_large"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_it_takes_json_only(keys, alert, kind):
    problem = _refusal(keys["county"].post(_url(alert), b"move=review", content_type=kind), 415)

    assert problem["code"] == "unsupported_media_type"


def test_outside_the_area_of_the_key_there_is_nothing(pull, alert):
    elsewhere = pull("420527101", ALL)

    assert elsewhere.get(_url(alert)).status_code == 404
    assert _refusal(elsewhere.move(alert, "acknowledge"), 404)["code"] == "not_found"


@pytest.mark.parametrize("scopes", [("alerts:read", "events:read"), ("reports:write",)])
def test_reading_is_no_leave_to_write(pull, alert, scopes):
    reader = pull(COUNTY, scopes)

    assert _refusal(reader.move(alert, "dispatch", to="village"), 403)["scope"] == "alerts:write"
    assert reader.get(_url(alert)).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused_with_those_that_are_not(keys, alert, method):
    headers = {"Authorization": f"Api-Key {keys['county'].key}"}
    response = getattr(Client(), method)(_url(alert), headers=headers)

    assert _refusal(response, 405)["code"] == "method_not_allowed"
    assert "POST" in response["Allow"]


def test_the_note_stands_in_the_event_and_in_no_answer(keys, alert, pull):
    note = "户主患尘肺病"
    answer = keys["county"].move(alert, "dispatch", to="village", note=note)

    assert Event.objects.get(subject="alert").note == note
    for response in (answer, pull().get("/api/v1/events/"), keys["county"].get(_url(alert))):
        assert "尘肺" not in json.dumps(response.json(), ensure_ascii=False)
    assert "欧阳明" not in answer.content.decode()


def test_a_move_is_dated_by_the_server(keys, alert):
    answer = keys["county"].move(alert, "dispatch", to="village").json()

    assert dt.datetime.fromisoformat(answer["changed_at"]) <= timezone.now()
    assert answer["due_on"] >= timezone.localdate().isoformat()
    assert answer["dispatched_at"] == answer["changed_at"]


def test_what_a_client_acted_on_is_not_withdrawn_with_its_evidence(keys, alert):
    untouched = factories.alert(household=factories.household(village=VILLAGES[0], members=1))
    for one in (alert, untouched):
        assert keys["county"].move(one, "dispatch", to="village").status_code == 200
    assert keys["village"].move(alert, "refuse", note="不属于本村").json()["status"] == "dispatched"

    assert withdraw_alerts(ids=[alert.pk, untouched.pk], by=None) == [untouched.pk]
    assert acted_on([alert.pk, untouched.pk]) == {alert.pk}


def test_the_page_says_that_a_system_acted(keys, alert, sign_in):
    keys["county"].move(alert, "dispatch", to="village", note="按县平台")

    page = sign_in("specialist").get(f"/alerts/{alert.pk}/").content.decode()

    assert "接口客户端" in page
    assert "按县平台" in page
