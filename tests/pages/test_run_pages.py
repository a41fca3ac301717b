"""The list of judgments, one run with its progress, and the button."""

import datetime as dt

import pytest

from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import close_if_done, open_run
from monitoring.judgment.shards import judge_next_shard
from tests import factories
from tests.conftest import ELSEWHERE
from tests.pages.conftest import JUNE

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch):
    """The button calls no worker here: what it opened stays open."""
    monkeypatch.setattr("monitoring.judgment.views.call_workers", lambda run_id: None)


def test_while_it_runs_the_progress_asks_for_itself_again(sign_in, poor):
    factories.household(village=ELSEWHERE)
    run = open_run(month=JUNE)
    judge_next_shard(run)

    part = sign_in("admin").get(f"/runs/{run.pk}/", headers=HTMX).content.decode()

    assert f'hx-get="/runs/{run.pk}/"' in part
    assert 'hx-trigger="every 1s"' in part
    assert 'value="1" max="2"' in part
    assert "<html" not in part


def test_when_it_is_done_the_progress_stops_asking(sign_in, judge, poor):
    run = judge()

    part = sign_in("admin").get(f"/runs/{run.pk}/", headers=HTMX).content.decode()

    assert "hx-trigger" not in part
    assert "hx-get" not in part
    assert run.digest in part


def test_a_run_that_closes_while_somebody_watches_is_shown_finished(sign_in, poor):
    client, run = sign_in("admin"), open_run(month=JUNE)
    while judge_next_shard(run):
        pass
    assert "hx-trigger" in client.get(f"/runs/{run.pk}/", headers=HTMX).content.decode()

    close_if_done(run.pk)

    assert "hx-trigger" not in client.get(f"/runs/{run.pk}/", headers=HTMX).content.decode()


def test_the_totals_are_those_of_the_townships(sign_in, judge, poor, hidden):
    run = judge()

    totals = sign_in("admin").get(f"/runs/{run.pk}/").context["totals"]

    assert totals["households"] == run.household_months.count() == 2
    assert totals["findings"] == run.findings.count()


def test_a_missing_threshold_is_said_once_for_all_its_rules(sign_in, judge):
    run = judge(dt.date(2024, 6, 1))

    response = sign_in("admin").get(f"/runs/{run.pk}/")

    refusals = response.context["refusals"]
    assert [[code for code, _name in refusal.rules] for refusal in refusals] == [["INC01", "INC02"], ["MED05"]]
    assert response.content.decode().count('class="notice notice-warning"') == 3  # and the lists


def test_a_threshold_that_is_no_documents_own_is_marked(sign_in, judge):
    run = judge()

    rows = {row.code: row for row in sign_in("admin").get(f"/runs/{run.pk}/").context["thresholds"]}

    assert (rows["income_line"].shown, rows["income_line"].is_sourced) == ("6,900.00", False)
    assert rows["single_stay_other"].is_sourced
    assert rows["income_red_share"].shown == "80.0%"


@pytest.mark.parametrize("url", ["/runs/", "/runs/{pk}/"])
def test_it_needs_few_queries(sign_in, judge, poor, django_assert_max_num_queries, url):
    for _revision in range(3):
        run = judge()
    client = sign_in("admin")
    with django_assert_max_num_queries(12):
        assert client.get(url.format(pk=run.pk)).status_code == 200


def test_the_list_shows_the_newest_first_with_its_revision(sign_in, judge):
    judge()
    judge()

    runs = list(sign_in("auditor").get("/runs/").context["runs"])

    assert [run.revision for run in runs] == [2, 1]


def test_the_button_opens_a_run_and_leads_to_it(sign_in):
    response = sign_in("staff").post("/runs/start/", {"month": "2022-06"})

    run = JudgmentRun.objects.get()
    assert (run.month, run.started_by.username) == (JUNE, "staff")
    assert response.url == f"/runs/{run.pk}/"


def test_the_button_twice_is_one_run(sign_in):
    client = sign_in("admin")

    first, second = (client.post("/runs/start/", {"month": "2022-06"}) for _again in range(2))

    assert first.url == second.url
    assert JudgmentRun.objects.count() == 1


@pytest.mark.parametrize("month", ["", "2022-13", "June", "2022-06-01", "9999-01"])
def test_it_opens_nothing_for_what_is_no_month_or_not_over(sign_in, month):
    response = sign_in("admin").post("/runs/start/", {"month": month}, follow=True)

    assert response.status_code == 200
    assert 'class="notice notice-error"' in response.content.decode()
    assert not JudgmentRun.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"), [("admin", True), ("staff", True), ("auditor", False), ("township", False)]
)
def test_the_button_is_there_for_those_who_may_press_it(sign_in, name, shown):
    assert ('action="/runs/start/"' in sign_in(name).get("/runs/").content.decode()) is shown
