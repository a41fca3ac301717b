"""The home page: what the month brought, each number with exactly its list, and whether the machine works."""

import datetime as dt
import re

import pytest

from households.models import CalendarDay
from monitoring.dashboards import checks
from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.judgment.running import last_month
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.pages.conftest import JUNE, MAY

pytestmark = pytest.mark.django_db

FIGURES = ["raised", "red", "again", "not_found", "open", "open_red"]


@pytest.fixture
def month(judge):
    """Alerts of every sort in two townships, and a run that judged the month."""
    judge()
    for village in (*VILLAGES, ELSEWHERE):
        for level in ("red", "yellow"):
            home = factories.household(village=village)
            factories.alert(household=home, kind="INC01", first_month=JUNE, level=level)
            factories.alert(household=home, kind="INC02", first_month=MAY, last_month=JUNE, level=level)
            factories.alert(household=home, kind="INC03", first_month=MAY, not_found_month=JUNE, level=level)
            factories.alert(household=home, kind="MED01", first_month=JUNE, level=level, closed=True)
    return JUNE


def rows_of(client, url: str) -> int:
    """How many rows a list shows, over all its pages."""
    rows = 0
    while url:
        response = client.get(url)
        assert response.status_code == 200, url
        rows += len(response.context["alerts"])
        following = response.context["next_url"]
        url = f"/alerts/{following}" if following else ""
    return rows


@pytest.mark.parametrize("name", ["admin", "auditor", "township", "specialist", "neighbour"])
def test_each_number_is_the_length_of_the_list_it_links_to(sign_in, month, name):
    client = sign_in(name)

    figures = client.get("/").context["figures"]

    assert [figure.name for figure in figures] == FIGURES
    assert {figure.name: figure.value for figure in figures} == {
        figure.name: rows_of(client, figure.url) for figure in figures
    }
    assert all(figure.value for figure in figures)


def test_the_table_by_area_adds_up_to_the_tiles_and_links_to_its_lists(sign_in, month):
    client = sign_in("township")

    context = client.get("/").context

    values = {figure.name: figure.value for figure in context["figures"]}
    assert sum(place.raised for place in context["places"]) == values["raised"]
    assert sum(place.red for place in context["places"]) == values["red"]
    some = next(place for place in context["places"] if place.raised)
    assert rows_of(client, some.url) == some.raised


def test_areas_stand_in_order_of_code_and_not_of_numbers(sign_in, month):
    names = [place.name for place in sign_in("admin").get("/").context["places"]]

    assert names[:2] == ["茅坪镇", "归州镇"]
    assert len(names) == 12


def test_a_specialist_sees_alerts_to_work_on_and_no_comparison(sign_in, month):
    context = sign_in("specialist").get("/").context

    assert context["places"] == []
    assert {alert.village for alert in context["newest"]} <= set(VILLAGES)
    assert all(alert.closed_at is None for alert in context["newest"])
    assert context["newest"]


@pytest.mark.parametrize("name", ["admin", "township", "specialist", "officer", "auditor"])
def test_it_needs_few_queries(sign_in, month, django_assert_max_num_queries, name):
    client = sign_in(name)
    with django_assert_max_num_queries(25):
        assert client.get("/").status_code == 200


def test_before_the_first_judgment_it_says_what_to_do_next(sign_in):
    page = sign_in("admin").get("/").content.decode()

    assert "/imports/" in page
    assert "/runs/" in page
    assert 'class="empty"' in page
    assert 'class="kpi' not in page


def test_the_month_is_the_newest_judged_even_if_an_older_one_was_judged_again(sign_in, judge):
    judge(JUNE)
    judge(MAY)

    assert sign_in("admin").get("/").context["month"] == JUNE


def test_an_officer_without_alerts_sees_no_numbers(sign_in, month):
    page = sign_in("officer").get("/")

    assert "figures" not in page.context
    assert "/alerts/" not in re.sub(r"<link[^>]*>", "", page.content.decode())


def labels(response, tone: str) -> list[str]:
    return [check.label for check in response.context["checks"] if check.tone == tone]


def test_it_says_when_the_broker_does_not_answer(sign_in, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = sign_in("admin").get("/")

    assert response.status_code == 200
    assert len(labels(response, "error")) == 2


def test_it_links_to_runs_only_those_who_may_see_them(sign_in, judge):
    run = judge()

    assert f"/runs/{run.pk}/" in sign_in("township").get("/").content.decode()
    assert f"/runs/{run.pk}/" not in sign_in("specialist").get("/").content.decode()


def test_a_missing_department_list_is_said_and_a_received_one_is_not(sign_in):
    client = sign_in("admin")
    before = client.get("/").context["machine"].missing_lists

    factories.medical_list(last_month())

    after = client.get("/").context["machine"].missing_lists
    assert before == list(DEPARTMENT_LISTS)
    assert after == [source for source in DEPARTMENT_LISTS if source != "medical"]


@pytest.mark.parametrize(
    ("month", "years"), [(10, ["2026"]), (11, ["2026", "2027"]), (12, ["2026", "2027"])], ids=str
)
def test_a_year_without_holidays_is_said_and_from_november_on_the_next_one_too(sign_in, monkeypatch, month, years):
    CalendarDay.objects.all().delete()
    client = sign_in("admin")
    monkeypatch.setattr(checks.timezone, "localdate", lambda *_at: dt.date(2026, month, 15))

    said = labels(client.get("/"), "warning")

    assert [label for label in said if "日历" in label] == [f"{year} 年工作日历" for year in years]


def test_a_year_with_holidays_is_known_and_opens_on_its_page(sign_in, monkeypatch):
    client = sign_in("admin")
    monkeypatch.setattr(checks.timezone, "localdate", lambda *_at: dt.date(2026, 10, 15))

    response = client.get("/")

    assert "2026 年工作日历" in labels(response, "success")
    assert "/calendar/?year=2026" in response.content.decode()
