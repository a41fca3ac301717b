"""The page of API clients: making a key, showing it once, revoking it."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from households.models import Area, AuditEntry
from households.refusal import Refused
from monitoring.feeds.keys import hash_secret
from monitoring.feeds.models import ApiClient
from monitoring.feeds.services import create_client, revoke_client
from tests.conftest import TOWNSHIP, VILLAGES

LIST, CREATE = "/clients/", "/clients/create/"


def _form(**fields) -> dict:
    last_day = timezone.localdate() + dt.timedelta(days=fields.pop("days", 30))
    return {
        "name": "省平台",
        "area": TOWNSHIP,
        "scopes": ["alerts:read"],
        "last_day": last_day.isoformat(),
    } | fields


@pytest.fixture
def key(sign_in):
    """Makes a client through the page; returns its key."""

    def _key(**fields) -> str:
        response = sign_in("admin").post(CREATE, _form(**fields))
        assert response.status_code == 200
        return re.search(r"<code[^>]*data-key>([^<]+)</code>", response.content.decode())[1]

    return _key


def test_a_key_made_on_the_page_works(key):
    response = Client().get("/api/v1/alerts/", headers={"Authorization": f"Api-Key {key()}"})

    assert response.status_code == 200


def test_a_key_is_long_and_stored_hashed_only(key):
    prefix, _dot, secret = key().partition(".")

    client = ApiClient.objects.get(prefix=prefix)
    assert len(prefix) == 8
    assert len(secret) >= 43
    assert bytes(client.key_hash) == hash_secret(secret)
    assert secret not in str(AuditEntry.objects.values_list("detail", flat=True))


def test_a_key_is_shown_once(key, sign_in):
    secret = key().partition(".")[2]
    client = sign_in("admin")

    page = client.get(LIST).content.decode()

    assert "省平台" in page
    assert secret not in page
    assert secret not in str(dict(client.session))


def test_two_keys_differ(key):
    assert key() != key()


def test_making_and_revoking_are_audited(key, sign_in):
    prefix = key().partition(".")[0]
    client = ApiClient.objects.get(prefix=prefix)

    sign_in("admin").post(f"/clients/{client.pk}/revoke/")

    entries = AuditEntry.objects.filter(subject="client", subject_id=str(client.pk)).order_by("id")
    assert [entry.action for entry in entries] == ["client_created", "client_revoked"]
    assert entries[0].detail["area"] == TOWNSHIP
    assert entries[0].actor.username == "admin"


def test_a_revoked_key_is_refused_from_its_next_request_on(key, sign_in):
    made = key()
    headers = {"Authorization": f"Api-Key {made}"}
    url = f"/clients/{ApiClient.objects.get().pk}/revoke/"
    assert sign_in("admin").get(url).status_code == 200
    assert Client().get("/api/v1/alerts/", headers=headers).status_code == 200

    response = sign_in("admin").post(url)

    assert response.status_code == 302
    assert Client().get("/api/v1/alerts/", headers=headers).status_code == 401


def test_revoking_twice_is_revoking_once(key, cast):
    key()
    client = ApiClient.objects.get()
    revoke_client(client=client, by=cast.admin)
    first = ApiClient.objects.get().revoked_at

    revoke_client(client=client, by=cast.admin)

    assert ApiClient.objects.get().revoked_at == first
    assert AuditEntry.objects.filter(action="client_revoked").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"area": "110101"}, "area"),
        ({"area": "420527\x00"}, "area"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["alerts:delete"]}, "scopes"),
        ({"last_day": "tomorrow"}, "last_day"),
        ({"days": -1}, "__all__"),
        ({"days": 366}, "__all__"),
    ],
)
def test_it_refuses_a_wrong_form(sign_in, wrong, field):
    response = sign_in("admin").post(CREATE, _form(**wrong))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not ApiClient.objects.exists()


@pytest.mark.parametrize("days", [0, 365])
def test_a_key_works_through_its_last_day(key, days):
    key(days=days)

    client = ApiClient.objects.get()
    end = timezone.localdate() + dt.timedelta(days=days + 1)
    assert client.expires_at == timezone.make_aware(dt.datetime.combine(end, dt.time.min))
    assert client.is_current


@pytest.mark.parametrize("area", ["420527", TOWNSHIP, VILLAGES[0]])
def test_the_county_may_bind_a_key_to_any_of_its_areas(key, area):
    key(area=area)

    assert ApiClient.objects.get().area_id == area


def test_nobody_makes_a_key_for_an_area_that_is_not_theirs(cast):
    with pytest.raises(Refused):
        create_client(
            name="x",
            area=Area.objects.get(pk="420527"),
            scopes=["alerts:read"],
            last_day=timezone.localdate(),
            by=cast.township,
        )


@pytest.mark.parametrize("name", ["staff", "auditor", "officer", "township", "specialist"])
def test_only_the_county_administrator_manages_keys(sign_in, name):
    client = sign_in(name)

    assert client.get(LIST).status_code == 403
    assert client.post(CREATE, _form()).status_code == 403
    assert not ApiClient.objects.exists()


def test_the_list_says_how_each_key_stands(key, sign_in, cast, count_queries):
    for _i in range(3):
        key()
    one, two, _three = ApiClient.objects.all()
    revoke_client(client=one, by=cast.admin)
    ApiClient.objects.filter(pk=two.pk).update(expires_at=timezone.now())

    client = sign_in("admin")

    page, queries = count_queries(lambda: client.get(LIST))

    for status in ("withdrawn", "ended", "active"):
        assert f"chip-{status}" in page.content.decode()
    assert queries <= 12
