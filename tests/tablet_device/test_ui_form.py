"""A visit with something to say: only what changed, kept with every change, its problems at their fields."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from households.models import Visit, VisitAnswer
from tests import factories
from tests.tablet_device.ui import PIN, make_tablet, tablet  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wang(cast):
    """王守田 with a spouse, income of last month, and an alert that lies with the specialist."""
    row = factories.household(members=1, head_name="王守田", house_grade="B")
    factories.person(household=row, relation="配偶", name="向桂芳", facts={"work_place": "县内", "work_months": 6})
    last_month = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    factories.income(household=row, amount="2800", month=last_month.replace(day=1))
    return row


def words(tablet):  # noqa: F811
    return tablet.page.locator('[data-path="words"] textarea')


def finish(tablet):  # noqa: F811
    tablet.page.get_by_role("button", name="完成走访").click()


def stored(tablet):  # noqa: F811
    expect(tablet.page.get_by_role("heading", name="走访已保存")).to_be_visible()
    tablet.go("#/outbox")
    expect(tablet.page.locator(".parcel .state")).to_have_text("已入库")


def test_last_months_line_is_offered_and_only_its_amount_is_typed(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    income = tablet.section("income")
    income.locator(".adder", has_text="务工").click()
    expect(income.get_by_label("金额（元）")).to_have_value("2800")
    income.get_by_label("金额（元）").fill("３,100")
    finish(tablet)
    stored(tablet)

    answer = VisitAnswer.objects.get(section="income", field="amount")
    assert (answer.said, answer.item, answer.month) == ("3100.00", "务工", timezone.localdate().replace(day=1))


def test_school_is_asked_only_of_those_of_school_age(tablet, wang):  # noqa: F811
    factories.person(household=wang, name="王小明", born_on=timezone.localdate() - dt.timedelta(days=10 * 366))
    factories.household(members=1, head_name="李老")
    tablet.set_up()
    tablet.begin("王守田")
    expect(tablet.section("schooling").locator(".adder")).to_have_text(["王小明不在校"])
    expect(tablet.section("work").locator(".adder")).to_have_count(3)
    tablet.go("#/")
    tablet.begin("李老")
    expect(tablet.section("work")).to_have_count(1)
    expect(tablet.page.locator('[data-path="schooling"]')).to_have_count(0)


def test_what_contradicts_the_register_is_said_answer_by_answer(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.section("house").get_by_role("button", name="有变化").click()
    expect(tablet.section("house").get_by_text("登记：B级")).to_be_visible()
    tablet.page.locator("label", has_text="C级").click()
    work = tablet.section("work")
    work.locator(".adder", has_text="向桂芳").click()
    work.locator("label", has_text="省外").click()
    finish(tablet)
    stored(tablet)

    expect(tablet.page.locator(".answers")).to_contain_text("登记为“B级")
    expect(tablet.page.locator(".answers")).to_contain_text("您填的“省外”待乡镇审定")
    assert VisitAnswer.objects.get(field="work_place").seen == "县内"


def test_problems_stand_at_their_fields_and_the_first_one_is_focused(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    income = tablet.section("income")
    income.locator(".adder", has_text="务工").click()
    amount = income.get_by_label("金额（元）")
    amount.fill("三千")
    tablet.page.locator('[data-path="risks"] label', has_text="因病").click()
    finish(tablet)

    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_be_focused()
    expect(tablet.page.get_by_role("alert").first).to_contain_text("有 2 处需要改正")
    expect(tablet.page.locator('[data-path="words"] .problem')).to_be_visible()
    assert not Visit.objects.exists()

    amount.fill("3000")
    words(tablet).fill("住院花了五千")
    finish(tablet)
    stored(tablet)
    visit = Visit.objects.get()
    assert (visit.risks, visit.words) == (["illness"], "住院花了五千")


def test_a_draft_outlives_a_reload_and_is_offered_at_the_household(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet).fill("屋顶漏雨")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    tablet.page.reload()
    tablet.unlock()
    expect(words(tablet)).to_have_value("屋顶漏雨")

    tablet.go("#/")
    expect(tablet.page.locator(".row", has_text="王守田")).to_contain_text("草稿")
    tablet.household("王守田")
    tablet.page.get_by_role("link", name="继续填写").click()
    expect(words(tablet)).to_have_value("屋顶漏雨")


def test_a_slow_tablet_takes_back_nothing_that_was_typed_meanwhile(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.evaluate("""() => {
      const seal = SubtleCrypto.prototype.encrypt;
      SubtleCrypto.prototype.encrypt = async function (...given) {
        await new Promise((done) => setTimeout(done, 700));
        return seal.apply(this, given);
      };
    }""")
    words(tablet).fill("屋顶漏雨")
    tablet.page.wait_for_timeout(500)
    tablet.page.locator('[data-path="needs"] textarea').fill("想学养蜂")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    tablet.go("#/")
    tablet.household("王守田")
    tablet.page.get_by_role("link", name="继续填写").click()

    expect(words(tablet)).to_have_value("屋顶漏雨")
    expect(tablet.page.locator('[data-path="needs"] textarea')).to_have_value("想学养蜂")


def test_two_tabs_with_one_draft_lose_nothing_of_either(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet).fill("屋顶")
    expect(tablet.page.locator("[data-saved]")).to_contain_text("已保存在本机")
    other = tablet.tab()
    other.goto("/tablet/")
    other.get_by_label("平板口令").fill(PIN)
    other.get_by_role("button", name="打开").click()
    expect(other.locator(".row")).to_be_visible()
    other.goto(tablet.page.url)
    expect(other.locator('[data-path="words"] textarea')).to_have_value("屋顶")
    saved = tablet.page.locator("[data-saved]")
    saved.evaluate("(node) => { node.textContent = ''; }")
    words(tablet).fill("屋顶漏雨")
    expect(saved).to_contain_text("已保存在本机")

    other.locator('[data-path="needs"] textarea').fill("想学养蜂")
    other.get_by_role("button", name="完成走访").click()
    expect(other.get_by_role("heading", name="走访已保存")).to_be_visible()
    other.evaluate("location.hash = '#/outbox'")
    expect(other.locator(".parcel .state")).to_have_text("已入库")
    words(tablet).fill("屋顶漏雨，后墙开裂")

    expect(tablet.page.locator("[data-saved]")).to_contain_text("已在另一个页面完成")
    visit = Visit.objects.get()
    assert (visit.words, visit.needs) == ("屋顶漏雨", "想学养蜂")


def test_a_form_that_was_only_opened_leaves_no_draft(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.go_back()
    tablet.go("#/outbox")

    expect(tablet.page.get_by_text("走访已全部上传。")).to_be_visible()
    expect(tablet.page.get_by_text("草稿")).to_have_count(0)


def test_a_form_that_was_only_opened_leaves_no_draft_after_a_restart_either(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.reload()
    tablet.unlock()
    expect(words(tablet)).to_have_value("")
    tablet.page.close()
    tablet.page = tablet.tab()
    tablet.page.goto("/tablet/#/outbox")
    tablet.unlock()

    expect(tablet.page.get_by_text("走访已全部上传。")).to_be_visible()
    expect(tablet.page.get_by_text("草稿")).to_have_count(0)


def test_a_visit_that_says_nothing_is_not_taken(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.get_by_role("button", name="完成走访").click()

    expect(tablet.page.get_by_text("请填写变化，或选“无变化”。").first).to_be_visible()


def test_a_draft_goes_only_when_asked_twice(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    words(tablet).fill("屋顶漏雨")
    throw_away = tablet.page.locator("footer [data-drop]")
    throw_away.click()
    expect(throw_away).to_have_text("确定删除？")
    expect(words(tablet)).to_have_value("屋顶漏雨")
    throw_away.click()

    expect(tablet.page.get_by_role("button", name="无变化")).to_be_visible()
    expect(tablet.page.get_by_role("link", name="继续填写")).to_be_hidden()


def test_verifying_an_alert_is_part_of_the_visit(tablet, wang, cast):  # noqa: F811
    alert = factories.alert(household=wang, status="acknowledged", holder="village", level="red")
    tablet.set_up()
    tablet.household("王守田")
    expect(tablet.page.locator(".alert")).to_contain_text("核实要点")
    tablet.page.get_by_role("button", name="有变化").click()
    tablet.page.locator(".verdict label", has_text="确认有风险").click()
    finish(tablet)
    expect(tablet.page.locator('.verdict [data-path="verdicts.0.risks"] .problem')).to_be_visible()
    tablet.page.locator(".verdict label", has_text="收入偏低").click()
    tablet.page.locator(".verdict").get_by_label("备注").fill("务工停了三个月")
    finish(tablet)
    stored(tablet)
    expect(tablet.page.locator(".parcel")).to_contain_text("确认有风险")

    alert.refresh_from_db()
    assert (alert.status, alert.verdict, alert.risks) == ("verified", "confirmed", ["income"])


def test_another_reason_than_those_listed_is_asked_in_words(tablet, wang):  # noqa: F811
    factories.alert(household=wang, status="acknowledged", holder="village")
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.locator(".verdict label", has_text="无风险").click()
    note = tablet.page.locator('[data-path="verdicts.0.note"]')
    expect(note.get_by_text("可不填")).to_be_visible()
    tablet.page.locator('[data-path="verdicts.0.reason"] label', has_text="其他").click()

    expect(note.get_by_text("可不填")).to_have_count(0)
    note.get_by_label("备注").fill("搬走了")
    finish(tablet)
    stored(tablet)


def test_a_photo_is_shown_small_may_be_removed_and_goes_after_its_visit(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    picture = tablet.page.evaluate(
        """async () => {
          const canvas = new OffscreenCanvas(2400, 1800);
          const context = canvas.getContext("2d");
          context.fillStyle = "#7a5";
          context.fillRect(0, 0, 2400, 1800);
          const blob = await canvas.convertToBlob({ type: "image/jpeg" });
          return [...new Uint8Array(await blob.arrayBuffer())];
        }"""
    )
    file = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": bytes(picture)}
    tablet.page.locator("#photo").set_input_files(file)
    expect(tablet.page.get_by_role("img", name="照片 1")).to_be_visible()
    tablet.page.locator(".photo button").click()
    expect(tablet.page.locator(".photo")).to_have_count(0)
    tablet.page.locator("#photo").set_input_files(file)
    expect(tablet.page.get_by_role("img", name="照片 1")).to_be_visible()
    finish(tablet)
    stored(tablet)
    expect(tablet.page.locator("[data-text=standing]")).to_contain_text("已全部上传")

    assert Visit.objects.get().photos.count() == 1


def test_a_file_that_is_no_picture_is_said_in_words(tablet, wang):  # noqa: F811
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.locator("#photo").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )

    expect(tablet.page.get_by_text("这个文件不是可以读取的图片")).to_be_visible()


def test_a_visit_by_phone_may_be_of_yesterday(tablet, wang):  # noqa: F811
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    tablet.set_up()
    tablet.begin("王守田")
    tablet.page.locator("label", has_text="电话").click()
    tablet.page.get_by_label("走访日期").fill(yesterday.isoformat())
    finish(tablet)
    stored(tablet)

    visit = Visit.objects.get()
    assert (visit.method, visit.visited_on, visit.unchanged) == ("phone", yesterday, True)
