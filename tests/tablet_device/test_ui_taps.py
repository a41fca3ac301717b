"""The visit of three taps: open the page, the household, nothing has changed."""

import pytest
from playwright.sync_api import expect

from households.models import Visit
from tests import factories
from tests.pace import least
from tests.tablet_device.ui import PIN, line, make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wang(cast):
    return factories.household(members=2, head_name="王守田")


def test_three_taps_are_one_visit_and_cost_less_than_a_second_of_ours(tablet, wang):  # noqa: F811
    tablet.set_up()
    taps = ["open the page"]
    spent = tablet.timed(".row a", "[data-unchanged]")
    taps.append("the household")
    spent += tablet.timed("[data-unchanged]", ".done")
    taps.append("nothing has changed")

    expect(tablet.page.get_by_role("heading", name="王守田：走访已保存")).to_be_visible()
    assert len(taps) == 3
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    expect(tablet.page.locator(".parcel")).to_contain_text("回执号")
    visit = Visit.objects.get()
    assert (visit.household_id, visit.unchanged, visit.method) == (wang.pk, True, "home")
    assert visit.visitor.username == "specialist"

    def again() -> float:
        # Somebody who was not visited yet: of a second visit on one day one is asked.
        name = factories.household(members=2).head_name
        tablet.page.goto("/tablet/#/")
        tablet.page.reload()
        tablet.unlock()
        expect(tablet.page.locator(".row").first).to_contain_text(name)
        return tablet.timed(".row a", "[data-unchanged]") + tablet.timed("[data-unchanged]", ".done")

    assert spent < 1000 or least(again, below=1000) < 1000


def test_an_impatient_thumb_makes_one_visit(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.household("王守田")
    tablet.page.get_by_role("button", name="无变化").dblclick(no_wait_after=True)
    tablet.page.get_by_role("link", name="下一户").click()
    tablet.go("#/outbox")

    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    assert Visit.objects.count() == 1


def test_a_second_visit_on_one_day_is_asked_about_once(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.household("王守田")
    other = tablet.tab()
    other.goto("/tablet/")
    other.get_by_label("平板口令").fill(PIN)
    other.get_by_role("button", name="打开").click()
    other.locator(".row a").click()
    expect(other.get_by_role("button", name="无变化")).to_be_visible()
    tablet.page.get_by_role("button", name="无变化").click()
    tablet.page.get_by_role("link", name="下一户").click()

    expect(other.locator("[data-due]")).to_contain_text("已走访")
    other.get_by_role("button", name="无变化").click()
    other.get_by_role("button", name="刚刚走访过，再记一次？").click()
    expect(other.get_by_role("heading", name="王守田：走访已保存")).to_be_visible()
    tablet.household("王守田")
    tablet.page.get_by_role("button", name="无变化").click()
    expect(tablet.page.get_by_role("button", name="刚刚走访过，再记一次？")).to_be_visible()


def test_going_back_in_the_instant_of_the_tap_leaves_no_dead_page(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.household("王守田")
    tablet.page.evaluate("document.querySelector('[data-unchanged]').click(); location.hash = '#/';")
    expect(tablet.page.locator("#toast")).to_contain_text("王守田：走访已保存")
    expect(tablet.page.locator(".row")).to_contain_text("已走访")
    expect(tablet.page.locator(".done")).to_have_count(0)

    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    assert Visit.objects.count() == 1


def test_a_tap_too_many_is_taken_back_before_it_is_sent(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.household("王守田")
    tablet.page.get_by_role("button", name="无变化").click()
    tablet.page.get_by_role("button", name="撤销").click()

    expect(tablet.page.get_by_role("button", name="无变化")).to_be_visible()
    tablet.go("#/outbox")
    expect(tablet.page.get_by_text("没有待上传的走访")).to_be_visible()
    assert not Visit.objects.exists()


def test_a_battery_that_dies_after_the_tap_loses_nothing(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.household("王守田")
    tablet.page.get_by_role("button", name="无变化").click()
    expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()
    # Another tab, so that this one does not get to say goodbye.
    page, tablet.page = tablet.page, tablet.tab()
    page.close(run_before_unload=False)
    tablet.page.goto("/tablet/#/outbox")
    tablet.unlock()

    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    assert Visit.objects.count() == 1


def test_a_visited_household_goes_down_the_list_with_its_mark_until_it_is_sent(tablet, wang):  # noqa: F811
    factories.household(members=1, head_name="李桂芳")
    tablet.set_up()
    tablet.ready_offline()
    tablet.context.set_offline(True)
    tablet.household("王守田")
    tablet.page.get_by_role("button", name="无变化").click()
    tablet.page.get_by_role("link", name="下一户").click()

    row = tablet.page.locator(".row", has_text="王守田")
    expect(row).to_contain_text("已走访")
    expect(row).to_contain_text("未上传")
    expect(tablet.page.locator("#unsent")).to_have_text("1")
    line(tablet.page, "没有网络.*待上传 1 条")
    tablet.context.set_offline(False)
    tablet.go("#/outbox")
    tablet.page.get_by_role("button", name="立即上传").click()
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    expect(tablet.page.locator("#unsent")).to_be_hidden()
