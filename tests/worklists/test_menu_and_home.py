"""The number in the menu and those of the home page are the lengths of the lists they lead to."""

import re

import pytest

from monitoring import navigation
from tests.worklists.test_tabs import TABS

COUNTS = {name: {tab: len(found) for tab, found in tabs.items()} for name, tabs in TABS.items()}


def _menu(page: str) -> str:
    link = re.search(r'<a href="/work/".*?</a>', page, re.DOTALL)
    return "".join(re.findall(r'class="count">([^<]*)<', link[0])) if link else ""


@pytest.mark.parametrize("name", COUNTS)
def test_the_menu_says_how_many_are_mine(sign_in, ways, name):
    assert _menu(sign_in(name).get("/alerts/").content.decode()) == str(COUNTS[name]["mine"])


def test_the_menu_counts_up_to_a_cap(sign_in, ways, monkeypatch):
    monkeypatch.setattr(navigation, "COUNT_WORK_UP_TO", 3)

    assert _menu(sign_in("specialist").get("/alerts/").content.decode()) == "3+"


def test_no_number_stands_where_nothing_waits(sign_in, cast):
    assert _menu(sign_in("specialist").get("/").content.decode()) == ""


@pytest.mark.parametrize("name", COUNTS)
def test_the_home_page_shows_what_waits_and_each_number_leads_to_its_list(sign_in, ways, names, name):
    client = sign_in(name)

    work = client.get("/").context["work"]

    assert {tab.name: tab.count for tab in work} == COUNTS[name]
    assert {tab.name: names(client.get(tab.url)) for tab in work} == TABS[name]


@pytest.mark.parametrize("name", ["auditor", "officer"])
def test_who_moves_nothing_is_shown_no_work(sign_in, name):
    response = sign_in(name).get("/")

    assert "work" not in response.context
    assert 'href="/work/"' not in response.content.decode()
