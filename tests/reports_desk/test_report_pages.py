"""The list of reports, and the page of one: what they show, to whom, and what it costs."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Report
from alerts.reports.accepting import accept_report
from alerts.reports.models import Source
from households.models import AuditEntry
from tests.conftest import ELSEWHERE, VILLAGES
from tests.reports_desk.conftest import WORDS

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


def ids(page):
    assert page.status_code == 200, page.content.decode()
    return [report.pk for report in page.context["reports"]]


def test_each_sees_the_reports_of_the_own_area_newest_first(make_report, sign_in):
    first, far, second = make_report(), make_report(village=ELSEWHERE), make_report(village=VILLAGES[1])

    assert ids(sign_in("specialist").get("/reports/")) == [second.pk, first.pk]
    assert ids(sign_in("staff").get("/reports/")) == [second.pk, far.pk, first.pk]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("state=unchecked", ["unchecked"]),
        ("state=accepted", ["hotline", "due", "late", "done"]),
        ("channel=hotline", ["hotline"]),
        ("source=12345", ["hotline"]),
        ("risk=housing", ["unchecked"]),
        (f"village={VILLAGES[1]}", ["late"]),
        ("answer=due", ["due", "late"]),
        ("answer=overdue", ["late"]),
        ("answer=done", ["done"]),
    ],
)
def test_the_filters_find_what_they_say(make_report, sign_in, query, wanted):
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    rows = {
        "unchecked": make_report(risk="housing"),
        "hotline": make_report(source=Source.HOTLINE_12345, state="accepted"),
        "due": make_report(state="accepted", answer_by=today),
        "late": make_report(state="accepted", answer_by=yesterday, village=VILLAGES[1]),
        "done": make_report(state="accepted", answer_by=yesterday, answered_at=timezone.now()),
    }

    assert set(ids(sign_in("township").get(f"/reports/?{query}"))) == {rows[name].pk for name in wanted}


@pytest.mark.parametrize("query", ["state=nonsense", "nonsense=1", "before=x"])
def test_what_it_does_not_know_is_said(sign_in, query):
    assert sign_in("staff").get(f"/reports/?{query}").status_code == 400


def test_pages_are_leafed_through_to_and_fro(make_report, sign_in):
    rows = [make_report().pk for _number in range(60)]
    client = sign_in("township")
    first = client.get("/reports/")
    second = client.get(f"/reports/{first.context['next_url']}")

    assert ids(first) == rows[:9:-1]
    assert ids(second) == rows[9::-1]
    assert ids(client.get(f"/reports/{second.context['previous_url']}")) == rows[:9:-1]


def test_neither_words_nor_numbers_stand_in_the_list(make_report, sign_in):
    make_report(phone=PHONE)
    text = sign_in("township").get("/reports/").content.decode()

    assert WORDS not in text
    assert PHONE not in text


def test_the_page_shows_the_words_masks_the_phone_and_logs_who_read_it(make_report, sign_in, cast):
    report = make_report(phone=PHONE)
    text = sign_in("specialist").get(f"/reports/{report.pk}/").content.decode()

    assert WORDS in text
    assert PHONE not in text
    assert "138****5678" in text
    entry = AuditEntry.objects.get(action="report_read")
    assert (entry.actor, entry.subject_id) == (cast.specialist, str(report.pk))


def test_the_phone_is_shown_to_call_back_and_that_is_logged(make_report, sign_in):
    report = make_report(phone=PHONE)
    page = sign_in("specialist").post(f"/reports/{report.pk}/phone/")

    assert PHONE in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(action="report_phone_shown").count() == 1


def test_an_auditor_reads_and_does_nothing(make_report, sign_in):
    report = make_report(phone=PHONE)
    page = sign_in("auditor").get(f"/reports/{report.pk}/")

    assert page.status_code == 200
    assert not page.context["may_check"] and not page.context["may_match"] and not page.context["may_call"]


def test_a_checker_is_told_how_many_wait(make_report, sign_in):
    make_report()
    make_report(village=ELSEWHERE)

    assert sign_in("township").get("/reports/").context["unchecked"] == 1
    assert sign_in("specialist").get("/reports/").context["unchecked"] == 0


def test_the_list_costs_twelve_statements_at_most(make_report, household, sign_in, count_queries):
    for _number in range(20):
        accept_report(report=make_report(household=household), by=None)
    client = sign_in("township")
    client.get("/reports/")
    _page, statements = count_queries(lambda: client.get("/reports/"))

    assert statements <= 12


def test_the_page_costs_twenty_statements_at_most(make_report, household, sign_in, count_queries):
    report = make_report(phone=PHONE)
    accept_report(report=report, by=None)
    Report.objects.filter(pk=report.pk).update(answer_by=timezone.localdate())
    client = sign_in("township")
    client.get("/reports/")
    _page, statements = count_queries(lambda: client.get(f"/reports/{report.pk}/"))

    assert statements <= 20
