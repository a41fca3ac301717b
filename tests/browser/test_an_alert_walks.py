"""An alert walked by three people in their browsers, from finding to closing; and one sent back on the way."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from alerts.models import Alert
from households.models import Event
from monitoring.judgment.running import open_run, work_run
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def found(cast):
    """What the judgment found and dispatched on its own to the specialist of the village."""
    household = factories.household(village="420527103204", members=2, head_name="王守田", lifted=True)
    factories.income(household=household, amount="10000")
    work_run(open_run(month=JUNE).pk)
    return Alert.objects.get(household=household)


@pytest.fixture
def turn_to(page, enter, found):
    """``turn_to("township")``: that person signs in and opens the alert from the list."""

    def _turn_to(name: str):
        page.context.clear_cookies()
        enter(name)
        page.goto("/alerts/")
        page.get_by_role("row", name=re.compile("王守田")).get_by_role("link").first.click()
        page.wait_for_url(f"**/alerts/{found.pk}/")

    return _turn_to


def decide(page, label: str):
    """Opens the move if it is closed and sends its form."""
    decision = page.locator(".decision", has=page.locator("summary", has_text=re.compile(f"^{label}$")))
    if decision.get_attribute("open") is None:
        decision.locator("summary").click()
    with page.expect_navigation():
        decision.get_by_role("button", name=label).click()


def test_it_is_walked_from_finding_to_closing_by_three_people(page, turn_to, found):
    turn_to("specialist")
    decide(page, "签收")
    page.get_by_label("确认有风险").check()
    page.get_by_label("收入偏低").check()
    page.locator("#verify-note").fill("务工停了三个月")
    decide(page, "反馈核实结果")
    expect(page.get_by_text("已核实").first).to_be_visible()

    turn_to("township")
    decide(page, "审核通过")

    turn_to("staff")
    page.get_by_label("启动监测对象识别").check()
    decide(page, "办结")

    found.refresh_from_db()
    assert (found.status, found.verdict, found.risks, found.outcome) == (
        "closed",
        "confirmed",
        ["income"],
        "to_identify",
    )
    course = page.locator("section", has=page.get_by_role("heading", name="经过"))
    expect(course.get_by_text("务工停了三个月")).to_be_visible()
    actors = Event.objects.filter(subject="alert", subject_id=found.pk, actor__isnull=False).order_by("pk")
    assert list(actors.values_list("actor__username", flat=True)) == [
        "specialist",
        "specialist",
        "township",
        "staff",
    ]


def test_sent_back_with_a_reason_it_lies_with_the_specialist_again(page, turn_to, found):
    turn_to("specialist")
    decide(page, "签收")
    page.get_by_label("无风险", exact=True).check()
    page.get_by_label("无风险原因").select_option("solved")
    decide(page, "反馈核实结果")

    turn_to("township")
    page.locator("summary", has_text="退回重核").click()
    page.locator("#send_back-note").fill("请附上收入情况")
    decide(page, "退回重核")

    turn_to("specialist")
    expect(page.get_by_text("请附上收入情况").first).to_be_visible()
    expect(page.locator(".decision").first).to_contain_text("反馈核实结果")


def test_only_what_belongs_to_the_verdict_is_asked(page, turn_to):
    turn_to("specialist")
    decide(page, "签收")
    expect(page.get_by_label("收入偏低")).to_be_hidden()
    page.get_by_label("确认有风险").check()
    expect(page.get_by_label("收入偏低")).to_be_visible()
    expect(page.get_by_label("无风险原因")).to_be_hidden()
    note = page.locator(".field", has=page.locator("#verify-note"))
    expect(note.get_by_text("（选填）")).to_be_visible()
    page.get_by_label("暂不能确定").check()
    expect(note.get_by_text("（选填）")).to_be_hidden()
