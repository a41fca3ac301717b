"""A tablet held upright, 820 pixels wide: nothing of a list is cut off, and one decides before the evidence."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories

SENTENCE = "2022年6月前12个月人均纯收入5200元，低于监测范围7500元，家庭成员4人，外出务工2人"


@pytest.fixture
def upright(cast, page, enter):
    alert = factories.alert(
        household=factories.household(head_name="欧阳秭归", members=2),
        status="acknowledged",
        holder="village",
        assignee=cast.specialist,
        due_on=timezone.localdate() - dt.timedelta(days=19),
        sentence_zh=SENTENCE,
        values={"net_per_head": 5200},
    )
    for source in ("public", "12345"):
        factories.report(source=source, answer_by=timezone.localdate() - dt.timedelta(days=1))
    page.set_viewport_size({"width": 820, "height": 1180})
    enter("specialist")
    return alert


def test_the_lists_of_tasks_alerts_and_reports_fit_its_width(page, upright):
    for path, heading in (("/work/", "当前办理方"), ("/alerts/", "状态"), ("/reports/", "答复")):
        page.goto(path)
        wrap = page.locator(".table-wrap")
        expect(wrap.get_by_role("columnheader", name=heading)).to_be_visible()
        assert wrap.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth"), path


def test_on_the_page_of_an_alert_one_decides_before_the_evidence(page, upright):
    page.goto(f"/alerts/{upright.pk}/")
    panels = page.locator("main .grid-side section.panel")

    expect(panels.nth(0)).to_have_id("decide")
    expect(panels.nth(1)).to_contain_text("5,200")
    assert panels.nth(0).bounding_box()["y"] < panels.nth(1).bounding_box()["y"]


def test_on_a_wide_screen_the_evidence_stands_beside_the_decision(page, upright):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"/alerts/{upright.pk}/")
    decision, evidence = (page.locator("main .grid-side section.panel").nth(place) for place in (0, 1))

    expect(decision).to_have_id("decide")
    assert decision.bounding_box()["y"] == evidence.bounding_box()["y"]
    assert decision.bounding_box()["x"] > evidence.bounding_box()["x"]
