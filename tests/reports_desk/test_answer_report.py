"""Whoever reported has an answer within five working days of the check."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert, Notice, Report
from alerts.reports.accepting import accept_report
from alerts.reports.answers import BY_OUTCOME, BY_REASON, SET_ASIDE, has_long_number, suggest_answer
from alerts.reports.due import set_answer_days
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.policy.calendar import WORKING, WorkCalendar
from tests import factories
from tests.conftest import VILLAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def walked(make_report, household, cast):
    """``walked("verify", verdict=…)``: a report whose alert a specialist has taken and verified."""

    def _walked(verdict="confirmed", **given):
        report = make_report(household=household, receipt_hash=b"r" * 32)
        alert = accept_report(report=report, by=None)
        county, village = Mover.of_user(cast.staff), Mover.of_user(cast.specialist)
        if alert.status == "raised":
            make_move(alert_id=alert.pk, move="dispatch", given=Given(to="village"), by=county)
        make_move(alert_id=alert.pk, move="acknowledge", by=village)
        given = {"risks": ("illness",)} if verdict == "confirmed" else given
        make_move(alert_id=alert.pk, move="verify", given=Given(verdict=verdict, note="看过", **given), by=village)
        report.refresh_from_db()
        return report

    return _walked


def test_the_days_begin_with_the_verification_and_count_working_days(walked):
    report = walked()

    assert report.answer_by == WorkCalendar().last_day(timezone.localdate(), 5, WORKING)


def test_before_the_check_no_answer_is_due(make_report, household):
    report = make_report(household=household)
    accept_report(report=report, by=None)

    assert report.answer_by is None


def test_what_cannot_be_told_yet_has_not_been_checked(walked):
    assert walked(verdict="unclear").answer_by is None


def test_sent_back_it_is_being_checked_again(walked, cast):
    report = walked()
    make_move(
        alert_id=report.alert_id, move="send_back", given=Given(note="再看"), by=Mover.of_user(cast.township)
    )

    report.refresh_from_db()
    assert report.answer_by is None


@pytest.mark.parametrize(
    ("verified", "last"),
    [
        # 28, 29, 30 September, then 8 and 9 October.
        (dt.date(2026, 9, 25), dt.date(2026, 10, 9)),
        # The Saturday after is made up for: 8, 9, 10, 12, 13 October.
        (dt.date(2026, 9, 30), dt.date(2026, 10, 13)),
    ],
)
def test_national_day_does_not_count_and_a_make_up_saturday_does(walked, verified, last):
    report = walked()
    Report.objects.update(answer_by=None)
    set_answer_days(alert_ids=[report.alert_id], on=verified)

    report.refresh_from_db()
    assert report.answer_by == last


def test_the_days_of_many_begin_in_a_few_statements(walked, make_report, count_queries):
    report = walked()
    Report.objects.update(answer_by=None)
    for _number in range(50):
        make_report(alert=report.alert, state="accepted")
    count, statements = count_queries(
        lambda: set_answer_days(alert_ids=[report.alert_id], on=timezone.localdate())
    )

    assert count == 51
    assert statements <= 8


def test_the_township_is_told_that_an_answer_is_due(walked, cast):
    report = walked()

    notice = Notice.objects.get(kind="answer_due", recipient=cast.township)
    assert notice.path == f"/reports/{report.pk}/"
    assert notice.values == {"count": 1, "day": report.answer_by.isoformat()}


def test_a_report_that_joins_an_alert_verified_before_is_answered_in_five_days(walked, make_report, household):
    walked()
    late = make_report(household=household)
    accept_report(report=late, by=None)

    assert late.answer_by == WorkCalendar().last_day(timezone.localdate(), 5, WORKING)


def test_the_answer_is_suggested_given_and_shown(walked, sign_in, cast):
    report = walked(verdict="no_risk", reason="solved")
    client = sign_in("township")
    page = client.get(f"/reports/{report.pk}/")
    assert page.context["answer"].initial["text"] == BY_REASON["solved"]

    client.post(f"/reports/{report.pk}/answer/", {"text": BY_REASON["solved"]})
    report.refresh_from_db()
    assert (report.answer, report.answered_by) == (BY_REASON["solved"], cast.township)


@pytest.mark.parametrize(
    "text",
    [
        "请拨打13812345678",
        "请拨打138 1234 5678",
        "请拨打138-1234-5678",
        "身份证420527198005010014",
        "请拨打１３８１２３４５６７８",
        "望山家已核实",
    ],
)
def test_no_number_and_no_name_stands_in_an_answer(walked, sign_in, text):
    report = walked()

    assert sign_in("township").post(f"/reports/{report.pk}/answer/", {"text": text}).status_code == 422
    report.refresh_from_db()
    assert report.answered_at is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1234567", False),
        ("12345678", True),
        ("2026-10-09", False),
        ("2026年10月9日", False),
        ("1 2 3 4 5 6 7 8 9", True),
    ],
)
def test_a_long_number_is_eight_digits_or_nine_with_blanks(text, found):
    assert has_long_number(text) is found


@pytest.mark.parametrize(
    "words", [*BY_OUTCOME.values(), *BY_REASON.values(), *(text for _l, text in SET_ASIDE.values())]
)
def test_every_suggestion_may_be_sent_as_it_is(words):
    assert not has_long_number(words)
    assert len(words) <= 300


@pytest.mark.parametrize("outcome", BY_OUTCOME)
def test_every_outcome_suggests_an_answer(outcome):
    assert suggest_answer(Alert(outcome=outcome, verdict="confirmed"))


def test_it_refuses_an_answer_before_anybody_has_looked(make_report, household, sign_in):
    report = make_report(household=household)
    accept_report(report=report, by=None)
    sign_in("township").post(f"/reports/{report.pk}/answer/", {"text": "已核实"})

    report.refresh_from_db()
    assert report.answer == ""


def test_the_second_of_two_answers_is_told_that_somebody_was_first(walked, sign_in):
    report = walked()
    sign_in("township").post(f"/reports/{report.pk}/answer/", {"text": "已核实"})
    second = sign_in("staff").post(f"/reports/{report.pk}/answer/", {"text": "另一个答复"}, follow=True)

    report.refresh_from_db()
    assert report.answer == "已核实"
    assert [message.level_tag for message in second.context["messages"]] == ["error"]


def test_whoever_looks_into_it_reads_what_was_written(make_report, cast, sign_in):
    """Handed to another village of the township, the report lies there too."""
    report = make_report()
    alert = accept_report(report=report, by=None)
    county, township = Mover.of_user(cast.staff), Mover.of_user(cast.township)
    if alert.status == "raised":
        make_move(alert_id=alert.pk, move="dispatch", given=Given(to="township"), by=county)
    make_move(alert_id=alert.pk, move="transfer", given=Given(village=VILLAGES[1], note="就近"), by=township)

    report.refresh_from_db()
    assert report.village == VILLAGES[1]


def test_a_report_goes_along_with_its_household(make_report, household, sign_in):
    report = make_report(household=household)
    accept_report(report=report, by=None)
    sign_in("township").post(
        f"/households/{household.pk}/move/",
        {
            "token": "b3f1c1de-62a5-4f0c-9a52-27a5a4c3c001",
            "on": f"{timezone.localdate():%Y-%m-%d}",
            "village": VILLAGES[1],
            "reason": "搬家",
        },
    )

    household.refresh_from_db()
    report.refresh_from_db()
    assert household.village == VILLAGES[1]
    assert report.village == VILLAGES[1]


def test_nothing_of_another_household_moves_along(make_report, household):
    other = make_report(household=factories.household())
    accept_report(report=other, by=None)

    assert other.village == VILLAGES[0]
