"""What comes in is judged at once: income on the last closed month, events up to now."""

import datetime as dt

import pytest
import time_machine

from alerts.models import Alert
from households.evidence.services import open_batch
from households.models import BatchKind, EvidenceBatch, MedicalBill
from monitoring.judgment.immediate import open_immediate_runs
from monitoring.judgment.models import HouseholdMonth, JudgmentRun, RunKind
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
def household():
    """A lifted household of one with an income above the line; judged, so that nothing waits."""
    row = factories.household(members=1, lifted=True)
    for month in range(1, 7):
        factories.income(household=row, amount=9000, month=dt.date(2022, month, 1))
    judge_batches()
    return row


def raised() -> set[tuple[str, dt.date]]:
    return set(Alert.objects.values_list("kind_id", "last_month"))


def test_a_bill_of_this_month_raises_its_alert_at_once(household):
    factories.bill(person=household.memberships.get().person, self_pay=7000, settled_on=dt.date(2022, 7, 9))
    judge_batches()
    assert raised() == {("MED01", JULY)}


def test_an_income_line_is_judged_on_the_last_closed_month(household):
    other = factories.household(members=1)
    factories.income(household=other, amount=100, month=JUNE)
    judge_batches()
    assert raised() == {("INC01", JUNE)}
    assert not Alert.objects.filter(household=household).exists()


def test_a_line_of_the_month_that_still_runs_does_not_count_yet(household):
    other = factories.household(members=1)
    factories.income(household=other, amount=100, month=JULY)
    judge_batches()
    assert raised() == set()


def test_only_the_households_touched_are_judged(household):
    factories.household(members=1)
    judge_batches()
    newest = JudgmentRun.objects.first()
    assert HouseholdMonth.objects.filter(run=newest).exclude(household=household).count() == 1
    assert not HouseholdMonth.objects.filter(run=newest, household=household).exists()


def test_a_batch_is_judged_once(household):
    factories.household()
    assert judge_batches() == 1
    assert judge_batches() == 0
    assert not EvidenceBatch.objects.filter(judged_at__isnull=True).exists()


def test_a_batch_that_touches_nobody_makes_no_run(household):
    open_batch(kind=BatchKind.DESK, by=None)
    assert judge_batches() == 0
    assert not EvidenceBatch.objects.filter(judged_at__isnull=True).exists()


def test_a_batch_taken_up_by_a_killed_worker_stays_with_its_open_run(household):
    factories.income(household=household, amount=1, month=JUNE)
    (run,) = open_immediate_runs()
    assert open_immediate_runs() == []
    assert run.kind == RunKind.IMMEDIATE
    assert EvidenceBatch.objects.filter(judged_in=run.pk, judged_at__isnull=True).count() == 1


def test_the_list_of_the_last_month_is_judged_for_that_month(household):
    june = factories.medical_list(JUNE)
    factories.bill(
        person=household.memberships.get().person, self_pay=7000, settled_on=dt.date(2022, 6, 9), batch=june
    )
    judge_batches()
    assert raised() == {("MED01", JUNE)}


def test_a_list_that_comes_months_late_is_judged_by_the_rules_that_read_it(household):
    poor = factories.household(members=1, lifted=True)
    factories.income(household=poor, amount=1, month=dt.date(2022, 2, 1))
    judge_batches()
    Alert.objects.all().delete()
    february = factories.medical_list(dt.date(2022, 2, 1))
    factories.bill(
        person=poor.memberships.get().person, self_pay=7000, settled_on=dt.date(2022, 2, 9), batch=february
    )
    judge_batches()
    assert raised() == {("MED01", dt.date(2022, 2, 1))}


def test_the_monthly_run_refreshes_what_was_raised_at_once(household, judge):
    poor = factories.household(members=1)
    factories.income(household=poor, amount=100, month=JUNE)
    judge_batches()
    run = judge(JUNE)
    alert = Alert.objects.get(household=poor, kind="INC01")
    assert (alert.last_run, alert.months_found, alert.first_month) == (run.pk, 1, JUNE)


def test_an_event_of_this_month_closed_by_a_person_is_not_raised_again_by_the_monthly_run(household, judge):
    factories.bill(person=household.memberships.get().person, self_pay=7000, settled_on=dt.date(2022, 7, 9))
    judge_batches()
    now = dt.datetime(2022, 7, 20, tzinfo=dt.UTC)
    Alert.objects.update(status="closed", closed_at=now)
    with time_machine.travel(dt.datetime(2022, 8, 2, 9, 0, tzinfo=dt.UTC)):
        judge(JULY)
    assert Alert.objects.count() == 1


def test_a_corrected_line_says_not_found_any_more_at_once(household):
    poor = factories.household(members=1)
    line = factories.income(household=poor, amount=100, month=JUNE)
    judge_batches()
    batch = open_batch(kind=BatchKind.DESK, by=None)
    line.replaced_in = batch
    line.save(update_fields=["replaced_in"])
    factories.income(household=poor, amount=10000, month=JUNE, batch=batch)
    judge_batches()
    assert Alert.objects.get(household=poor, kind="INC01").not_found_month == JUNE


def test_a_bill_of_the_last_month_corrected_at_the_desk_is_judged_in_its_month(household):
    bill = factories.bill(person=household.memberships.get().person, self_pay=100, settled_on=dt.date(2022, 6, 9))
    judge_batches()
    batch = open_batch(kind=BatchKind.DESK, by=None)
    MedicalBill.objects.filter(pk=bill.pk).update(replaced_in=batch)
    factories.bill(person=bill.person, self_pay=11000, settled_on=bill.settled_on, batch=batch)
    judge_batches()
    assert raised() == {("MED01", JUNE), ("MED07", JUNE)}


def test_immediate_runs_are_no_judgment_of_a_month(household):
    assert JudgmentRun.objects.monthly().count() == 0
    assert set(JudgmentRun.objects.values_list("revision", "sealed_at")) == {(0, None)}
