"""From one alert of a worklist to the next: after a decision, by the link, at the end and when nothing is left."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict

from alerts.travel.worklist import Position, alert_url, next_in_work, work_query

WORK = "/work/"


def _opened(client, name, ways, query="") -> str:
    """The query of the list as the page of an alert of it carries it along."""
    rows = client.get(f"{WORK}?{query}").context["rows"]
    return next(work for row, work in rows if row.alert.pk == ways[name].pk)


def _of(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query).get("work", [""])[0]


@pytest.mark.parametrize(
    ("at", "following"), [("late", "free"), ("free", "left"), ("left", "taken_over"), ("taken_over", "late")]
)
def test_it_goes_from_each_to_the_next_and_from_the_last_to_the_first(sign_in, cast, ways, at, following):
    work = _opened(sign_in("specialist"), at, ways)

    path, onward = _of(next_in_work(cast.specialist, work, ways[at].pk))

    assert path == f"/alerts/{ways[following].pk}/"
    assert QueryDict(onward)["at"] == str(Position.of(ways[following]))


def test_a_decision_on_the_alerts_page_leads_to_the_next_one(sign_in, ways):
    client = sign_in("specialist")
    work = _opened(client, "free", ways)
    page = client.get(alert_url(ways["free"].pk, work))
    form = next(one.form for one in page.context["decisions"] if one.move.code == "acknowledge")

    answer = client.post(
        f"/alerts/{ways['free'].pk}/moves/acknowledge/",
        {"seen": form.initial["seen"], "work": form.initial["work"], "note": ""},
        follow=True,
    )

    assert _of(answer.redirect_chain[0][0])[0] == f"/alerts/{ways['left'].pk}/"
    assert [str(message) for message in answer.context["messages"]]


def test_an_alert_that_has_moved_on_leads_on_from_where_it_stood(sign_in, cast, ways, today):
    """Acknowledged, it is due in a week: what stood behind it before is next all the same."""
    work = _opened(sign_in("specialist"), "late", ways)
    ways["late"].due_on = today.replace(year=today.year + 1)
    ways["late"].save()

    assert _of(next_in_work(cast.specialist, work, ways["late"].pk))[0] == f"/alerts/{ways['free'].pk}/"


def test_the_filters_go_along(sign_in, cast, ways):
    work = _opened(sign_in("specialist"), "late", ways, "department=medical")

    path, onward = _of(next_in_work(cast.specialist, work, ways["late"].pk))
    assert path == f"/alerts/{ways['free'].pk}/"
    _path, onward = _of(next_in_work(cast.specialist, onward, ways["free"].pk))
    path, _onward = _of(next_in_work(cast.specialist, onward, ways["left"].pk))
    assert path == f"/alerts/{ways['late'].pk}/"


def test_when_nothing_is_left_it_leads_to_the_list(sign_in, cast, ways):
    work = _opened(sign_in("neighbour"), "elsewhere", ways, "tab=today")

    assert next_in_work(cast.neighbour, work, ways["elsewhere"].pk) == f"{WORK}?tab=today"


@pytest.mark.parametrize("work", ["tab=x", "at=x", "nonsense=1", "level=red&level=blue"])
def test_a_query_that_is_wrong_leads_to_the_list(cast, ways, work):
    assert next_in_work(cast.specialist, work, ways["free"].pk) == WORK


def test_an_empty_query_means_what_is_mine(cast, ways):
    assert _of(next_in_work(cast.specialist, "", 0))[0] == f"/alerts/{ways['late'].pk}/"


def test_the_link_on_the_page_does_the_same_and_never_leaves_the_own_area(sign_in, ways):
    client = sign_in("specialist")
    work = _opened(client, "late", ways)
    page = client.get(alert_url(ways["late"].pk, work)).content.decode()

    assert f'href="/work/after/{ways["late"].pk}/?work=' in page
    answer = client.get(f"/work/after/{ways['late'].pk}/", {"work": work})
    assert _of(answer.url)[0] == f"/alerts/{ways['free'].pk}/"
    assert client.get(f"/work/after/{ways['elsewhere'].pk}/", {"work": work}).status_code == 404


def test_an_alert_that_was_not_opened_from_a_list_has_no_way_on(sign_in, ways):
    assert "/work/after/" not in sign_in("specialist").get(f"/alerts/{ways['late'].pk}/").content.decode()


def test_the_list_marks_the_row_one_comes_back_to(sign_in, ways):
    client = sign_in("specialist")
    work = _opened(client, "free", ways)

    page = client.get(f"{WORK}?{work}").content.decode()

    assert page.count("data-here") == 1
    assert "data-here" in page.partition(ways["free"].household.head_name)[0].rpartition("<tr")[2]


def test_no_address_names_anybody(sign_in, ways):
    rows = sign_in("specialist").get(WORK).context["rows"]

    for row, work in rows:
        assert row.alert.household.head_name not in work
        assert work_query(QueryDict(""), row.position) == work
