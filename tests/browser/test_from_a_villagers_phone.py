"""From a villager's phone to the county, and the answer back on the same phone."""

import re

import pytest
from playwright.sync_api import expect

from alerts.models import Alert, Report
from alerts.reports.models import ReportState
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
VILLAGE = "420527103204"
HOST = "report.localhost"


@pytest.fixture
def phone(chromium, live_server, settings):
    """A small screen on the public host of the same server, without scripts."""
    settings.PUBLIC_HOST = HOST
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    port = live_server.url.rpartition(":")[2]
    context = chromium.new_context(
        base_url=f"http://{HOST}:{port}",
        locale="zh-CN",
        viewport={"width": 360, "height": 640},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def decide(page, label: str):
    decision = page.locator(".decision", has=page.locator("summary", has_text=re.compile(f"^{label}$")))
    if decision.get_attribute("open") is None:
        decision.locator("summary").click()
    with page.expect_navigation():
        decision.get_by_role("button", name=label).click()


def open_alert(page, enter, name: str, alert: Alert):
    page.context.clear_cookies()
    enter(name)
    page.goto(f"/alerts/{alert.pk}/")


def test_a_villagers_report_reaches_the_county_and_the_answer_comes_back(cast, phone, page, enter):
    home = factories.household(village=VILLAGE, members=1, head_name="向阳花")
    phone.goto(f"/v/{VILLAGE}/")
    phone.get_by_label("您的姓名").fill("向阳花")
    phone.get_by_label("您的手机号").fill("15400000101")
    phone.get_by_label(re.compile("家里有人生病")).check()
    phone.get_by_label("说说您家的困难").fill("丈夫住院，垫付了两万多")
    phone.get_by_role("button", name="提交").click()
    receipt = phone.locator(".receipt").inner_text()

    report = Report.objects.get()
    alert = report.alert
    assert (report.state, alert.status, alert.holder) == (ReportState.ACCEPTED, "dispatched", "village")

    open_alert(page, enter, "specialist", alert)
    decide(page, "签收")
    page.get_by_label("确认有风险").check()
    page.get_by_label("因病", exact=True).check()
    decide(page, "反馈核实结果")
    open_alert(page, enter, "township", alert)
    decide(page, "审核通过")
    page.goto(f"/reports/{report.pk}/")
    with page.expect_navigation():
        page.get_by_role("button", name="就是这户").click()
    page.get_by_label(re.compile("答复")).last.fill("已核实，将按程序纳入监测帮扶。")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("答复")).click()
    open_alert(page, enter, "staff", alert)
    page.get_by_label("启动监测对象识别").check()
    decide(page, "办结")
    alert.refresh_from_db()
    assert (alert.outcome, alert.household) == ("to_identify", home)

    phone.goto("/receipt/")
    phone.locator("input[name=receipt]").fill(receipt)
    phone.locator("input[name=last_four]").fill("0101")
    phone.get_by_role("button").click()
    expect(phone.get_by_text("已核实，将按程序纳入监测帮扶。")).to_be_visible()
    assert "向阳花" not in phone.content()
