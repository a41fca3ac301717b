"""Two host names, two sites: what answers on one does not exist on the other, and the public one knows nobody."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import get_resolver, reverse

from alerts.models import Report
from tests.conftest import VILLAGES
from tests.reports.conftest import PUBLIC_HOST, VILLAGE, fields
from tests.test_access import PAGES
from tests.world import World

PUBLIC_PATHS = [
    "/t/420527103/",
    f"/v/{VILLAGE}/",
    f"/v/{VILLAGE}/other/",
    "/receipt/",
]


@pytest.fixture
def world(db) -> World:
    return World(place=VILLAGES[0], county="420527", department="medical")


@pytest.fixture
def known(sign_in) -> Client:
    """The county's administrator, whose browser sends the session to the public host as well."""
    client = sign_in("admin")
    client.defaults["HTTP_HOST"] = PUBLIC_HOST
    return client


@pytest.mark.parametrize("name", sorted(set(PAGES) - {"home"}))
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_inner_page_answers_on_the_public_host(known, world, name, method):
    page = PAGES[name]
    response = getattr(known, method)(reverse(name, kwargs=page.row(world)))
    assert response.status_code == 404
    assert response.cookies == {}


def test_the_home_page_is_the_villagers(known):
    page = known.get("/").content.decode()
    assert "您住在哪个乡镇" in page
    assert "退出" not in page and "admin" not in page


@pytest.mark.parametrize("path", PUBLIC_PATHS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_public_page_answers_on_an_inner_host(sign_in, path, method):
    for client in (Client(), sign_in("admin")):
        assert getattr(client, method)(path, fields()).status_code == 404
    assert Report.objects.count() == 0


def test_all_public_urls_are_tried_above():
    names = {pattern.name for pattern in get_resolver("alerts.reports.public_urls").url_patterns}
    assert names == {"townships", "villages", "report", "report-for-somebody", "receipt"}


@pytest.mark.parametrize("path", ["/", *PUBLIC_PATHS, "/nothing/"])
def test_no_public_page_sets_or_reads_a_cookie(known, path):
    for client in (known, Client(headers={"host": PUBLIC_HOST})):
        for response in (client.get(path), client.post(path, fields())):
            assert response.cookies == {}


def test_the_session_of_an_inner_page_is_not_ended_by_a_visit(known):
    known.get("/")
    known.defaults["HTTP_HOST"] = "testserver"
    assert known.get("/").status_code == 200


@pytest.mark.parametrize("host", ["REPORT.example.org", "report.example.org:8443", "report.example.org."])
def test_the_name_may_be_written_as_browsers_write_it(db, host):
    assert Client(headers={"host": host}).get("/healthz").status_code == 404
    assert Client(headers={"host": host}).get("/receipt/").status_code == 200


@pytest.mark.parametrize("host", ["x.report.example.org", "report.example.org.evil.org", "evil.org"])
def test_another_name_is_no_host_at_all(db, host):
    assert Client(headers={"host": host}).get("/receipt/").status_code == 400


def test_without_a_public_host_there_is_no_public_page(db, settings):
    settings.PUBLIC_HOST = ""
    assert Client(headers={"host": PUBLIC_HOST}).get("/receipt/").status_code == 404


def test_a_form_on_the_public_host_needs_no_token_of_a_session(db):
    strict = Client(enforce_csrf_checks=True, headers={"host": PUBLIC_HOST})
    assert strict.post(f"/v/{VILLAGE}/", fields()).status_code == 200
    assert Report.objects.count() == 1


def test_the_middleware_stands_before_whatever_reads_a_session():
    order = project.MIDDLEWARE
    here = order.index("alerts.reports.host.PublicHostMiddleware")
    assert here < order.index("django.contrib.sessions.middleware.SessionMiddleware")


def test_a_broken_page_says_whom_to_call_without_asking_the_database(client, monkeypatch):
    monkeypatch.setattr("alerts.reports.public_views._village", lambda code: 1 / 0)
    client.raise_request_exception = False
    response = client.get(f"/v/{VILLAGE}/", headers={"host": PUBLIC_HOST})
    assert response.status_code == 500
    assert "网页暂时不能用" in response.content.decode() and "12317" in response.content.decode()
