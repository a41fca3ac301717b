"""Unchecked reports raise nothing until somebody has looked, and a flood is set aside at once."""

import re

import pytest

from alerts.models import Alert, Notice, Report
from alerts.reports.answers import SET_ASIDE
from alerts.reports.checking import set_aside_many
from households.models import AuditEntry, Threshold
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db


def test_an_unchecked_report_has_no_alert(make_report, sign_in):
    report = make_report()
    page = sign_in("township").get("/reports/?state=unchecked")

    assert [row.pk for row in page.context["reports"]] == [report.pk]
    assert not Alert.objects.exists()


@pytest.mark.parametrize("who", ["admin", "staff", "township"])
def test_whoever_checks_it_raises_the_alert(make_report, sign_in, cast, who):
    report = make_report()
    sign_in(who).post(f"/reports/{report.pk}/accept/")

    report.refresh_from_db()
    assert (report.state, report.checked_by, report.alert.report) == ("accepted", cast.members[who], report.uid)
    assert report.checked_at is not None


@pytest.mark.parametrize("reason", SET_ASIDE)
def test_what_is_set_aside_raises_nothing_and_leaves_an_answer(make_report, sign_in, reason):
    report = make_report()
    sign_in("township").post(f"/reports/{report.pk}/set-aside/", {"reason": reason})

    report.refresh_from_db()
    assert (report.state, report.answer, report.alert) == ("discarded", SET_ASIDE[reason][1], None)
    assert report.answered_at is not None


def test_without_a_reason_nothing_is_set_aside(make_report, sign_in):
    report = make_report()

    assert sign_in("township").post(f"/reports/{report.pk}/set-aside/", {"reason": ""}).status_code == 422
    report.refresh_from_db()
    assert report.state == "unchecked"


def test_what_was_set_aside_by_mistake_is_accepted_after_all(make_report, sign_in):
    report = make_report()
    client = sign_in("township")
    client.post(f"/reports/{report.pk}/set-aside/", {"reason": "abuse"})
    client.post(f"/reports/{report.pk}/accept/")

    report.refresh_from_db()
    assert (report.state, report.answer, report.answered_at) == ("accepted", "", None)
    assert report.alert is not None


def test_accepting_comes_too_late_for_setting_aside(make_report, sign_in):
    report = make_report()
    client = sign_in("township")
    client.post(f"/reports/{report.pk}/accept/")
    client.post(f"/reports/{report.pk}/set-aside/", {"reason": "abuse"})

    report.refresh_from_db()
    assert (report.state, report.answer) == ("accepted", "")


def test_three_hundred_are_set_aside_with_a_result_each_in_a_few_statements(make_report, cast, count_queries):
    ids = [make_report().pk for _number in range(300)]
    results, statements = count_queries(lambda: set_aside_many(ids=ids, reason="abuse", by=cast.township))

    assert [(result.report_id, result.done) for result in results] == [(pk, True) for pk in ids]
    assert set(Report.objects.values_list("state", flat=True)) == {"discarded"}
    assert statements <= 8
    assert AuditEntry.objects.get(action="report_set_aside").detail == {"reason": "abuse", "rows": 300}


def test_each_of_many_that_cannot_be_set_aside_says_why(make_report, sign_in):
    accepted, far, other = make_report(), make_report(village=ELSEWHERE), make_report()
    client = sign_in("township")
    client.post(f"/reports/{accepted.pk}/accept/")
    page = client.post("/reports/set-aside/", {"report": [accepted.pk, far.pk, other.pk], "reason": "abuse"})

    results = {result.report_id: result for _name, result in page.context["results"]}
    assert [results[row.pk].done for row in (accepted, far, other)] == [False, False, True]
    assert results[accepted.pk].sentence
    assert results[far.pk].sentence != results[accepted.pk].sentence
    assert Report.objects.get(pk=far.pk).state == "unchecked"


def test_the_whole_page_is_set_aside_by_one_button(make_report, sign_in):
    shown = [make_report().pk for _number in range(3)]
    sign_in("staff").post("/reports/set-aside/", {"shown": shown, "all": "1", "reason": "abuse"})

    assert set(Report.objects.values_list("state", flat=True)) == {"discarded"}


def test_a_real_disaster_is_accepted_a_whole_page_at_once_and_whoever_gets_it_is_told_once(
    make_report, sign_in, cast
):
    Threshold.objects.filter(code__startswith="auto_dispatch").delete()
    for level in ("red", "yellow", "blue"):
        factories.threshold(code=f"auto_dispatch_{level}", value=3)
    shown = [make_report(name=f"灾{number}", risk="disaster").pk for number in range(4)]
    page = sign_in("township").post("/reports/accept/?state=unchecked", {"shown": shown, "all": "1"})

    assert "已受理 4 件上报" in page.content.decode()
    assert set(Report.objects.values_list("state", "checked_by")) == {("accepted", cast.township.pk)}
    assert set(Alert.objects.values_list("status", "holder")) == {("dispatched", "village")}
    (notice,) = Notice.objects.filter(recipient=cast.specialist)
    assert (notice.kind, notice.values["count"]) == ("dispatched", 4)
    assert AuditEntry.objects.filter(action="report_accepted").count() == 4


def test_each_of_many_that_cannot_be_accepted_says_why(make_report, sign_in):
    aside, far, other = make_report(state="discarded"), make_report(village=ELSEWHERE), make_report()
    page = sign_in("township").post("/reports/accept/", {"report": [aside.pk, far.pk, other.pk]})

    results = {result.report_id: result for _name, result in page.context["results"]}
    assert [results[row.pk].done for row in (aside, far, other)] == [False, False, True]
    assert results[aside.pk].sentence and results[far.pk].sentence != results[aside.pk].sentence
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "sent", "sentence", "ticks"),
    [
        ("set-aside", {"report": True, "reason": ""}, "请选择不予受理的原因", True),
        ("set-aside", {"reason": "abuse"}, "请先勾选上报", False),
        ("accept", {}, "请先勾选上报", False),
    ],
)
def test_what_is_missing_is_said_on_the_same_page_with_its_filter_and_ticks(
    make_report, sign_in, action, sent, sentence, ticks
):
    ticked, other = make_report(village=VILLAGES[1]), make_report(village=VILLAGES[1])
    make_report(village=VILLAGES[0])
    client = sign_in("township")
    filters = f"state=unchecked&village={VILLAGES[1]}"
    form = client.get(f"/reports/?{filters}").content.decode()
    assert f'action="/reports/set-aside/?{filters.replace("&", "&amp;")}"' in form
    sent = sent | ({"report": [ticked.pk]} if "report" in sent else {})
    page = client.post(f"/reports/{action}/?{filters}", sent, follow=True)

    text = page.content.decode()
    assert sentence in text
    assert [row.pk for row in page.context["reports"]] == [other.pk, ticked.pk]
    assert (f'value="{ticked.pk}" aria-label="选择关于望山的上报" checked' in text) is ticks
    assert len(re.findall(r"name=\"report\"[^>]* checked>", text)) == int(ticks)
    assert set(Report.objects.values_list("state", flat=True)) == {"unchecked"}
