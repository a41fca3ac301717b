"""County staff and a village specialist click through the pages, as they do all day."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from monitoring.judgment.running import open_run, work_run
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def judged():
    household = factories.household(
        village="420527103204", members=2, head_name="王守田", lifted=True, category=""
    )
    factories.income(household=household, amount="12000.66")
    other = factories.household(village="420527101201", members=1, head_name="李远山")
    factories.income(household=other, amount="100")
    run = open_run(month=JUNE)
    work_run(run.pk)
    return household


def test_from_the_number_on_the_home_page_to_the_rows_behind_an_alert(page, enter, judged):
    enter("staff")
    page.get_by_role("link", name=re.compile("本月新增")).first.click()
    page.wait_for_url("**/alerts/?first_month=2022-06*")
    expect(page.locator("tbody tr")).to_have_count(2)

    page.get_by_role("row", name=re.compile("王守田")).get_by_role("link").first.click()

    expect(page.get_by_text("人均纯收入 6,000.33 元，低于 2022 年监测范围 6,900.00 元").first).to_be_visible()
    expect(page.get_by_text(re.compile("湖北日报")).first).to_be_visible()
    page.get_by_role("link", name="查看农户").click()
    page.wait_for_url(f"**/households/{judged.pk}/")
    expect(page.locator("figure.chart svg")).to_be_visible()


def test_a_filter_changes_the_list_and_the_address_without_a_reload(page, enter, judged):
    enter("staff")
    page.goto("/alerts/")
    page.get_by_label("级别").select_option("red")
    page.wait_for_url(re.compile("level=red"))

    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody").get_by_text("李远山")).to_be_visible()


def test_a_run_shows_its_progress_until_it_is_done(page, enter, judged):
    enter("staff")
    run = open_run(month=dt.date(2022, 5, 1))
    page.goto(f"/runs/{run.pk}/")
    assert page.locator("progress").get_attribute("value") == "0"

    work_run(run.pk)

    run.refresh_from_db()
    page.get_by_text(run.digest[:12]).first.wait_for(timeout=10_000)


def test_a_specialist_sees_the_own_villages_and_nothing_else(page, enter, judged):
    enter("specialist")
    page.goto("/alerts/")

    expect(page.locator("tbody").get_by_text("王守田")).to_be_visible()
    expect(page.locator("tbody").get_by_text("李远山")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/alerts/", "/households/", "/runs/", "/imports/"])
def test_pages_fit_a_tablet_without_sideways_scrolling(page, enter, judged, path):
    enter("admin")
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto(path)

    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 820


def test_the_language_changes_with_one_click_and_stays(page, enter, judged):
    enter("staff")
    with page.expect_navigation():
        page.get_by_role("button", name="English").click()
    page.goto("/alerts/")

    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_text(re.compile("below the 2022 line")).first).to_be_visible()
