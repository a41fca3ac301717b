"""The alert feed: what a row says, who sees which, how one leafs, and what is refused."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert
from monitoring.feeds.models import ApiClient
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.feeds.conftest import AREAS

FEED = "/api/v1/alerts/"
MAY, JUNE = dt.date(2022, 5, 1), dt.date(2022, 6, 1)


@pytest.fixture
def here(db):
    return factories.household(village=VILLAGES[0], head_name="欧阳明", members=1)


def _ids(response) -> list[int]:
    assert response.status_code == 200, response.json()
    return [row["id"] for row in response.json()["results"]]


def test_a_row_says_everything_but_who(pull, here):
    net, line = {"net": 21345.5}, {"code": "income_line", "value": "6900.0000"}
    alert = factories.alert(
        household=here, level="red", first_month=MAY, last_month=JUNE, months_found=2, values=net, threshold=line
    )

    row = pull().get(f"{FEED}{alert.pk}/").json()

    assert all(dt.datetime.fromisoformat(row.pop(key)).tzinfo for key in ("raised_at", "changed_at"))
    assert row.pop("kind") == {
        "code": "INC01",
        "name": {"zh": "人均纯收入低于监测范围", "en": "Net income per head below the monitoring line"},
        "nature": "state",
        "channel": "rule",
    }
    assert row.pop("household") == {"id": here.pk, "code": here.code, "head": "欧**"}
    assert row.pop("place") == {
        "county": "420527", "township": TOWNSHIP, "village": VILLAGES[0], "name": "长江村村民委员会",
    }  # fmt: skip
    assert row.pop("sentence") == {"zh": "人均纯收入低于监测范围", "en": "Net income per head below the line"}
    assert (row.pop("values"), row.pop("threshold")) == (net, line)
    assert row == {
        "id": alert.pk, "department": "rural", "risk": "income", "level": "red", "status": "raised", "open": True,
        "first_month": "2022-05", "last_month": "2022-06", "months_found": 2, "not_found_month": None,
        "closed_at": None, "channel": "rule", "holder": "county", "handled_in": None, "due_on": None,
        "verify_by": None, "verdict": None, "risks": [], "reason": None, "outcome": None, "dispatched_at": None,
        "verified_at": None,
    }  # fmt: skip


def test_no_name_leaves_the_county(pull, here):
    factories.alert(household=here)

    body = pull().get(FEED).content.decode()

    assert "欧阳明" not in body
    assert "欧**" in body


def test_an_alert_of_an_area_has_no_household(pull):
    Alert.objects.create(
        area_id=TOWNSHIP,
        county="420527",
        township=TOWNSHIP,
        kind_id="INC01",
        level="red",
        first_month=JUNE,
        last_month=JUNE,
        raised_at=timezone.now(),
        changed_at=timezone.now(),
    )

    (row,) = pull(TOWNSHIP).get(FEED).json()["results"]

    assert row["household"] is None
    assert (row["place"]["village"], row["place"]["name"]) == (None, "屈原镇")


@pytest.mark.parametrize(
    ("area", "sees"),
    [
        ("county", {"here", "next", "elsewhere"}),
        ("township", {"here", "next"}),
        ("village", {"here"}),
        ("elsewhere", {"elsewhere"}),
    ],
)
def test_a_key_shows_its_area_and_nothing_else(pull, here, area, sees):
    alerts = {
        "here": factories.alert(household=here).pk,
        "next": factories.alert(household=factories.household(village=VILLAGES[1])).pk,
        "elsewhere": factories.alert(household=factories.household(village=ELSEWHERE)).pk,
    }
    pulling = pull(AREAS[area])

    assert set(_ids(pulling.get(FEED))) == {alerts[name] for name in sees}
    for name, pk in alerts.items():
        assert pulling.get(f"{FEED}{pk}/").status_code == (200 if name in sees else 404)


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_what_is_not_there_is_404(pull, pk):
    response = pull().get(f"{FEED}{pk}/")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_it_filters_like_the_page(pull, here):
    red = factories.alert(household=here, level="red").pk
    factories.alert(household=here, kind="MED09")
    closed = factories.alert(household=here, kind="MED01", closed=True).pk
    pulling = pull()

    assert _ids(pulling.get(f"{FEED}?level=red&department=rural&month=2022-06")) == [red]
    assert _ids(pulling.get(f"{FEED}?open=false")) == [closed]
    assert len(_ids(pulling.get(FEED))) == 3


@pytest.mark.parametrize(
    ("query", "parameter", "code", "allowed"),
    [
        ("levl=red", "levl", "unknown_parameter", "not_found"),
        ("format=xml", "format", "unknown_parameter", "limit"),
        ("level=pink", "level", "invalid_value", "yellow"),
        ("level=", "level", "invalid_value", "yellow"),
        ("level=red%00", "level", "invalid_value", "red"),
        ("kind=INC99", "kind", "invalid_value", "INC01"),
        ("kind=%00", "kind", "invalid_value", "INC01"),
        ("village=420527101201", "village", "invalid_value", VILLAGES[0]),
        ("village=%00", "village", "invalid_value", VILLAGES[0]),
        ("month=2022-13", "month", "invalid_value", "YYYY-MM"),
        ("month=99999-01", "month", "invalid_value", "YYYY-MM"),
        ("first_month=%F0%9F%98%80", "first_month", "invalid_value", "YYYY-MM"),
        ("household=-1", "household", "invalid_value", "1 – 9223372036854775807"),
        ("household=1e9", "household", "invalid_value", "1 – 9223372036854775807"),
        ("limit=0", "limit", "invalid_value", "1 – 500"),
        ("limit=501", "limit", "invalid_value", "1 – 500"),
        ("limit=%EF%BC%91", "limit", "invalid_value", "1 – 500"),
        ("limit=", "limit", "invalid_value", "1 – 500"),
        ("before=9223372036854775808", "before", "invalid_value", "1 – 9223372036854775807"),
        ("before=%00", "before", "invalid_value", "1 – 9223372036854775807"),
        ("before=5&after=3", "after", "conflicting_parameters", "before"),
        ("level=red&level=red", "level", "repeated_parameter", "level"),
        ("%00=x", "\x00", "unknown_parameter", "level"),
        ("%FF=x", "�", "unknown_parameter", "level"),
    ],
)
def test_it_refuses_what_it_does_not_know_and_names_what_it_does(pull, query, parameter, code, allowed):
    response = pull(TOWNSHIP).get(f"{FEED}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == "bad_parameters"
    (error,) = body["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert allowed in error["allowed"]
    assert error["text"]["zh"] and error["text"]["en"]
    assert ELSEWHERE not in error["allowed"]


def test_it_names_everything_that_is_wrong_at_once(pull):
    body = pull().get(f"{FEED}?level=x&status=y&limit=z&w=1").json()

    assert {error["parameter"] for error in body["errors"]} == {"level", "status", "limit", "w"}


def test_a_long_unknown_name_is_not_sent_back_whole(pull):
    body = pull().get(f"{FEED}?{'n' * 3000}=1").json()

    assert len(json.dumps(body)) < 2000


def test_the_detail_takes_no_parameter(pull, here):
    alert = factories.alert(household=here)

    assert pull().get(f"{FEED}{alert.pk}/?level=red").status_code == 400


def test_it_leafs_to_the_end_and_back(pull, here):
    newest_first = [
        factories.alert(household=factories.household(village=VILLAGES[0]), level="red").pk for _i in range(5)
    ][::-1]
    factories.alert(household=here)
    pulling = pull(VILLAGES[0])

    first = pulling.get(f"{FEED}?limit=2&level=red")
    second = pulling.get(first.json()["next"])
    third = pulling.get(second.json()["next"])

    assert _ids(first) + _ids(second) + _ids(third) == newest_first
    assert first.json()["previous"] is None
    assert third.json()["next"] is None
    assert "level=red" in first.json()["next"]
    assert _ids(pulling.get(third.json()["previous"])) == _ids(second)


def test_a_page_has_a_hundred_rows_unless_asked_for_more(pull):
    houses = [factories.household(village=VILLAGES[0]) for _i in range(102)]
    for house in houses:
        factories.alert(household=house)
    pulling = pull()

    assert len(_ids(pulling.get(FEED))) == 100
    assert len(_ids(pulling.get(f"{FEED}?limit=500"))) == 102


@pytest.mark.parametrize(
    "query", ["", f"?village={VILLAGES[0]}&department=rural&limit=500", "?kind=INC01&before=999"]
)
def test_a_request_costs_at_most_five_queries_on_the_first_use_of_a_day_too(pull, here, query):
    for _i in range(10):
        factories.alert(household=factories.household(village=VILLAGES[0]))
    pulling = pull()
    assert ApiClient.objects.get(pk=pulling.client.pk).last_used_on is None

    with CaptureQueriesContext(connection) as queries:
        assert pulling.get(FEED + query).status_code == 200

    assert len(queries) <= 5, [query["sql"][:90] for query in queries]
