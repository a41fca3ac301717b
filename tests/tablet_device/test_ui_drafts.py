"""Drafts that outlive what they were begun on: a household that left, a posting that ended, a photo, a day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from households.models import Household, Posting, Visit
from households.visits.models import VisitPhoto
from monitoring.tablet.models import HeldPhoto, Upload
from tests import factories
from tests.conftest import ELSEWHERE
from tests.tablet_device.ui import PIN, line, make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Pictures are read when a test says so: a slow tablet, as slow as it takes.
SLOW = """() => {
  const read = createImageBitmap;
  const released = new Promise((done) => (window.release = done));
  window.createImageBitmap = async (...given) => {
    await released;
    return read(...given);
  };
}"""

FORGET_VILLAGES = """() => new Promise((done) => {
  indexedDB.open("tablet").onsuccess = ({ target }) => {
    const change = target.result.transaction("villages", "readwrite");
    change.objectStore("villages").clear();
    change.oncomplete = () => done(target.result.close());
  };
})"""


@pytest.fixture
def wang(cast):
    row = factories.household(members=1, head_name="王守田")
    factories.income(household=row, amount="2800", month=timezone.localdate().replace(day=1))
    return row


def words(page):
    return page.locator('[data-path="words"] textarea')


def write(tablet, text, name="王守田"):  # noqa: F811
    """A draft that says something, left for the list."""
    tablet.begin(name)
    words(tablet.page).fill(text)
    tablet.go("#/")
    expect(tablet.page.locator(".row", has_text=name)).to_contain_text("草稿")


def finish(page):
    page.get_by_role("button", name="完成走访").click()


def photo(tablet) -> dict:  # noqa: F811
    content = tablet.page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(640, 480);
          canvas.getContext("2d").fillRect(0, 0, 320, 240);
          const blob = await canvas.convertToBlob({ type: "image/jpeg" });
          return [...new Uint8Array(await blob.arrayBuffer())];
        }"""
    )
    return {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": bytes(content)}


def fetch(tablet):  # noqa: F811
    tablet.page.locator("#menu summary").click()
    tablet.page.get_by_role("button", name="重新下载农户").click()


def parcel(tablet, text):  # noqa: F811
    return tablet.page.locator(".parcel", has_text=text)


def test_a_draft_of_a_household_that_left_is_written_on_and_kept_for_review(tablet, wang, cast):  # noqa: F811
    tablet.set_up()
    write(tablet, "屋顶漏雨")
    Household.objects.filter(pk=wang.pk).update(village=ELSEWHERE, township=ELSEWHERE[:9])
    fetch(tablet)
    expect(tablet.page.locator(".row")).to_have_count(0)
    tablet.go("#/outbox")
    expect(parcel(tablet, "王守田")).to_contain_text("屋顶漏雨")
    tablet.page.get_by_role("link", name="继续填写").click()

    expect(words(tablet.page)).to_have_value("屋顶漏雨")
    expect(tablet.page.get_by_text("本户已不在这台平板上")).to_be_visible()
    finish(tablet.page)
    expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("待乡镇核定")
    assert Upload.objects.get().household_id == wang.pk


def test_a_draft_of_which_the_household_is_lost_here_opens_with_its_words(tablet, wang):  # noqa: F811
    tablet.set_up()
    write(tablet, "屋顶漏雨")
    Household.objects.filter(pk=wang.pk).update(village=ELSEWHERE, township=ELSEWHERE[:9])
    tablet.page.evaluate(FORGET_VILLAGES)
    tablet.page.reload()
    tablet.unlock()
    tablet.go("#/outbox")
    tablet.page.get_by_role("link", name="继续填写").click()

    expect(words(tablet.page)).to_have_value("屋顶漏雨")
    tablet.section("house").get_by_role("button", name="有变化").click()
    tablet.page.locator("label", has_text="C级").click()
    finish(tablet.page)
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("待乡镇核定")


def test_a_draft_is_deleted_in_the_outbox_when_asked_twice(tablet, wang):  # noqa: F811
    tablet.set_up()
    write(tablet, "屋顶漏雨")
    tablet.go("#/outbox")
    parcel(tablet, "屋顶漏雨").get_by_role("button", name="删除").click()
    parcel(tablet, "屋顶漏雨").get_by_role("button", name="确定删除？").click()

    expect(tablet.page.locator(".parcel")).to_have_count(0)


def test_drafts_are_handed_over_when_the_posting_ends_and_the_rest_is_named(tablet, wang, cast):  # noqa: F811
    factories.household(members=1, head_name="李桂芳")
    tablet.set_up()
    line(tablet.page, "走访已全部上传")
    tablet.begin("王守田")
    words(tablet.page).fill("屋顶漏雨")
    tablet.page.locator("#photo").set_input_files(photo(tablet))
    expect(tablet.page.get_by_role("img", name="照片 1")).to_be_visible()
    tablet.go("#/")
    tablet.begin("李桂芳")
    tablet.page.locator('[data-path="risks"] label', has_text="因病").click()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Posting.objects.filter(user=cast.specialist).update(valid_until=yesterday)
    tablet.go("#/outbox")
    tablet.page.get_by_role("button", name="立即上传").click()

    expect(parcel(tablet, "王守田").locator(".state")).to_have_text("待乡镇核定")
    line(tablet.page, "任职已结束.*1 条草稿")
    tablet.page.get_by_role("link", name="继续填写").click()
    expect(tablet.page.get_by_role("heading", level=1, name="有什么变化")).to_be_visible()
    assert HeldPhoto.objects.count() == 1
    tablet.go("#/outbox")
    parcel(tablet, "李桂芳").get_by_role("button", name="删除").click()
    parcel(tablet, "李桂芳").get_by_role("button", name="确定删除？").click()
    line(tablet.page, "任职已结束，本机上的农户数据将清除")
    tablet.go("#/")
    expect(tablet.page.get_by_role("heading", name="暂无农户")).to_be_visible()


def test_a_draft_without_its_day_is_opened_again_and_asked_for_the_day(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet.page).fill("屋顶漏雨")
    tablet.page.get_by_label("走访日期").fill("")
    tablet.section("income").get_by_role("button", name="新增一条").click()
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    tablet.page.reload()
    tablet.unlock()

    expect(words(tablet.page)).to_have_value("屋顶漏雨")
    finish(tablet.page)
    expect(tablet.page.locator('[data-path="on"] .problem')).to_be_visible()


def test_a_page_that_cannot_be_shown_stops_neither_the_way_back_nor_the_sender(tablet, wang):  # noqa: F811
    factories.household(members=1, head_name="李桂芳")
    tablet.set_up()
    unchanged(tablet, "王守田")
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")
    # A browser that lacks something.
    tablet.page.add_init_script("Array.prototype.toReversed = () => { throw new TypeError('not here'); };")
    tablet.page.reload()
    tablet.unlock()
    expect(tablet.page.get_by_role("heading", name="这一页打不开")).to_be_visible()
    tablet.page.get_by_role("link", name="返回列表").click()
    assert ["not here" in complaint for complaint in tablet.complaints] == [True]
    tablet.complaints.clear()

    with tablet.page.expect_response("**/tablet/api/visits/") as sent:
        unchanged(tablet, "李桂芳")
    sent.value.finished()
    assert Visit.objects.count() == 2


def unchanged(tablet, name):  # noqa: F811
    tablet.household(name)
    tablet.page.get_by_role("button", name="无变化").click()
    tablet.page.get_by_role("link", name="下一户").click()


@pytest.mark.parametrize("way", ["finish", "back", "lock"])
def test_a_photo_that_is_still_made_smaller_is_waited_for(tablet, wang, way):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet.page).fill("屋顶漏雨")
    picture = photo(tablet)
    tablet.page.evaluate(SLOW)
    tablet.page.locator("#photo").set_input_files(picture)
    expect(tablet.page.locator("[data-shrinking]")).to_have_text("正在压缩照片…")
    if way == "finish":
        finish(tablet.page)
    elif way == "back":
        tablet.go("#/outbox")
    else:
        tablet.page.locator("#menu summary").click()
        tablet.page.get_by_role("button", name="锁定").click()
    expect(tablet.page.locator("#toast")).to_have_text("正在压缩照片…")
    expect(words(tablet.page)).to_be_visible()
    tablet.page.evaluate("release()")

    if way == "finish":
        expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()
        tablet.go("#/outbox")
        expect(tablet.page.locator("[data-text=standing]")).to_contain_text("已全部上传")
        assert VisitPhoto.objects.count() == 1
    elif way == "back":
        expect(parcel(tablet, "屋顶漏雨")).to_contain_text("1 张照片")
    else:
        tablet.unlock()
        expect(tablet.page.get_by_role("img", name="照片 1")).to_be_visible()


def test_a_photo_that_cannot_be_made_smaller_is_said_before_the_visit_is_finished(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet.page).fill("屋顶漏雨")
    tablet.page.evaluate(SLOW)
    broken = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    tablet.page.locator("#photo").set_input_files(broken)
    finish(tablet.page)
    tablet.page.evaluate("release()")

    expect(tablet.page.get_by_text("这个文件不是可以读取的图片").first).to_be_visible()
    expect(words(tablet.page)).to_have_value("屋顶漏雨")
    finish(tablet.page)
    expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()


def test_a_form_begun_before_midnight_is_no_visit_of_yesterday_by_itself(tablet, wang):  # noqa: F811
    night = timezone.localtime(timezone=SHANGHAI).replace(hour=23, minute=55, second=0)
    tablet.page.clock.install(time=night)
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.clock.fast_forward("10:00")
    finish(tablet.page)

    expect(tablet.page.get_by_text("请填写变化，或选“无变化”。").first).to_be_visible()
    assert not Visit.objects.exists()


def test_words_for_a_visit_that_another_tab_finished_become_a_visit_of_their_own(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet.page).fill("屋顶漏雨")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    other = tablet.tab()
    other.goto("/tablet/")
    other.get_by_label("平板口令").fill(PIN)
    other.get_by_role("button", name="打开").click()
    expect(other.locator(".row")).to_be_visible()
    other.goto(tablet.page.url)
    expect(words(other)).to_have_value("屋顶漏雨")
    finish(other)
    expect(other.get_by_role("heading", name="走访已保存")).to_be_visible()
    words(tablet.page).fill("屋顶漏雨，后墙开裂")
    finish(tablet.page)

    expect(tablet.page.locator("#toast")).to_contain_text("已在另一个页面完成")
    tablet.page.get_by_role("button", name="另作一次走访").click()
    expect(words(tablet.page)).to_have_value("屋顶漏雨，后墙开裂")
    finish(tablet.page)
    expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text(["已入库", "已入库"])
    assert set(Visit.objects.values_list("words", flat=True)) == {"屋顶漏雨", "屋顶漏雨，后墙开裂"}


def test_on_a_phone_held_sideways_nothing_stands_over_the_form(make_tablet, wang):  # noqa: F811
    phone = make_tablet(viewport={"width": 740, "height": 360})
    phone.set_up()
    phone.begin("王守田")

    for selector in (".bar", ".actions"):
        expect(phone.page.locator(selector)).to_have_css("position", "static")
