"""Finding a household: due first, by hamlet, by name or pinyin initials, by what it has."""

import datetime as dt
import json
import re
import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from households.models import Household
from households.registry.pinyin import pinyin_key
from households.visits.campaigns import open_campaign
from tests import factories
from tests.conftest import VILLAGES
from tests.pace import least
from tests.tablet_device.ui import make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def village(cast):
    """Two hamlets; 李桂芳 is overdue, 张望山 was visited these days, 王守田 has no reason to be visited."""
    today = timezone.localdate()
    rows = {}
    wanted = (("王守田", "二组", None), ("张望山", "二组", 2), ("李桂芳", "二组", 45), ("赵十一", "十一组", None))
    for name, hamlet, ago in wanted:
        household = factories.household(members=1, head_name=name, category="marginal" if ago else None)
        Household.objects.filter(pk=household.pk).update(hamlet=hamlet, head_pinyin=pinyin_key(name))
        if ago:
            factories.visit(household=household, on=today - dt.timedelta(days=ago))
        rows[name] = household
    return rows


def names(page):
    return page.locator(".row-name")


def test_due_households_come_first_in_their_hamlet_and_hamlets_in_order(tablet, village):  # noqa: F811
    tablet.set_up()

    expect(tablet.page.locator(".group h2 span")).to_have_text(["长江村 · 二组", "长江村 · 十一组"])
    expect(names(tablet.page)).to_have_text(["李桂芳", "王守田", "张望山", "赵十一"])
    expect(tablet.page.locator(".row", has_text="李桂芳")).to_contain_text("逾期 15 天")
    # Also when somebody else was there, or the tablet has long sent it.
    expect(tablet.page.locator(".row", has_text="张望山")).to_contain_text("已走访")


@pytest.mark.parametrize("words", ["王", "守田", "wst", "wangshou", "WST"])
def test_a_name_is_found_by_characters_by_pinyin_and_by_initials(tablet, village, words):  # noqa: F811
    tablet.set_up()
    tablet.page.get_by_label("姓名或拼音首字母").fill(words)

    expect(names(tablet.page)).to_have_text(["王守田"])
    expect(tablet.page.get_by_text("共 4 户，找到 1 户")).to_be_visible()


def test_filters_say_how_many_and_stay_while_one_goes_in_and_out(tablet, village):  # noqa: F811
    factories.alert(household=village["赵十一"], level="red")
    tablet.set_up()
    with_alerts = tablet.page.get_by_role("button", name="有预警 1")
    with_alerts.click()
    expect(names(tablet.page)).to_have_text(["赵十一"])
    expect(tablet.page.locator(".level-red")).to_have_text("红色")
    tablet.household("赵十一")
    tablet.page.get_by_role("link", name="返回列表").click()

    expect(with_alerts).to_have_attribute("aria-pressed", "true")
    with_alerts.click()
    tablet.page.get_by_role("button", name="应走访 1").click()
    expect(names(tablet.page)).to_have_text(["李桂芳"])


def test_a_campaign_is_asked_for_on_its_days_alone(tablet, village, cast):  # noqa: F811
    today = timezone.localdate()
    for name, begins in (("秋季排查", today), ("冬季排查", today + dt.timedelta(days=1))):
        area = VILLAGES[0]
        open_campaign(name=name, area=area, starts_on=begins, ends_on=begins, by=cast.township, everybody=True)
    tablet.set_up()
    tablet.page.get_by_role("button", name="排查 4").click()
    tablet.household("赵十一")

    expect(tablet.page.get_by_text("秋季排查")).to_be_visible()
    expect(tablet.page.get_by_text("冬季排查")).to_have_count(0)

    tablet.page.clock.set_fixed_time(timezone.now() + dt.timedelta(days=1))
    # Opened anew: a tablet that has lain for a day locks itself.
    tablet.page.reload()
    tablet.unlock()
    expect(tablet.page.get_by_text("冬季排查")).to_be_visible()
    expect(tablet.page.get_by_text("秋季排查")).to_have_count(0)


def test_nobody_is_found_in_words(tablet, village):  # noqa: F811
    tablet.set_up()
    tablet.page.get_by_label("姓名或拼音首字母").fill("qqq")

    expect(tablet.page.get_by_role("heading", name="没有找到")).to_be_visible()


def test_six_hundred_households_stand_there_at_once_and_are_searched_without_waiting(make_tablet, village):  # noqa: F811
    # Without a service worker, so that the village can be made large on its way.
    device = make_tablet(service_workers="block")

    def enlarge(route):
        body = route.fetch().json()
        first = body["households"][0] if body["households"] else None
        for number in range(596 if first else 0):
            body["households"].append(
                first | {"id": 10_000 + number, "head": f"农户{number:03}", "hamlet": f"{number % 12 + 1}组"}
            )
        route.fulfill(body=json.dumps(body), content_type="application/json", headers={"ETag": '"large"'})

    device.context.route(re.compile("/tablet/api/villages/"), enlarge)
    device.set_up()
    expect(names(device.page)).to_have_count(600)
    search = """async (words) => {
      const input = document.querySelector("#find");
      const began = performance.now();
      input.value = words;
      input.dispatchEvent(new Event("input"));
      return performance.now() - began;
    }"""

    assert min(device.page.evaluate(search, words) for words in ("农", "", "农户1")) < 100
    last = iter(("农户595", "农户594", "农户593", "农户592"))

    def find() -> float:
        name, began = next(last), time.monotonic()
        device.page.get_by_label("姓名或拼音首字母").fill(name)
        expect(names(device.page)).to_have_text([name])
        return time.monotonic() - began

    assert least(find, below=2) < 2
