"""Each tab lists what it says for each role, and its number is the length of its list."""

import datetime as dt

import pytest

from alerts.travel import worklist_views
from tests import factories
from tests.conftest import VILLAGES

WORK = "/work/"
TABS = {
    "staff": {
        "mine": ["raised", "reviewed"],
        "today": ["reviewed"],
        "overdue": ["raised"],
        "others": [
            "township", "late", "verified", "free", "elsewhere", "left", "colleague", "handed_over", "taken_over",
        ],
    },
    "township": {
        "mine": ["township", "verified"],
        "today": ["verified"],
        "overdue": ["township"],
        "others": [
            "raised", "late", "reviewed", "free", "left", "colleague", "handed_over", "taken_over",
        ],
    },
    "specialist": {
        "mine": ["late", "free", "left", "taken_over"],
        "today": ["free"],
        "overdue": ["late"],
        "others": ["raised", "township", "reviewed", "verified", "colleague", "handed_over"],
    },
    "neighbour": {"mine": ["elsewhere"], "today": ["elsewhere"], "overdue": [], "others": []},
}  # fmt: skip


@pytest.mark.parametrize(("name", "tab"), [(name, tab) for name, tabs in TABS.items() for tab in tabs])
def test_a_tab_lists_what_it_says(sign_in, ways, names, name, tab):
    page = sign_in(name).get(f"{WORK}?tab={tab}")

    assert names(page) == TABS[name][tab]
    assert {entry["label"]: entry["count"] for entry in page.context["tabs"]}
    assert [entry["count"] for entry in page.context["tabs"]] == [len(TABS[name][other]) for other in TABS[name]]
    assert page.context["total"] == len(TABS[name][tab])


def test_it_begins_with_what_is_mine(sign_in, ways, names):
    assert names(sign_in("specialist").get(WORK)) == TABS["specialist"]["mine"]


@pytest.mark.parametrize("name", ["auditor", "officer"])
def test_who_moves_nothing_has_no_worklist(sign_in, name):
    assert sign_in(name).get(WORK).status_code == 403


def test_it_stands_by_last_day_then_level_then_age(sign_in, today):
    def make(level, due_on):
        home = factories.household(village=VILLAGES[0])
        return factories.alert(
            household=home, holder="village", status="dispatched", level=level, due_on=due_on
        ).pk

    never, blue, yellow, red, other_red = (
        make("red", None), make("blue", today), make("yellow", today), make("red", today), make("red", today),
    )  # fmt: skip
    early = make("blue", today - dt.timedelta(days=1))

    rows = sign_in("specialist").get(WORK).context["rows"]

    assert [row.alert.pk for row, _query in rows] == [early, red, other_red, yellow, blue, never]


def test_a_filter_narrows_the_list_and_every_number(sign_in, ways, names):
    page = sign_in("specialist").get(f"{WORK}?kind=INC03&tab=mine")

    assert names(page) == ["taken_over"]
    assert [tab["count"] for tab in page.context["tabs"]] == [1, 0, 0, 1]
    assert "kind=INC03" in page.context["tabs"][3]["url"]


@pytest.mark.parametrize(
    "query",
    [
        "tab=all",
        "status=closed",
        "outcome=watch",
        "open=true",
        "waiting=me",
        "after=5",
        "after=2026-01-01.3.1",
        "at=x",
        "after=-.0.1&before=-.0.1",
    ],
)
def test_it_refuses_what_it_does_not_know(sign_in, ways, query):
    assert sign_in("specialist").get(f"{WORK}?{query}").status_code == 400


def test_a_handed_over_alert_is_the_other_villages_work(sign_in, ways, names, cast):
    """It shows in the list of the village that got it, whose specialist is posted nowhere else."""
    factories.posting(user=cast.stranger, area="420527103208", role="village_specialist")

    assert names(sign_in("stranger").get(WORK)) == ["handed_over"]


@pytest.fixture
def pages_of_two(monkeypatch):
    monkeypatch.setattr(worklist_views, "PAGE_ROWS", 2)


@pytest.mark.parametrize("tab", ["mine", "others"])
@pytest.mark.parametrize("without_day", [False, True])
def test_it_leafs_to_the_end_and_back_without_losing_a_row(sign_in, ways, names, pages_of_two, tab, without_day):
    if without_day:
        for name in ("left", "taken_over", "colleague", "handed_over"):
            ways[name].due_on = None
            ways[name].save()
    client = sign_in("specialist")
    forth, url = [], f"?tab={tab}"
    while url:
        page = client.get(f"{WORK}{url}")
        forth.append(names(page))
        url = page.context["next_url"]
    back, url = [forth[-1]], page.context["previous_url"]
    while url:
        page = client.get(f"{WORK}{url}")
        back.append(names(page))
        url = page.context["previous_url"]

    assert sum(forth, []) == TABS["specialist"][tab]
    assert sum(back[::-1], []) == TABS["specialist"][tab]


def test_a_row_that_moves_on_meanwhile_shifts_nothing(sign_in, ways, names, pages_of_two):
    client = sign_in("specialist")
    first = client.get(WORK)
    ways["late"].holder = "township"
    ways["late"].save()

    assert names(client.get(WORK + first.context["next_url"])) == ["left", "taken_over"]


def test_htmx_gets_the_results_alone(sign_in, ways):
    part = sign_in("specialist").get(WORK, headers={"HX-Request": "true"})

    assert part.content.decode().lstrip().startswith('<div id="results">')
    assert "HX-Request" in part["Vary"]
