"""Searching households by number or name: a POST whose term stands nowhere afterwards."""

import datetime as dt
import logging

import pytest

from households.models import AuditEntry
from households.privacy.seal import seal
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.pages.conftest import IDENTITY, named_household, named_person

pytestmark = pytest.mark.django_db


def search(client, term: str, **headers):
    return client.post("/households/search/", {"term": term}, headers=headers)


def heads(response) -> list[str]:
    assert response.status_code == 200
    return [row.household.head_name for row in response.context["rows"]]


@pytest.mark.parametrize(
    "term",
    [
        IDENTITY,
        "42052719800501123x",
        " 420527 19800501 123X ",
        "４２０５２７１９８００５０１１２３Ｘ",
        "望山",
        "屈小云",
        "屈小",
        "wangshan",
        "WangShan",
        "ws",
        "quxiaoyun",
        "qxy",
    ],
)
def test_it_finds_a_household_by(sign_in, poor, hidden, term):
    assert heads(search(sign_in("specialist"), term)) == ["望山"]


def test_it_finds_a_household_by_its_own_number_and_by_a_persons(sign_in, poor):
    person = factories.person(household=poor, code="42052710320400000901")
    client = sign_in("specialist")

    assert heads(search(client, poor.code)) == ["望山"]
    assert heads(search(client, person.code)) == ["望山"]


def test_it_names_the_member_who_matched(sign_in, poor):
    (row,) = search(sign_in("specialist"), "屈小云").context["rows"]

    assert row.matched == "屈小云"


@pytest.mark.parametrize("term", [IDENTITY, "望山", "wangshan", "屈小云"])
def test_it_finds_nothing_outside_the_own_area(sign_in, poor, term):
    assert heads(search(sign_in("neighbour"), term)) == []


@pytest.mark.parametrize("term", ["", " ", "王", "a", "4205", "420527198005011", "望4", "0" * 19])
def test_it_refuses_what_is_neither_a_whole_number_nor_a_name(sign_in, poor, term):
    response = search(sign_in("admin"), term)

    assert response.status_code == 422
    assert "rows" not in response.context
    assert not AuditEntry.objects.filter(action="household_search").exists()


def test_a_number_that_nobody_verified_finds_nobody(sign_in):
    household = factories.household(village=VILLAGES[0], head_name="未核")

    factories.person(household=household, identity_sealed=seal(IDENTITY), identity_hash=None)

    assert heads(search(sign_in("specialist"), IDENTITY)) == []


def test_who_moved_is_found_where_they_live_now(sign_in):
    old = factories.household(village=VILLAGES[0], head_name="旧户")
    new = factories.household(village=VILLAGES[1], head_name="新户")
    person = named_person(old, "移居者", IDENTITY, until=dt.date(2022, 1, 31))
    factories.Membership.objects.create(
        person=person, household=new, relation="其他", since=dt.date(2022, 2, 1), batch=factories.batch()
    )

    assert heads(search(sign_in("specialist"), IDENTITY)) == ["新户"]
    assert heads(search(sign_in("specialist"), "移居者")) == ["新户"]


def test_a_term_with_wildcards_finds_what_it_says_and_no_more(sign_in, poor):
    for term in ("望%", "%%", "__", "望_"):
        response = search(sign_in("specialist"), term)
        assert heads(response) == [], term


def test_more_than_can_be_read_are_cut_and_said(sign_in):
    for _household in range(51):
        named_household("同名")
    client = sign_in("specialist")
    client.cookies["django_language"] = "en"

    response = search(client, "同名")

    assert len(response.context["rows"]) == 50
    assert "there are more" in response.content.decode()


@pytest.mark.parametrize("term", [IDENTITY, "望山", "qxy"])
def test_the_term_stands_in_no_address_log_or_audit(sign_in, poor, caplog, term):
    caplog.set_level(logging.DEBUG)

    response = search(sign_in("specialist"), term, **{"HX-Request": "true"})

    entry = AuditEntry.objects.get(action="household_search")
    assert entry.detail == {"by": entry.detail["by"], "found": 1}
    assert entry.detail["by"] in {"number", "name", "pinyin"}
    assert (entry.subject_id, entry.actor.username) == ("", "specialist")
    assert term not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
    assert not {"HX-Push-Url", "HX-Redirect", "Location"} & set(response.headers)
    own = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert term not in " ".join(record.getMessage() for record in own)


def test_it_answers_a_post_only(sign_in):
    assert sign_in("specialist").get("/households/search/?term=x").status_code == 405


def test_an_htmx_search_gets_the_results_alone_and_without_htmx_the_whole_page(sign_in, poor):
    client = sign_in("specialist")

    part = search(client, "望山", **{"HX-Request": "true"}).content.decode()
    page = search(client, "望山").content.decode()

    assert part.strip().startswith('<div id="results">')
    assert "<html" in page
    assert IDENTITY not in part + page


@pytest.mark.parametrize("term", [IDENTITY, "望山", "ws"])
def test_it_needs_few_queries(sign_in, poor, django_assert_max_num_queries, term):
    for _other in range(20):
        named_person(named_household("望山"), "望山")
    client = sign_in("township")
    with django_assert_max_num_queries(14):
        assert search(client, term).status_code == 200


def test_the_neighbours_namesake_is_the_neighbours(sign_in):
    factories.household(village=VILLAGES[0], head_name="同名")
    factories.household(village=ELSEWHERE, head_name="同名")

    (row,) = search(sign_in("neighbour"), "同名").context["rows"]

    assert row.household.village == ELSEWHERE
