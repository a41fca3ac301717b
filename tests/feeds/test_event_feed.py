"""The change feed: complete up to a number, in the key's area."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.ledger.services import record_event
from households.models import Event
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.feeds.conftest import AREAS

FEED = "/api/v1/events/"


@pytest.fixture
def places(db):
    villages = {"here": VILLAGES[0], "next": VILLAGES[1], "elsewhere": ELSEWHERE}
    return {name: factories.household(village=village) for name, village in villages.items()}


def _note(place, subject_id: int = 1, **changes):
    return record_event(kind="alert_raised", subject="alert", subject_id=subject_id, place=place, **changes)


def _numbers(response) -> list[int]:
    assert response.status_code == 200, response.json()
    return [row["number"] for row in response.json()["results"]]


def test_it_numbers_what_is_new_before_it_reads(pull, places):
    _note(places["here"], 7, status_after="raised", level_after="red")

    body = pull().get(FEED).json()

    (row,) = body["results"]
    assert row.pop("at")
    assert row == {
        "number": 1,
        "kind": "alert_raised",
        "subject": "alert",
        "subject_id": 7,
        "status": {"before": None, "after": "raised"},
        "level": {"before": None, "after": "red"},
        "place": {"county": "420527", "township": TOWNSHIP, "village": VILLAGES[0]},
        "detail": {},
        "client": False,
    }
    assert (body["next_after"], body["more"]) == (1, False)


def test_a_reader_that_goes_on_misses_nothing_and_reads_nothing_twice(pull, places):
    pulling = pull()
    read, after = [], 0
    for _round in range(3):
        for _i in range(3):
            _note(places["here"])
        more = True
        while more:
            body = pulling.get(f"{FEED}?after={after}&limit=2").json()
            read += [row["number"] for row in body["results"]]
            after, more = body["next_after"], body["more"]

    assert read == list(range(1, 10))
    assert pulling.get(f"{FEED}?after={after}").json() == {"results": [], "next_after": 9, "more": False}


@pytest.mark.parametrize(
    ("area", "sees"),
    [("county", [1, 2, 3]), ("township", [1, 2]), ("village", [1]), ("elsewhere", [3])],
)
def test_a_key_shows_its_area_and_nothing_else(pull, places, area, sees):
    for place in places.values():
        _note(place)

    assert _numbers(pull(AREAS[area]).get(FEED)) == sees


def test_it_carries_no_personal_data(pull, places):
    _note(places["here"])

    assert places["here"].head_name not in pull().get(FEED).content.decode()


def test_it_gives_codes_and_days_of_a_move_and_never_what_a_person_wrote(pull, places):
    codes = {
        "holder": ["village", "township"], "due_on": "2026-10-09", "verdict": "confirmed", "risks": ["illness"],
        "reason": "solved", "outcome": "watch", "to": "village", "move": "verify",
    }  # fmt: skip
    _note(
        places["here"],
        note="户主患尘肺病",
        detail=codes | {"report": 4, "words": "尘肺", "note": "尘肺"},
        client_id=3,
    )
    _note(places["here"], detail={"to": 17, "verdict": None})

    response = pull().get(FEED)

    with_codes, with_an_account = response.json()["results"]
    assert (with_codes["detail"], with_codes["client"]) == (codes, True)
    assert (with_an_account["detail"], with_an_account["client"]) == ({}, False)
    assert "尘肺" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("before=1", "before", "after"),
        ("kind=alert_raised", "kind", "limit"),
        ("after=-1", "after", "0 – 9223372036854775807"),
        ("after=", "after", "0 – 9223372036854775807"),
        ("after=%00", "after", "0 – 9223372036854775807"),
        ("after=9223372036854775808", "after", "0 – 9223372036854775807"),
        ("limit=501", "limit", "1 – 500"),
        ("after=1&after=2", "after", "after"),
    ],
)
def test_it_refuses_what_it_does_not_know(pull, query, parameter, allowed):
    response = pull().get(f"{FEED}?{query}")

    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["parameter"] == parameter
    assert allowed in error["allowed"]


def test_a_request_costs_at_most_five_queries(pull, places):
    pulling = pull()
    pulling.get(FEED)
    for _i in range(20):
        _note(places["here"])

    with CaptureQueriesContext(connection) as fresh:
        pulling.get(FEED)
    with CaptureQueriesContext(connection) as nothing_new:
        pulling.get(FEED)

    # The test's own transaction shows as a savepoint; elsewhere BEGIN and COMMIT travel with the statements.
    statements = [query for query in fresh if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 5
    assert len(nothing_new) <= 3
    assert not Event.objects.filter(number__isnull=True).exists()
