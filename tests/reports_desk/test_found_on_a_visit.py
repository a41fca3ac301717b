"""A visit that finds a risk is evidence, and a rule raises the alert: one road."""

import datetime as dt
import uuid

import pytest
import time_machine

from alerts.models import Alert, AlertKind
from alerts.reports.accepting import accept_report
from alerts.reports.models import Source
from households.models import EvidenceBatch, Visit
from monitoring.judgment.digest import run_digest
from monitoring.judgment.models import Finding, JudgmentRun
from monitoring.judgment.replaying import replay_run
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.tasks import judge_batches
from tests import factories

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2022, 6, 1), dt.date(2022, 7, 1)


@pytest.fixture(autouse=True)
def july():
    """Today is 10 July 2022: June is the last closed month."""
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def visit(sign_in, household):
    """``visit(risks=[…], on=…)`` at the desk by the specialist, judged at once."""
    judge_batches()

    def _visit(risks=("illness",), on="2022-07-08", words="看病花费大", **fields):
        client = sign_in("specialist")
        sent = {"token": str(uuid.uuid4()), "on": on, "method": "home", "words": words, "risks": list(risks)}
        answer = client.post(f"/households/{household.pk}/visit/", sent | fields)
        judge_batches()
        return answer

    return _visit


def raised():
    return sorted(Alert.objects.values_list("kind_id", "level", "first_month", "status"))


def test_each_risk_that_a_visit_found_is_an_alert_at_once(visit):
    assert visit(risks=["illness", "housing"]).status_code == 302

    assert raised() == [
        ("VISIT.housing", "yellow", JULY, "raised"),
        ("VISIT.illness", "yellow", JULY, "raised"),
    ]
    alert = Alert.objects.get(kind="VISIT.illness")
    assert (alert.sentence_zh, alert.values) == ("因病：当月 1 次走访发现", {"visits": 1})
    assert alert.kind.channel == "visit"


def test_a_visit_without_a_risk_raises_nothing(visit):
    visit(risks=[])

    assert raised() == []


def test_a_risk_needs_words(visit):
    answer = visit(words=" ")

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["words"]
    assert not Visit.objects.exists()


def test_the_same_form_twice_raises_once(visit):
    token = str(uuid.uuid4())
    visit(token=token)
    visit(token=token)

    assert Alert.objects.get().months_found == 1
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(("day", "month"), [("2022-06-30", JUNE), ("2022-03-15", dt.date(2022, 3, 1))])
def test_a_visit_written_down_late_is_found_in_its_own_month(visit, day, month):
    visit(on=day)

    assert raised() == [("VISIT.illness", "yellow", month, "raised")]


def test_the_monthly_judgment_finds_the_same_alert(visit, events):
    visit(on="2022-06-30")
    run = open_run(month=JUNE)
    work_run(run.pk)

    alert = Alert.objects.get()
    assert alert.months_found == 1
    assert [event.kind for event in events(alert)] == ["alert_raised"]
    assert Finding.objects.get(run=run).alert == alert


def test_what_was_closed_stays_closed_until_another_visit_finds_it_again(visit):
    visit(on="2022-06-30")
    Alert.objects.update(status="closed", closed_at=dt.datetime(2022, 7, 9, tzinfo=dt.UTC), verdict="no_risk")
    work_run(open_run(month=JUNE).pk)
    assert Alert.objects.count() == 1

    visit(on="2022-07-08")
    assert [row[3] for row in raised()] == ["closed", "raised"]


def test_a_specialists_report_joins_what_the_visit_raised(visit, household, make_report, cast, events):
    visit()
    report = make_report(household=household, source=Source.SPECIALIST)
    alert = accept_report(report=report, by=cast.specialist)

    assert alert == Alert.objects.get()
    assert events(alert)[-1].kind == "alert_found_again"


def test_a_visit_joins_what_a_specialist_reported(visit, household, make_report, cast):
    alert = accept_report(report=make_report(household=household, source=Source.SPECIALIST), by=cast.specialist)
    visit()

    assert Alert.objects.get() == alert


def test_a_month_with_visits_is_replayed_to_the_same_digest_whatever_came_later(visit):
    visit(on="2022-06-30")
    run = open_run(month=JUNE)
    work_run(run.pk)
    run = JudgmentRun.objects.get(pk=run.pk)
    visit(on="2022-06-29", risks=["water"])

    replayed = replay_run(run=run, by=None)
    assert (replayed.is_same, run_digest(run)) == (True, run.digest)
    work_run(open_run(month=JUNE).pk)
    assert JudgmentRun.objects.monthly().order_by("-pk").first().digest != run.digest


def test_a_visit_that_was_taken_back_counts_for_what_was_judged_before_alone(visit, household):
    visit(on="2022-06-30")
    first = open_run(month=JUNE)
    work_run(first.pk)
    Visit.objects.update(replaced_in=factories.batch())
    second = open_run(month=JUNE)
    work_run(second.pk)

    assert Finding.objects.filter(run=first).count() == 1
    assert not Finding.objects.filter(run=second).exists()
    assert replay_run(run=JudgmentRun.objects.get(pk=first.pk), by=None).is_same


def test_many_visits_in_a_village_are_no_cluster(sign_in):
    for _number in range(6):
        household = factories.household(members=1)
        factories.visit(household=household, on=dt.date(2022, 6, 10), risks=["disaster"], batch=household.batch)
    run = open_run(month=JUNE)
    work_run(run.pk)

    assert set(Finding.objects.filter(run=run).values_list("rule", flat=True)) == {"VISIT.disaster"}


def test_the_page_of_the_alert_shows_the_visit_and_not_its_words(visit, sign_in):
    visit(words="肝硬化晚期，欠债三万")
    text = sign_in("specialist").get(f"/alerts/{Alert.objects.get().pk}/").content.decode()

    assert "2022-07-08" in text
    assert "肝硬化" not in text


def test_every_batch_of_a_visit_has_been_judged(visit):
    visit()

    assert not EvidenceBatch.objects.filter(judged_at__isnull=True).exists()


def test_kinds_of_visits_are_kept_by_the_migration_of_the_rules():
    assert AlertKind.objects.filter(code__startswith="VISIT.", active=True, fresh=True).count() == 13
