"""A tablet without a session, a right or a posting is told so in its own terms, and never led to a page."""

import uuid

import pytest
from django.test import Client

from monitoring.roles import RIGHTS
from tests.conftest import VILLAGES

pytestmark = pytest.mark.django_db
CALLS = [
    ("get", "/tablet/api/me"),
    ("get", f"/tablet/api/villages/{VILLAGES[0]}/"),
    ("post", "/tablet/api/visits/"),
    ("post", f"/tablet/api/photos/{uuid.UUID(int=1)}/{'0' * 64}/"),
]


def _ask(client, call):
    method, url = call
    return getattr(client, method)(url, **({"content_type": "application/json"} if method == "post" else {}))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("who", ["anonymous", "leaver", "stranger"])
def test_who_is_not_signed_in_is_told_so(sign_in, who, call):
    answer = _ask(Client() if who == "anonymous" else sign_in(who), call)

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert answer.json()["sentence"]


def test_who_lost_the_posting_is_told_that_it_is_why(sign_in):
    assert _ask(sign_in("leaver"), CALLS[0]).json()["ended"] == "posting"
    assert _ask(Client(), CALLS[0]).json()["ended"] == ""


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("who", ["auditor", "officer"])
def test_who_may_not_write_visits_is_told_so(sign_in, who, call):
    answer = _ask(sign_in(who), call)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_who_is_signed_in_is_named_with_the_villages_of_the_posting(sign_in, cast):
    client = sign_in("specialist")

    answer = client.get("/tablet/api/me")

    said = answer.json()
    assert said["user"] == {"id": cast.specialist.pk, "name": "specialist"}
    assert [village["code"] for village in said["villages"]] == list(VILLAGES)
    assert set(said) == {"user", "villages", "server_time", "form"}
    assert "csrftoken" in answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_a_township_is_named_all_its_villages(sign_in):
    villages = sign_in("township").get("/tablet/api/me").json()["villages"]

    assert set(VILLAGES) <= {village["code"] for village in villages}
    assert {village["code"][:9] for village in villages} == {VILLAGES[0][:9]}


def test_the_right_is_one_of_the_table():
    assert "visits.add" in RIGHTS
