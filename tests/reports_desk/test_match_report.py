"""A report is matched to its household, and its alert with it."""

import pytest

from alerts.models import Alert, Report
from alerts.reports.accepting import accept_report
from alerts.reports.matching import match_report, suggest_households
from alerts.reports.models import Source
from households.models import Household, Person
from households.privacy.seal import lookup_hash, seal
from households.refusal import Refused
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = pytest.mark.django_db
NUMBER = "420527198005010014"
PHONE = "13812345678"


def likely(report, who):
    found = suggest_households(report=report, who=who)
    return [(one.household.pk, one.same_identity, one.same_name, one.same_phone) for one in found]


def test_the_identity_number_finds_the_household_in_any_village_of_the_area(make_report, cast):
    home = factories.household(village=VILLAGES[1], members=1)
    Person.objects.filter(memberships__household=home).update(
        identity_sealed=seal(NUMBER), identity_hash=lookup_hash(NUMBER)
    )
    report = make_report(name="无此人", identity_hash=lookup_hash(NUMBER))

    assert likely(report, cast.township) == [(home.pk, True, False, False)]


def test_nobody_without_a_number_is_found_by_the_number_that_is_missing(make_report, cast):
    factories.household(members=2)

    assert likely(make_report(name="无此人"), cast.township) == []


def test_name_and_phone_find_households_of_the_village(make_report, cast):
    named = factories.household(members=1, head_name="望山")
    called = factories.household(members=1)
    Household.objects.filter(pk=called.pk).update(phone_sealed=seal(PHONE))
    factories.household(village=VILLAGES[1], members=1, head_name="望山")

    assert likely(make_report(name="望山", phone=PHONE), cast.township) == [
        (named.pk, False, True, False),
        (called.pk, False, False, True),
    ]


def test_the_phone_of_somebody_who_reports_for_a_neighbour_says_nothing(make_report, cast):
    home = factories.household(members=1)
    Household.objects.filter(pk=home.pk).update(phone_sealed=seal(PHONE))

    assert likely(make_report(name="无此人", phone=PHONE, for_other=True), cast.township) == []


def test_nothing_out_of_sight_is_suggested(make_report, cast):
    factories.household(village=ELSEWHERE, members=1, head_name="望山")

    assert likely(make_report(village=ELSEWHERE), cast.specialist) == []


def test_one_click_makes_the_alert_the_households_with_all_that_was_done(make_report, household, sign_in, events):
    report = make_report()
    alert = accept_report(report=report, by=None)
    sign_in("specialist").post(f"/reports/{report.pk}/match/", {"household": household.pk})

    alert.refresh_from_db()
    assert (alert.household, alert.report, alert.status) == (household, None, "raised")
    assert events(alert)[-1].kind == "alert_matched"
    report.refresh_from_db()
    assert (report.household, report.alert) == (household, alert)


def test_where_the_same_cause_is_open_the_report_joins_it_and_its_own_alert_is_a_duplicate(
    make_report, household, cast, events
):
    open_one = accept_report(report=make_report(household=household), by=None)
    report = make_report()
    own = accept_report(report=report, by=None)
    match_report(report=report, household=household, by=cast.township)

    own.refresh_from_db()
    report.refresh_from_db()
    assert (own.status, own.outcome, own.due_on, own.household) == ("closed", "duplicate", None, None)
    assert events(own)[-1].detail == {"report": report.pk, "outcome": "duplicate", "joined": open_one.pk}
    assert report.alert == open_one
    assert events(open_one)[-1].kind == "alert_found_again"


def test_another_cause_is_not_joined(make_report, household, cast):
    accept_report(report=make_report(household=household, source=Source.HOTLINE_12345), by=None)
    report = make_report()
    own = accept_report(report=report, by=None)
    match_report(report=report, household=household, by=cast.township)

    report.refresh_from_db()
    assert report.alert == own


def test_an_unchecked_report_is_matched_without_raising_anything(make_report, household, cast):
    report = match_report(report=make_report(), household=household, by=cast.township)

    assert (report.household, report.alert, report.state) == (household, None, "unchecked")
    assert accept_report(report=report, by=cast.township).household == household


def test_the_report_lies_where_its_household_lives(make_report, cast):
    home = factories.household(village=VILLAGES[1])
    report = make_report()
    alert = accept_report(report=report, by=None)
    match_report(report=report, household=home, by=cast.township)

    report.refresh_from_db()
    alert.refresh_from_db()
    assert (report.village, alert.village) == (VILLAGES[1], VILLAGES[1])


def test_an_alert_that_comes_to_a_village_without_anybody_goes_to_the_township(make_report, cast):
    empty = "420527103205"
    home = factories.household(village=empty)
    report = make_report()
    alert = accept_report(report=report, by=None)
    Alert.objects.filter(pk=alert.pk).update(status="dispatched", holder="village", assignee=cast.specialist)
    match_report(report=report, household=home, by=cast.township)

    alert.refresh_from_db()
    assert (alert.holder, alert.assignee) == ("township", None)


def test_matched_once_is_matched(make_report, household, cast):
    report = make_report()
    match_report(report=report, household=household, by=cast.township)

    with pytest.raises(Refused):
        match_report(report=report, household=factories.household(), by=cast.township)


@pytest.mark.parametrize("out_of_sight", ["household", "report"])
def test_only_within_the_own_area(make_report, household, cast, out_of_sight):
    report = make_report(village=ELSEWHERE if out_of_sight == "report" else VILLAGES[0])
    home = factories.household(village=ELSEWHERE) if out_of_sight == "household" else household

    with pytest.raises(Refused):
        match_report(report=report, household=home, by=cast.specialist)
    assert Report.objects.get().household is None


def test_a_search_on_the_page_finds_by_number_and_is_audited(make_report, household, sign_in):
    report = make_report(name="无此人")
    page = sign_in("specialist").post(f"/reports/{report.pk}/search/", {"term": household.code})

    assert [row.pk for row in page.context["found"].households] == [household.pk]


def test_nobody_is_to_be_identified_before_it_is_known_whose_report_it_is(make_report, household, sign_in, cast):
    """Closed so without a household, it would stand on no list of the confirmed."""
    report = make_report()
    alert = accept_report(report=report, by=None)
    Alert.objects.update(status="reviewed", holder="county", verdict="confirmed", verified_at=alert.raised_at)
    county = sign_in("staff")
    refused = county.post(f"/alerts/{alert.pk}/moves/close/", {"outcome": "to_identify"})

    assert refused.status_code == 422
    assert "请先在预警页面打开上报" in refused.content.decode()
    alert.refresh_from_db()
    assert alert.is_open
    county.post(f"/reports/{report.pk}/match/", {"household": household.pk})
    county.post(f"/alerts/{alert.pk}/moves/close/", {"outcome": "to_identify"})
    alert.refresh_from_db()
    assert (alert.status, alert.outcome, alert.household) == ("closed", "to_identify", household)
