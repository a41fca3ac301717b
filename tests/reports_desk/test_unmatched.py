"""Reports without a household are told apart by the name that was reported, wherever alerts are listed."""

import datetime as dt
import io

import openpyxl
import pytest

from alerts.models import Alert
from alerts.reports.accepting import accept_report
from monitoring.judgment.models import JudgmentRun, RunState
from tests.conftest import VILLAGES
from tests.reports_desk.conftest import WORDS

pytestmark = pytest.mark.django_db
COUNTY = VILLAGES[0][:6]
NAMES = ("秋水", "长天")


@pytest.fixture
def unmatched(make_report):
    alerts = [accept_report(report=make_report(name=name, risk=risk), by=None)
              for name, risk in zip(NAMES, ("illness", "housing"), strict=True)]  # fmt: skip
    Alert.objects.update(status="dispatched", holder="village")
    return alerts


@pytest.mark.parametrize("url", ["/alerts/", "/work/?tab=mine"])
def test_lists_name_who_was_reported_and_say_that_nobody_has_matched_it(unmatched, sign_in, url):
    text = sign_in("specialist").get(url).content.decode()

    for name in NAMES:
        assert f">{name}（未匹配）<" in text


def test_the_newest_on_the_home_page_of_a_village_have_a_name(unmatched, sign_in):
    june = dt.date(2026, 6, 1)
    JudgmentRun.objects.create(
        month=june, event_month=june, revision=1, county=COUNTY, cutoff=0, state=RunState.DONE
    )
    text = sign_in("specialist").get("/").content.decode()

    for name in NAMES:
        assert f">{name}（未匹配）<" in text


def test_the_spreadsheet_has_the_same_names_as_the_list(unmatched, sign_in):
    answer = sign_in("specialist").post("/alerts/export/?open=true", {"purpose": "visits"})

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sorted(row[1] for row in list(sheet.values)[1:]) == sorted(f"{name}（未匹配）" for name in NAMES)


def test_a_decision_that_lacks_something_says_whose_it_is(unmatched, sign_in):
    page = sign_in("specialist").post(f"/alerts/{unmatched[0].pk}/moves/refuse/", {"note": ""})

    assert page.status_code == 422
    assert "<h1>秋水（未匹配）</h1>" in page.content.decode()


def test_several_reports_of_one_household_are_one_row(make_report, household, sign_in):
    for name in NAMES:
        accept_report(report=make_report(name=name, household=household), by=None)

    rows = sign_in("staff").get("/alerts/").context["alerts"]
    assert [alert.subject for alert in rows] == ["望山"]


def test_whoever_does_not_deal_with_reports_reads_neither_name_nor_words(unmatched, sign_in):
    """The villagers' page promises it; the auditor checks that things were done, not what was told."""
    report = unmatched[0].reports.get()
    auditor = sign_in("auditor")
    for url in ("/", "/alerts/", f"/alerts/{unmatched[0].pk}/", "/reports/", f"/reports/{report.pk}/"):
        page = auditor.get(url)
        assert page.status_code == 200
        text = page.content.decode()
        assert WORDS not in text and not any(name in text for name in NAMES)
    assert "秋*" in auditor.get(f"/reports/{report.pk}/").content.decode()
    assert "反映的内容只供负责办理的工作人员查看" in auditor.get(f"/reports/{report.pk}/").content.decode()


def test_what_was_matched_goes_by_its_household(unmatched, household, sign_in):
    report = unmatched[0].reports.get()
    sign_in("specialist").post(f"/reports/{report.pk}/match/", {"household": household.pk})

    text = sign_in("specialist").get("/alerts/").content.decode()
    assert "秋水" not in text and VILLAGES[0] == household.village
