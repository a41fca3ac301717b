"""The line at the top: session over, somebody else, no network, a wrong clock; locking and leaving."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from households.models import Visit
from tests import factories
from tests.tablet_device.ui import line, make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wang(cast):
    return factories.household(members=1, head_name="王守田")


def words(tablet):  # noqa: F811
    return tablet.page.locator('[data-path="words"] textarea')


def visit(tablet, name="王守田"):  # noqa: F811
    tablet.household(name)
    tablet.page.get_by_role("button", name="无变化").click()
    tablet.page.get_by_role("link", name="下一户").click()


def test_when_the_session_is_over_the_work_stays_and_goes_after_signing_in(tablet, wang):  # noqa: F811
    tablet.set_up()
    # What is still being fetched for offline would bring the session back.
    tablet.ready_offline()
    line(tablet.page, "走访已全部上传")
    Session.objects.all().delete()
    tablet.context.clear_cookies()
    visit(tablet)
    line(tablet.page, "登录已过期，1 条走访保存在本机")
    link = tablet.page.locator("#line").get_by_role("link", name="登录")
    assert link.get_attribute("href") == "/sign-in/?next=/tablet/"
    assert not Visit.objects.exists()

    tablet.sign_in("specialist")
    tablet.page.reload()
    tablet.unlock()
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    assert Visit.objects.get().visitor.username == "specialist"


def test_what_one_wrote_is_never_sent_in_the_name_of_another(tablet, wang):  # noqa: F811
    tablet.set_up()
    line(tablet.page, "走访已全部上传")
    tablet.sign_in_instead("township")
    visit(tablet)
    line(tablet.page, "登录的是另一个人.*specialist")

    assert not Visit.objects.exists()


def test_a_wrong_clock_is_said_with_what_to_do(tablet, wang):  # noqa: F811
    tablet.page.clock.install(time=timezone.now() - timezone.timedelta(days=2))
    tablet.set_up()

    line(tablet.page, "平板时间慢了2天，请调整")


def test_it_locks_itself_after_a_quarter_of_an_hour_and_the_draft_stays(tablet, wang):  # noqa: F811
    tablet.page.clock.install()
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet).fill("屋顶漏雨")
    tablet.page.clock.fast_forward("14:30")
    expect(words(tablet)).to_be_visible()
    tablet.page.clock.fast_forward("00:45")

    expect(tablet.page.get_by_label("平板口令")).to_be_visible()
    expect(tablet.page.get_by_text("王守田")).to_have_count(0)
    tablet.unlock()
    expect(words(tablet)).to_have_value("屋顶漏雨")


def test_it_locks_when_told(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.page.locator("#menu summary").click()
    tablet.page.get_by_role("button", name="锁定").click()

    expect(tablet.page.get_by_label("平板口令")).to_be_visible()
    expect(tablet.page.get_by_text("王守田")).to_have_count(0)


def test_leaving_with_unsent_work_says_how_much_and_removes_nothing(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.ready_offline()
    tablet.context.set_offline(True)
    visit(tablet)
    tablet.go("#/leave")
    tablet.page.get_by_role("button", name="上传并退出").click()
    expect(tablet.page.get_by_role("alert")).to_contain_text("还没有上传：1 条走访")

    tablet.context.set_offline(False)
    tablet.page.get_by_role("button", name="上传并退出").click()
    tablet.page.wait_for_url("**/sign-in/**")
    assert Visit.objects.count() == 1
    left = tablet.page.evaluate(
        """async () => {
          const asked = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
          const database = await asked(indexedDB.open("tablet"));
          const names = ["vaults", "villages", "visits", "photos"];
          const counts = names.map((name) => asked(database.transaction(name).objectStore(name).count()));
          return (await Promise.all(counts)).join();
        }"""
    )
    assert left == "0,0,0,0"
    tablet.page.goto("/")
    expect(tablet.page).to_have_url(re.compile("/sign-in/"))


def test_signing_out_at_the_desk_leads_back_to_what_is_unsent(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.ready_offline()
    tablet.begin("王守田")
    words(tablet).fill("屋顶漏雨")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    tablet.page.goto("/households/")
    tablet.page.get_by_role("button", name="退出").click()
    tablet.page.wait_for_url("**/tablet/#/leave")
    tablet.unlock()

    expect(tablet.page.get_by_text("还没有上传：1 条草稿")).to_be_visible()


def test_whoever_does_not_know_the_pin_may_sign_out_of_the_desk_alone(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.ready_offline()
    tablet.begin("王守田")
    words(tablet).fill("屋顶漏雨")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    tablet.page.goto("/households/")
    tablet.page.get_by_role("button", name="退出").click()
    tablet.page.get_by_role("button", name="只退出电脑端").click()
    tablet.page.wait_for_url("**/sign-in/**")
    tablet.page.goto("/tablet/#/outbox")
    tablet.unlock()

    expect(tablet.page.get_by_text("王守田")).to_be_visible()


def test_signing_out_at_the_desk_removes_the_households_when_all_is_sent(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.ready_offline()
    tablet.page.goto("/households/")
    tablet.page.get_by_role("button", name="退出").click()
    tablet.page.wait_for_url("**/sign-in/**")
    tablet.page.goto("/tablet/")

    expect(tablet.page.get_by_role("link", name="登录")).to_be_visible()


def test_whoever_uses_no_tablet_signs_out_at_the_desk_as_ever(tablet, cast):  # noqa: F811
    tablet.sign_in("staff")
    tablet.page.goto("/households/")
    tablet.page.get_by_role("button", name="退出").click()
    tablet.page.wait_for_url("**/sign-in/**")

    tablet.page.goto("/")
    expect(tablet.page).to_have_url(re.compile("/sign-in/"))


def test_the_menu_of_the_desk_leads_to_the_tablet(tablet, cast):  # noqa: F811
    tablet.sign_in("specialist")
    tablet.page.goto("/households/")
    tablet.page.get_by_role("navigation").get_by_role("link", name="平板走访").click()

    expect(tablet.page.get_by_role("button", name="设置本机")).to_be_visible()
