"""The household list: in scope, village by village, page by page."""

import pytest

from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db

NEXT_VILLAGE = "420527103203"


def leaf(client, url: str, way: str) -> list[list[int]]:
    """Ids page by page, following one of the pager's links to its end."""
    pages = []
    while url:
        response = client.get(url)
        assert response.status_code == 200
        pages.append([row.household.pk for row in response.context["rows"]])
        query = response.context[f"{way}_url"]
        url = f"/households/{query}" if query else ""
    return pages


@pytest.fixture
def many(db):
    """120 households over three villages of one township, made in no order."""
    villages = [VILLAGES[1], VILLAGES[0], NEXT_VILLAGE]
    return [factories.household(village=villages[number % 3]) for number in range(120)]


def test_leafing_forward_shows_each_household_once_in_order(sign_in, many):
    pages = leaf(sign_in("township"), "/households/", "next")

    assert [len(page) for page in pages] == [50, 50, 20]
    expected = sorted(many, key=lambda household: (household.village, household.pk))
    assert [pk for page in pages for pk in page] == [household.pk for household in expected]


def test_leafing_back_shows_the_same_pages(sign_in, many):
    client = sign_in("township")
    forward = leaf(client, "/households/", "next")
    last = client.get("/households/").context
    for _page in forward[1:]:
        last = client.get(f"/households/{last['next_url']}").context

    back = leaf(client, f"/households/{last['previous_url']}", "previous")

    assert back == forward[-2::-1]


@pytest.mark.parametrize(
    ("name", "villages"),
    [
        ("admin", {VILLAGES[0], VILLAGES[1], NEXT_VILLAGE, ELSEWHERE}),
        ("township", {VILLAGES[0], VILLAGES[1], NEXT_VILLAGE}),
        ("specialist", set(VILLAGES)),
        ("neighbour", {ELSEWHERE}),
    ],
)
def test_it_lists_the_own_area_only(sign_in, name, villages):
    for village in (*VILLAGES, NEXT_VILLAGE, ELSEWHERE):
        factories.household(village=village)

    rows = sign_in(name).get("/households/").context["rows"]

    assert {row.household.village for row in rows} == villages


@pytest.mark.parametrize(
    ("query", "villages"),
    [
        ("?village=420527103204", {VILLAGES[0]}),
        ("?township=420527101", {ELSEWHERE}),
        ("?township=420527101&village=420527103204", set()),
        ("?township=&village=", {*VILLAGES, ELSEWHERE}),
    ],
)
def test_it_filters_by_township_and_village(sign_in, query, villages):
    for village in (*VILLAGES, ELSEWHERE):
        factories.household(village=village)

    rows = sign_in("admin").get(f"/households/{query}").context["rows"]

    assert {row.household.village for row in rows} == villages


@pytest.mark.parametrize(
    "query",
    [
        "?vilage=420527103204",
        "?village=420527101201",
        "?village=1",
        "?village=420527103204&village=420527103206",
        "?after=17",
        "?after=420527103204-x",
        "?after=420527103204-1&before=420527103204-9",
        "?term=%E6%9C%9B%E5%B1%B1",
    ],
)
def test_what_it_does_not_know_is_refused_and_never_ignored(sign_in, query):
    response = sign_in("specialist").get(f"/households/{query}")

    assert response.status_code == 400
    assert "rows" not in response.context
    assert 'class="notice notice-error"' in response.content.decode()


@pytest.mark.parametrize("name", ["admin", "township", "specialist"])
@pytest.mark.parametrize("query", ["", "?village=420527103204"])
def test_it_needs_few_queries(sign_in, many, django_assert_max_num_queries, name, query):
    client = sign_in(name)
    with django_assert_max_num_queries(12):
        assert client.get(f"/households/{query}").status_code == 200


def test_an_htmx_request_gets_the_results_alone(sign_in, many):
    response = sign_in("township").get("/households/", headers={"HX-Request": "true"})

    assert response.content.decode().strip().startswith('<div id="results">')
    assert "HX-Request" in response["Vary"]


def test_unknown_is_not_the_same_as_not_monitored(sign_in):
    unknown = factories.household(category=None, lifted=None)
    neither = factories.household(category="", lifted=False)
    client = sign_in("specialist")
    client.cookies["django_language"] = "en"

    page = client.get("/households/").content.decode()

    def row(household):
        return page.split(f"/households/{household.pk}/")[1].split("</tr>")[0]

    assert row(unknown).count("Unknown") == 2
    assert "Unknown" not in row(neither)
