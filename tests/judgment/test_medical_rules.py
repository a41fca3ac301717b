"""MED01, MED02, MED07, MED09: just below, at and above each threshold; lists received or not."""

import datetime as dt

import pytest

from monitoring.models import Finding
from tests import factories

pytestmark = pytest.mark.django_db
JUNE = dt.date(2022, 6, 1)
LIFTED = {"lifted": True, "category": ""}
ORDINARY = {"lifted": False, "category": ""}
MONITORED = {"lifted": False, "category": "marginal", "eliminated": False}
ELIMINATED = {"lifted": False, "category": "marginal", "eliminated": True}


def fired(run, household):
    return set(Finding.objects.filter(run=run, household=household).values_list("rule", flat=True))


def patient(household):
    return household.memberships.first().person


@pytest.mark.parametrize(
    ("facts", "self_pay", "expected"),
    [
        (LIFTED, "4999.99", set()),
        (LIFTED, "5000.00", {"MED01"}),
        (MONITORED, "5000.00", {"MED01"}),
        (ELIMINATED, "5000.00", {"MED01"}),
        (ORDINARY, "5000.00", set()),
        (ORDINARY, "19999.99", {"MED07"}),
        (ORDINARY, "20000.00", {"MED02", "MED07"}),
    ],
)
def test_in_patient_self_pay_of_the_year_is_held_against_the_line_of_the_household(
    judge, facts, self_pay, expected
):
    household = factories.household(members=1, **facts)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay=self_pay)

    assert fired(judge(), household) == expected


def test_stays_of_one_person_add_up_over_the_calendar_year(judge):
    household = factories.household(members=1, **LIFTED)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay="2500", settled_on=dt.date(2022, 1, 1))
    factories.bill(person=patient(household), self_pay="2500", settled_on=dt.date(2022, 6, 30))

    assert fired(judge(), household) == {"MED01"}


@pytest.mark.parametrize("settled_on", [dt.date(2021, 12, 31), dt.date(2022, 7, 1)])
def test_a_stay_settled_outside_the_year_to_month_end_does_not_count(judge, settled_on):
    household = factories.household(members=1, **LIFTED)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay="2500", settled_on=settled_on)
    factories.bill(person=patient(household), self_pay="2500")

    assert fired(judge(), household) == set()


def test_two_persons_of_a_household_are_not_added_together(judge):
    household = factories.household(members=2, **LIFTED)
    factories.medical_list(JUNE)
    for membership in household.memberships.all():
        factories.bill(person=membership.person, self_pay="2500")

    assert fired(judge(), household) == set()


def test_out_patient_bills_are_no_stays(judge):
    household = factories.household(members=1, **LIFTED)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay="50000", visit_kind="chronic")

    assert fired(judge(), household) == {"MED03"}


@pytest.mark.parametrize(
    ("facts", "self_pay", "fires"),
    [
        (MONITORED, "6000.00", False),
        (MONITORED, "6000.01", True),
        (ELIMINATED, "6000.01", False),
        (ORDINARY, "10000.00", False),
        (ORDINARY, "10000.01", True),
        (ELIMINATED, "10000.01", True),
    ],
)
def test_a_single_stay_of_the_month_is_held_against_the_line_of_the_household(judge, facts, self_pay, fires):
    household = factories.household(members=1, **facts)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay=self_pay)

    assert ("MED07" in fired(judge(), household)) is fires


def test_a_stay_of_an_earlier_month_is_no_stay_of_this_month(judge):
    household = factories.household(members=1, **ORDINARY)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay="15000", settled_on=dt.date(2022, 5, 31))

    assert fired(judge(), household) == set()


def test_a_household_of_unknown_kind_is_neither_lifted_nor_ordinary(judge):
    household = factories.household(members=1)
    factories.medical_list(JUNE)
    factories.bill(person=patient(household), self_pay="9000")

    assert fired(judge(), household) == set()


def test_not_on_a_list_that_was_received_is_zero_and_not_received_is_unknown(judge):
    household = factories.household(members=1, **LIFTED)
    factories.medical_list(dt.date(2022, 5, 1))

    run = judge()

    month = run.household_months.get(household=household)
    assert (month.self_pay, month.inpatient_year, month.largest_stay) == (0, 0, None)


@pytest.mark.parametrize(("insured", "fires"), [(True, False), (False, True), (None, False)])
def test_only_no_in_both_insurances_is_a_finding(judge, insured, fires):
    household = factories.household()
    factories.person(household=household, insured=insured)

    assert ("MED09" in fired(judge(), household)) is fires


def test_cover_of_nobody_known_is_unknown_and_one_uninsured_member_is_enough(judge):
    unknown = factories.household()
    factories.person(household=unknown, insured=None)
    mixed = factories.household()
    factories.person(household=mixed, insured=None)
    factories.person(household=mixed, insured=False)

    run = judge()

    assert run.household_months.get(household=unknown).uninsured_members is None
    assert run.household_months.get(household=mixed).uninsured_members == 1
    assert fired(run, mixed) == {"MED09"}


def test_a_row_of_nothing_but_unknown_fires_no_rule(judge):
    household = factories.household()

    run = judge()

    assert fired(run, household) == set()
    assert run.household_months.filter(household=household).exists()


def test_the_sentence_names_the_threshold_of_this_household(judge):
    monitored = factories.household(members=1, **MONITORED)
    ordinary = factories.household(members=1, **ORDINARY)
    factories.medical_list(JUNE)
    for household in (monitored, ordinary):
        factories.bill(person=patient(household), self_pay="12000")

    run = judge()

    sentences = {f.household_id: f.sentence_zh for f in Finding.objects.filter(run=run, rule="MED07")}
    assert sentences[monitored.pk] == "本月一次住院自付 12,000.00 元，超过 6,000.00 元"
    assert sentences[ordinary.pk] == "本月一次住院自付 12,000.00 元，超过 10,000.00 元"
