"""A report raises an alert, or joins the open one of the same household and cause."""

import threading

import pytest
from django.db import connection

from alerts.kinds import Channel, Risk
from alerts.models import Alert, AlertKind, Report
from alerts.reports.accepting import accept_report
from alerts.reports.kinds import CHANNEL_OF
from alerts.reports.models import Source
from households.refusal import Refused
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_channel_and_risk_is_a_kind_of_alert():
    channels = set(CHANNEL_OF.values())
    codes = set(AlertKind.objects.filter(channel__in=channels).values_list("code", flat=True))

    assert channels == {Channel.SELF, Channel.HOTLINE, Channel.DESK, Channel.VISIT}
    assert codes >= {f"{channel.upper()}.{risk}" for channel in channels for risk in Risk}
    assert AlertKind.objects.get(pk="SELF.illness").name_zh == "农户自主申报：因病"


def test_a_report_of_a_known_household_raises_one_alert_of_that_household(make_report, household, events):
    report = make_report(household=household)
    alert = accept_report(report=report, by=None)

    assert (alert.household, alert.report, alert.village) == (household, None, household.village)
    assert (alert.kind_id, alert.level, alert.status, alert.holder) == (
        "SELF.illness",
        "yellow",
        "raised",
        "county",
    )
    assert alert.due_on is not None
    report.refresh_from_db()
    assert (report.state, report.alert, report.checked_at) == ("accepted", alert, None)
    assert [(event.kind, event.detail) for event in events(alert)] == [("alert_raised", {"report": report.pk})]


def test_a_report_without_a_household_is_itself_the_subject_and_lies_where_it_says(make_report):
    report = make_report(source=Source.HOTLINE_12345)
    alert = accept_report(report=report, by=None)

    assert (alert.household, alert.report, alert.village) == (None, report.uid, report.village)


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("risk", Risk)
def test_no_alert_says_who_it_is_or_what_they_wrote(make_report, source, risk):
    report = make_report(source=source, risk=risk, name="望山", ticket="A-1")
    alert = accept_report(report=report, by=None)

    told = f"{alert.sentence_zh}{alert.sentence_en}{alert.values}"
    assert "望山" not in told
    assert "肝硬化" not in told
    assert alert.sentence_zh.endswith(alert.kind.name_zh.partition("：")[2])


def test_a_second_report_of_the_same_cause_joins_the_open_alert(make_report, household, cast, events):
    first = accept_report(report=make_report(household=household), by=None)
    second = make_report(household=household)
    joined = accept_report(report=second, by=cast.staff)

    assert joined == first
    assert [event.kind for event in events(first)] == ["alert_raised", "alert_found_again"]
    assert events(first)[1].detail == {"report": second.pk}
    second.refresh_from_db()
    assert (second.alert, second.checked_by) == (first, cast.staff)


@pytest.mark.parametrize("other", [{"risk": "housing"}, {"source": Source.HOTLINE_12317}])
def test_another_cause_is_another_alert(make_report, household, other):
    first = accept_report(report=make_report(household=household), by=None)

    assert accept_report(report=make_report(household=household, **other), by=None) != first


def test_a_closed_alert_is_not_joined_and_each_report_is_a_new_happening(make_report, household):
    first = accept_report(report=make_report(household=household), by=None)
    Alert.objects.filter(pk=first.pk).update(status="closed", closed_at=first.raised_at)

    assert accept_report(report=make_report(household=household), by=None) != first


def test_an_accepted_report_stays_with_its_alert_however_often_it_is_accepted(make_report, household, events):
    report = make_report(household=household)
    alert = accept_report(report=report, by=None)

    assert accept_report(report=report, by=None) == alert
    assert len(events(alert)) == 1


def test_what_was_set_aside_raises_nothing(make_report):
    with pytest.raises(Refused):
        accept_report(report=make_report(state="discarded"), by=None)
    assert not Alert.objects.exists()


def test_a_report_goes_straight_to_the_village_where_the_county_wants_that(make_report, household, cast, events):
    factories.threshold(code="auto_dispatch_yellow", value=3)
    alert = accept_report(report=make_report(household=household), by=None)

    assert (alert.status, alert.holder, alert.assignee) == ("dispatched", "village", cast.specialist)
    assert [event.kind for event in events(alert)] == ["alert_raised", "alert_dispatched"]


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_household_accepted_at_once_raise_one_alert(make_report, household):
    reports = [make_report(household=household) for _number in range(6)]
    barrier = threading.Barrier(len(reports))
    failures = []

    def accept(report):
        try:
            barrier.wait()
            accept_report(report=report, by=None)
        except Exception as error:  # noqa: BLE001  told to the test that waits
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(report,)) for report in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    (alert,) = Alert.objects.all()
    assert set(Report.objects.values_list("alert", "state")) == {(alert.pk, "accepted")}
