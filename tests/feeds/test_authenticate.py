"""Who may pull: keys, their end, and their scopes."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from monitoring.feeds.models import ApiClient
from monitoring.feeds.services import revoke_client

ALERTS, EVENTS = "/api/v1/alerts/", "/api/v1/events/"
PROBLEM = "application/problem+json"


def _code(response, status: int) -> str:
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    assert body["type"] == f"urn:monitoring:problem:{body['code']}"
    assert body["text"]["zh"] and body["text"]["en"]
    return body["code"]


@pytest.mark.django_db
@pytest.mark.parametrize("url", [ALERTS, EVENTS, f"{ALERTS}1/"])
@pytest.mark.parametrize("header", [None, "", "Bearer abc", "Api-KeyX abc", "Basic YTpi"])
def test_it_asks_for_a_key(url, header):
    headers = {} if header is None else {"Authorization": header}

    response = Client().get(url, headers=headers)

    assert _code(response, 401) == "not_authenticated"
    assert response["WWW-Authenticate"].startswith("Api-Key")


def test_a_session_is_no_key(sign_in):
    assert _code(sign_in("admin").get(ALERTS), 401) == "not_authenticated"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: "aaaaaaaa" + key[8:],
        lambda key: key[:8],
        lambda key: key[:8] + ".",
        lambda key: key + "x",
        lambda key: key.replace(".", "\x00"),
        lambda key: key[:8] + ".密" + key[10:],
        lambda key: "",
        lambda key: "x" * 100_000,
    ],
)
def test_it_refuses_a_wrong_key(pull, spoil):
    pulling = pull()
    pulling.key = spoil(pulling.key)

    assert _code(pulling.get(ALERTS), 401) == "key_invalid"


def test_it_refuses_an_expired_and_a_revoked_key_and_says_which(pull, cast):
    expired, revoked = pull(), pull()
    ApiClient.objects.filter(pk=expired.client.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    revoke_client(client=revoked.client, by=cast.admin)

    assert _code(expired.get(ALERTS), 401) == "key_expired"
    assert _code(revoked.get(ALERTS), 401) == "key_revoked"


def test_who_does_not_hold_the_key_is_not_told_that_it_was_revoked(pull, cast):
    revoked = pull()
    revoke_client(client=revoked.client, by=cast.admin)
    revoked.key = revoked.key[:9] + "A" * 43

    assert _code(revoked.get(ALERTS), 401) == "key_invalid"


@pytest.mark.parametrize(
    ("scopes", "url", "status"),
    [
        (["alerts:read"], ALERTS, 200),
        (["alerts:read"], EVENTS, 403),
        (["events:read"], EVENTS, 200),
        (["events:read"], ALERTS, 403),
        (["events:read"], f"{ALERTS}1/", 403),
    ],
)
def test_a_key_is_good_for_its_scopes(pull, scopes, url, status):
    response = pull(scopes=scopes).get(url)

    assert response.status_code == status
    if status == 403:
        assert _code(response, 403) == "scope_missing"
        assert response.json()["scope"] not in scopes


def test_the_keyword_may_be_written_in_any_case(pull):
    pulling = pull()

    response = Client().get(ALERTS, headers={"Authorization": f"api-key  {pulling.key}"})

    assert response.status_code == 200


def test_it_notes_the_use_once_a_day(pull, django_assert_num_queries):
    pulling = pull()
    assert pulling.client.last_used_on is None
    pulling.get(ALERTS)
    pulling.client.refresh_from_db()
    assert pulling.client.last_used_on == timezone.localdate()

    with django_assert_num_queries(2) as queries:
        pulling.get(ALERTS)

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_feed_is_only_read(pull, method):
    response = getattr(Client(), method)(ALERTS, headers={"Authorization": f"Api-Key {pull().key}"})

    assert _code(response, 405) == "method_not_allowed"


def test_what_is_no_json_is_not_to_be_had(pull):
    assert _code(pull().get(ALERTS, Accept="text/html"), 406) == "not_acceptable"


def test_a_page_of_the_site_is_not_opened_by_a_key(pull):
    assert pull().get("/alerts/").status_code == 302
