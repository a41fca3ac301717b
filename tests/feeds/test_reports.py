"""A hotline's own system hands in tickets: the same road as the desk's, once each, sealed, within its area."""

import json

import pytest

from alerts.models import Alert, Report
from households.models import AuditEntry, Event
from households.privacy.seal import lookup_hash, seal, unseal
from monitoring.feeds.models import IdempotentAnswer
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.feeds.conftest import ALL, COUNTY

URL = "/api/v1/reports/"
# Made up; the check digit fits.
NUMBER = "420527198005052312"
NAME, WORDS, PHONE = "欧阳明", "住院花光了积蓄", "13800001234"


def _body(**fields) -> dict:
    body = {
        "source": "12345", "ticket": "ZG-2026-0077", "village": VILLAGES[0], "name": NAME, "risk": "illness",
        "group": "三组", "words": WORDS, "phone": PHONE,
    }  # fmt: skip
    return {name: value for name, value in (body | fields).items() if value is not None}


@pytest.fixture
def hotline(pull):
    return pull(COUNTY, ("reports:write",))


@pytest.fixture
def resident(db):
    """Somebody with a number, in a household of the first village."""
    household = factories.household(village=VILLAGES[0], members=1)
    return factories.person(
        household=household, identity_sealed=seal(NUMBER), identity_hash=lookup_hash(NUMBER)
    ).memberships.get()


def test_a_ticket_raises_an_alert_and_says_which(hotline):
    response = hotline.post(URL, _body())

    report, alert = Report.objects.get(), Alert.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": report.pk, "source": "12345", "ticket": "ZG-2026-0077", "state": "accepted", "alert": alert.pk,
        "new": True,
    }  # fmt: skip
    assert (alert.kind_id, alert.village, alert.report) == ("HOTLINE.illness", VILLAGES[0], report.uid)
    assert (report.entered_by, report.checked_by, report.group) == (None, None, "三组")
    assert (unseal(report.phone_sealed), unseal(report.words_sealed)) == (PHONE, WORDS)
    assert Event.objects.filter(kind="alert_raised", subject_id=alert.pk).count() == 1


def test_the_audit_trail_names_the_key_and_nothing_of_the_person(hotline):
    hotline.post(URL, _body(identity=NUMBER))

    entry = AuditEntry.objects.get(action="report_entered")
    assert entry.detail == {"source": "12345", "prefix": hotline.client.prefix}
    assert entry.actor is None


def test_nothing_that_was_said_is_kept_open_or_given_back(hotline, pull):
    answer = hotline.post(URL, _body(identity=NUMBER))

    event = pull().get("/api/v1/events/").json()
    kept = str(list(IdempotentAnswer.objects.values())) + str(list(AuditEntry.objects.values()))
    for word in (NAME, WORDS, PHONE, NUMBER):
        assert word not in answer.content.decode() + kept + json.dumps(event, ensure_ascii=False)


def test_the_same_ticket_is_one_report_whoever_hands_it_in_again(hotline, pull):
    first = hotline.post(URL, _body())
    again = hotline.post(URL, _body(words="又打来一次"))
    other = pull(TOWNSHIP, ALL).post(URL, _body())

    assert (again.status_code, other.status_code) == (200, 200)
    assert again.json() == other.json() == first.json() | {"new": False}
    assert (Report.objects.count(), Alert.objects.count()) == (1, 1)
    assert hotline.post(URL, _body(source="12317")).status_code == 201


def test_a_retry_is_answered_with_the_first_answer(hotline):
    first = hotline.post(URL, _body(), once="k1")
    again = hotline.post(URL, _body(), once="k1")

    assert (again.status_code, again.content) == (201, first.content)
    assert Report.objects.count() == 1


def test_an_identity_number_finds_the_household_and_joins_its_open_alert(hotline, resident):
    first = hotline.post(URL, _body(identity=NUMBER.lower() + " ", village=VILLAGES[1])).json()
    second = hotline.post(URL, _body(identity=NUMBER, ticket="2")).json()

    report = Report.objects.get(pk=first["id"])
    assert (report.household, report.village) == (resident.household, VILLAGES[0])
    assert first["alert"] == second["alert"]
    assert unseal(report.identity_sealed) == NUMBER


def test_a_number_of_another_area_tells_nothing(pull, resident):
    elsewhere = pull(ELSEWHERE[:9], ("reports:write",))

    answer = elsewhere.post(URL, _body(identity=NUMBER, village=ELSEWHERE))

    assert answer.status_code == 201
    report = Report.objects.get()
    assert (report.household, report.village) == (None, ELSEWHERE)


@pytest.mark.parametrize("village", [ELSEWHERE, "420527103999", TOWNSHIP, "420528101201", "x"])
def test_a_village_elsewhere_is_refused(pull, village):
    answer = pull(TOWNSHIP, ("reports:write",)).post(URL, _body(village=village))

    assert (answer.status_code, answer.json()["code"]) == (422, "report_refused")
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "parameter", "code"),
    [
        ({"source": "township"}, "source", "invalid_value"),
        ({"source": "public"}, "source", "invalid_value"),
        ({"source": None}, "source", "missing_parameter"),
        ({"ticket": ""}, "ticket", "missing_parameter"),
        ({"ticket": "  "}, "ticket", "missing_parameter"),
        ({"ticket": "1" * 41}, "ticket", "invalid_value"),
        ({"village": None}, "village", "missing_parameter"),
        ({"name": None}, "name", "missing_parameter"),
        ({"name": "名" * 41}, "name", "invalid_value"),
        ({"name": "a\x00b"}, "name", "invalid_value"),
        ({"name": "a\x1bb"}, "name", "invalid_value"),
        ({"risk": "plague"}, "risk", "invalid_value"),
        ({"words": "字" * 501}, "words", "invalid_value"),
        ({"phone": 13800001234}, "phone", "invalid_value"),
        ({"phone": "1" * 21}, "phone", "invalid_value"),
        ({"phone": "12"}, "phone", "invalid_value"),
        ({"identity": NUMBER[:-1] + "1"}, "identity", "invalid_value"),
        ({"identity": "1234"}, "identity", "invalid_value"),
        ({"household": 5}, "household", "unknown_parameter"),
    ],
)
def test_it_names_what_is_wrong_and_never_what_was_written(hotline, wrong, parameter, code):
    answer = hotline.post(URL, _body(**wrong))

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert NUMBER[:-1] not in answer.content.decode() and WORDS not in answer.content.decode()
    assert not Report.objects.exists()


def test_it_may_be_short_of_what_nobody_said(hotline):
    answer = hotline.post(URL, _body(group=None, words=None, phone=None))

    assert answer.status_code == 201


@pytest.mark.parametrize("scopes", [("alerts:read", "events:read", "alerts:write"), ("alerts:write",)])
def test_moving_alerts_is_no_leave_to_report(pull, scopes):
    answer = pull(COUNTY, scopes).post(URL, _body())

    assert (answer.status_code, answer.json()["scope"]) == (403, "reports:write")


def test_it_is_written_only(hotline):
    assert hotline.get(URL).status_code == 405
