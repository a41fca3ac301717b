"""The alert list: what a row says, how one leafs through, and what it costs."""

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel import views
from households import paging
from tests import factories
from tests.alerts.conftest import JULY, JUNE, MAY
from tests.conftest import VILLAGES

LIST = "/alerts/"


@pytest.fixture
def seven(here):
    """Seven alerts of seven households, oldest first."""
    return [factories.alert(household=factories.household(village=VILLAGES[0])).pk for _i in range(7)]


@pytest.fixture
def pages_of_three(monkeypatch):
    monkeypatch.setattr(views, "PAGE_ROWS", 3)


def test_a_row_says_who_where_what_since_when_and_how_it_stands(sign_in, here):
    alert = factories.alert(
        household=here, level="red", first_month=MAY, last_month=JULY, months_found=3, not_found_month=JUNE
    )

    page = sign_in("specialist").get(LIST).content.decode()

    for words in (
        f'href="/alerts/{alert.pk}/"', "望山", here.code, "长江村", "level-red", "人均纯收入低于监测范围",
        "INC01", "2022-05", '<td class="number wide-only">3</td>', "chip-raised", "2022-06",
    ):  # fmt: skip
        assert words in page


def test_an_area_as_subject_is_named_by_its_area(sign_in):
    Alert.objects.create(
        area_id=VILLAGES[0],
        county="420527",
        township="420527103",
        village=VILLAGES[0],
        kind_id="INC01",
        level="red",
        first_month=JUNE,
        last_month=JUNE,
        raised_at=timezone.now(),
        changed_at=timezone.now(),
    )

    assert "长江村" in sign_in("township").get(LIST).content.decode()


def test_it_leafs_to_the_end_and_back_without_losing_a_row(sign_in, seven, ids, pages_of_three):
    client = sign_in("specialist")
    newest_first = seven[::-1]

    first = client.get(f"{LIST}?level=yellow")
    second = client.get(LIST + first.context["next_url"])
    third = client.get(LIST + second.context["next_url"])
    back = client.get(LIST + third.context["previous_url"])
    top = client.get(LIST + back.context["previous_url"])

    assert [ids(page) for page in (first, second, third)] == [
        newest_first[:3], newest_first[3:6], newest_first[6:],
    ]  # fmt: skip
    assert (first.context["previous_url"], third.context["next_url"]) == (None, None)
    assert ids(back) == ids(second)
    assert ids(top) == ids(first)
    assert top.context["previous_url"] is None
    assert "level=yellow" in second.context["next_url"]


def test_leafing_back_past_new_arrivals_ends_on_a_whole_first_page(sign_in, seven, ids, pages_of_three):
    client = sign_in("specialist")
    second = client.get(LIST + client.get(LIST).context["next_url"])
    factories.alert(household=factories.household(village=VILLAGES[0]))

    back = client.get(LIST + second.context["previous_url"])
    top = client.get(LIST + back.context["previous_url"])

    assert len(ids(top)) == 3
    assert ids(top)[0] == Alert.objects.latest("id").pk


def test_a_cursor_beyond_the_end_shows_an_empty_page_with_a_way_back(sign_in, seven, ids, pages_of_three):
    response = sign_in("specialist").get(f"{LIST}?before={seven[0]}")

    assert ids(response) == []
    assert response.context["previous_url"] == f"?after={seven[0] - 1}"


@pytest.mark.parametrize(("cap", "words"), [(7, "7 alerts"), (6, "More than 6 alerts")])
def test_it_counts_up_to_a_cap(sign_in, seven, monkeypatch, cap, words):
    monkeypatch.setattr(paging, "COUNT_UP_TO", cap)
    monkeypatch.setattr(views, "COUNT_UP_TO", cap)
    client = sign_in("specialist")
    client.cookies["django_language"] = "en"

    first = client.get(LIST)

    assert first.context["shown"] == words
    assert client.get(f"{LIST}?before={seven[5]}").context["shown"] == ""


def test_htmx_gets_the_results_alone(sign_in, seven):
    client = sign_in("specialist")

    part = client.get(LIST, headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith('<div id="results">')
    assert "HX-Request" in part["Vary"]


def test_an_empty_list_says_so(sign_in, seven):
    page = sign_in("neighbour").get(LIST).content.decode()

    assert 'class="empty"' in page
    assert "?open=any" in page


def test_more_rows_cost_no_more_queries(sign_in, here, count_queries):
    client = sign_in("specialist")
    factories.alert(household=here)
    _page, few = count_queries(lambda: client.get(LIST))
    for _i in range(20):
        factories.alert(household=factories.household(village=VILLAGES[1]), kind="MED09")

    page, many = count_queries(lambda: client.get(LIST))

    assert len(page.context["alerts"]) == 21
    assert many == few <= 12
