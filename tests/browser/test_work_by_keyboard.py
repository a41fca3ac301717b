"""A township clerk and a specialist work through their lists without a mouse."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alerts.models import Alert
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
NAMES = ["王守田", "李远山", "向春来"]


@pytest.fixture
def three(cast):
    """Three alerts that wait for the specialist, due one after the other."""
    today = timezone.localdate()
    alerts = []
    for number, name in enumerate(NAMES):
        home = factories.household(village="420527103204", members=1, head_name=name)
        due_on = today + dt.timedelta(days=number)
        alerts.append(factories.alert(household=home, holder="village", status="dispatched", due_on=due_on))
    return alerts


def _focused_row(page):
    return page.locator("tr[data-row-link]:focus-within th")


def test_from_the_list_to_a_decision_and_on_to_the_next(page, enter, three):
    enter("specialist")
    page.goto("/work/")
    page.keyboard.press("j")
    expect(_focused_row(page)).to_contain_text("王守田")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    expect(_focused_row(page)).to_contain_text("李远山")

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/alerts/{three[1].pk}/\?work="))
    page.keyboard.press("a")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(rf"/alerts/{three[2].pk}/\?work="))
    expect(page.locator(".notice-success")).to_be_visible()
    assert Alert.objects.get(pk=three[1].pk).status == "acknowledged"
    # What was taken is due in a week now, behind the others; after the last one the list begins again.
    page.keyboard.press("n")
    page.wait_for_url(re.compile(rf"/alerts/{three[1].pk}/\?work="))
    page.keyboard.press("n")
    page.wait_for_url(re.compile(rf"/alerts/{three[0].pk}/\?work="))
    page.keyboard.press("u")
    page.wait_for_url(re.compile(r"/work/\?"))
    expect(_focused_row(page)).to_contain_text("王守田")


def test_what_a_move_needs_gets_the_focus(page, enter, three):
    Alert.objects.update(status="acknowledged")
    enter("specialist")
    page.goto(f"/alerts/{three[0].pk}/?work=tab%3Dmine")

    page.keyboard.press("v")
    expect(page.locator("details[data-move=verify] [name=verdict]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("details[data-move=verify] [name=verdict][value=no_risk]")).to_be_checked()
    page.keyboard.press("f")
    expect(page.locator("details[data-move=refuse] textarea")).to_be_focused()
    # In a field a letter is a letter.
    page.keyboard.type("nav")
    expect(page.locator("details[data-move=refuse] textarea")).to_have_value("nav")


def test_ticks_and_one_decision_for_all_of_them(page, enter, three):
    enter("specialist")
    page.goto("/work/")
    button = page.get_by_role("button", name="签收", exact=True)
    expect(button).to_be_disabled()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-picked]")).to_contain_text("2")
    expect(button).to_be_enabled()

    page.keyboard.press("a")

    expect(page.get_by_role("heading", level=1)).to_contain_text("2")
    assert list(Alert.objects.order_by("due_on").values_list("status", flat=True)).count("acknowledged") == 2
    page.wait_for_load_state()
    page.keyboard.press("u")
    page.wait_for_url(re.compile(r"/work/(\?|$)"))


def test_a_move_for_the_row_in_focus(page, enter, three):
    enter("specialist")
    page.goto("/work/")
    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(page.locator(".notice-success")).to_be_visible()
    assert Alert.objects.get(pk=three[0].pk).status == "acknowledged"


def test_a_button_offers_itself_only_for_what_all_ticked_rows_allow(page, enter, three):
    Alert.objects.filter(pk=three[0].pk).update(status="acknowledged")
    enter("specialist")
    page.goto("/work/")
    button = page.get_by_role("button", name="签收", exact=True)
    page.locator("input[name=picked]").nth(1).check()
    expect(button).to_be_enabled()
    page.locator("input[name=picked]").nth(0).check()
    expect(button).to_be_disabled()
    page.locator("[data-pick-page]").check()
    expect(page.locator("input[name=picked]:checked")).to_have_count(3)
    page.locator("[data-pick-page]").uncheck()
    expect(page.locator("input[name=picked]:checked")).to_have_count(0)


def test_the_keys_are_listed_and_can_be_switched_off(page, enter, three):
    enter("specialist")
    page.goto("/work/")
    page.keyboard.press("?")
    dialog = page.locator("#keys-dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("下一条任务")
    dialog.locator("[data-keys-wanted]").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("j")

    expect(_focused_row(page)).to_have_count(0)


def test_a_filter_behind_more_keeps_the_list_and_its_export_together(page, enter, three):
    enter("specialist")
    page.goto("/work/")
    page.get_by_text("更多筛选").click()
    page.get_by_label("期限").select_option("today")
    page.wait_for_url(re.compile("due=today"))

    expect(page.locator("tbody tr")).to_have_count(1)
    assert "due=today" in page.get_by_role("link", name="导出 Excel").get_attribute("href")
