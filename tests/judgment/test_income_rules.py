"""INC01, INC02, INC03: just below, at and above each threshold; unknown is not zero."""

import datetime as dt
from decimal import Decimal

import pytest

from alerts.models import Alert
from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.models import Finding
from tests import factories

pytestmark = pytest.mark.django_db


def fired(run, household):
    return {f.rule: f.level for f in Finding.objects.filter(run=run, household=household)}


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        ("13799.99", {"INC01": "yellow"}),
        ("13800.00", {}),
        ("13800.01", {}),
        ("11040.00", {"INC01": "yellow"}),
        ("11039.99", {"INC01": "red"}),
    ],
)
def test_two_members_are_held_against_twice_the_line_of_6900(judge, net, expected):
    household = factories.household(members=2)
    factories.income(household=household, amount=net)

    assert fired(judge(), household) == expected


def test_a_third_of_an_odd_amount_is_compared_exactly_and_not_rounded(judge):
    household = factories.household(members=3)
    factories.income(household=household, amount="20699.99")

    assert fired(judge(), household) == {"INC01": "yellow"}


def test_business_cost_is_taken_off(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="10000", kind="business")
    factories.income(household=household, amount="3100.01", kind="cost")

    assert fired(judge(), household) == {"INC01": "yellow"}


def test_a_household_without_any_line_is_unknown_and_raises_nothing(judge):
    household = factories.household(members=2)

    run = judge()

    assert fired(run, household) == {}
    month = run.household_months.get(household=household)
    assert (month.net, month.wage, month.members) == (None, None, 2)


@pytest.mark.parametrize(
    ("month", "counts"),
    [
        (dt.date(2021, 6, 1), False),
        (dt.date(2021, 7, 1), True),
        (dt.date(2022, 6, 1), True),
        (dt.date(2022, 7, 1), False),
    ],
)
def test_the_window_is_the_judged_month_and_the_eleven_before(judge, month, counts):
    household = factories.household(members=1)
    factories.income(household=household, amount="500", month=month)

    assert ("INC01" in fired(judge(), household)) is counts


def test_a_line_that_was_replaced_does_not_count(judge):
    household = factories.household(members=1)
    correction = factories.batch()
    factories.income(household=household, amount="500", replaced_in=correction)
    factories.income(household=household, amount="9000", batch=correction)

    assert fired(judge(), household) == {}


def test_evidence_that_came_after_the_run_opened_counts_for_the_next_run_only(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="500")
    first = judge()
    correction = factories.batch()
    household.income_lines.update(replaced_in=correction)
    factories.income(household=household, amount="9000", batch=correction)

    second = judge()

    assert fired(first, household) == {"INC01": "red"}
    assert fired(second, household) == {}
    assert (first.revision, second.revision) == (1, 2)


def test_members_who_left_or_were_born_later_are_not_counted(judge):
    household = factories.household(members=1)
    factories.person(household=household, until=dt.date(2022, 6, 29))
    factories.person(household=household, since=dt.date(2022, 7, 1))
    factories.person(household=household, born_on=dt.date(2022, 7, 1))
    factories.person(household=household, until=dt.date(2022, 6, 30), born_on=dt.date(2022, 6, 30))

    run = judge()

    assert run.household_months.get(household=household).members == 2


def test_a_household_without_members_is_unknown_even_when_its_net_income_is_negative(judge):
    household = factories.household(members=0)
    factories.income(household=household, amount="100", kind="cost")

    run = judge()

    assert fired(run, household) == {}
    assert run.household_months.get(household=household).members is None


def test_without_a_known_line_the_income_rules_refuse_the_year_and_the_run_says_so(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="1", month=dt.date(2024, 6, 1))
    factories.income(household=household, amount="9000", month=dt.date(2023, 6, 1))

    run = judge(dt.date(2024, 6, 1))

    assert run.refused_rules == {
        "INC01": ["income_line"],
        "INC02": ["income_line"],
        "MED05": ["rural_income_last_year"],
    }
    assert fired(run, household) == {"INC03": "yellow"}


@pytest.mark.parametrize(("self_pay", "fires"), [("100.00", False), ("100.01", True), ("0", False)])
def test_reference_income_is_net_less_self_pay_against_the_line(judge, self_pay, fires):
    household = factories.household(members=1, lifted=False, category="")
    factories.income(household=household, amount="7000")
    factories.medical_list(dt.date(2022, 6, 1))
    factories.bill(person=household.memberships.get().person, self_pay=self_pay, visit_kind="outpatient")

    assert ("INC02" in fired(judge(), household)) is fires


def test_claims_are_added_before_self_pay_is_taken_off(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="7000")
    factories.income(household=household, amount="50", kind="claim")
    factories.medical_list(dt.date(2022, 6, 1))
    factories.bill(person=household.memberships.get().person, self_pay="150")

    assert "INC02" not in fired(judge(), household)


def test_without_any_medical_list_self_pay_is_unknown(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="7000")

    factories.batch(kind="import", source="traffic", month=dt.date(2022, 6, 1))

    run = judge()

    assert run.household_months.get(household=household).self_pay is None
    assert set(run.missing_lists) == set(DEPARTMENT_LISTS) - {"traffic"}


@pytest.mark.parametrize(("net", "fires"), [("7000.00", True), ("7000.01", False), ("6999.99", True)])
def test_a_fall_to_seventy_percent_is_marked(judge, net, fires):
    household = factories.household(members=1)
    factories.income(household=household, amount="10000", month=dt.date(2021, 6, 1))
    factories.income(household=household, amount=net)

    assert ("INC03" in fired(judge(), household)) is fires


@pytest.mark.parametrize("previous", [None, "0"])
def test_no_fall_is_seen_where_the_year_before_is_unknown_or_nothing(judge, previous):
    household = factories.household(members=1)
    if previous is not None:
        factories.income(household=household, amount=previous, month=dt.date(2021, 6, 1))
    factories.income(household=household, amount="6900")

    assert "INC03" not in fired(judge(), household)


def test_a_window_with_an_empty_quarter_is_judged_and_marked_incomplete(judge):
    household = factories.household(members=1)
    for month in (dt.date(2021, 7, 1), dt.date(2022, 1, 1), dt.date(2022, 6, 1)):
        factories.income(household=household, amount="100", month=month)

    run = judge()

    assert fired(run, household) == {"INC01": "red"}
    assert run.household_months.get(household=household).income_quarters == 3
    assert sum(shard.incomplete for shard in run.shards.all()) == 1


def test_the_alert_says_in_both_languages_what_was_compared(judge):
    household = factories.household(members=2)
    factories.income(household=household, amount="10240.66")

    judge()

    alert = Alert.objects.get(household=household)
    assert alert.sentence_zh == "人均纯收入 5,120.33 元，低于 2022 年监测范围 6,900.00 元"
    assert alert.sentence_en == "Net income per head 5,120.33 yuan, below the 2022 line of 6,900.00 yuan"
    assert alert.threshold["document"].startswith("湖北日报")
    assert Decimal(str(alert.values["net_per_head"])) == Decimal("5120.33")
