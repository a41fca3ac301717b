"""Each gap by itself: a household in which one thing is unknown has that gap and no other. Zero is no gap."""

import datetime as dt

import pytest
from django.db.models import Q

from households.models import ListEntry
from monitoring.judgment.models import HouseholdMonth
from monitoring.quality.details import details_of
from monitoring.quality.gaps import BY_CODE, GAPS, OF_LISTS, any_gap
from monitoring.rules import RULES
from tests import factories
from tests.quality.conftest import ADULT, JUNE, complete

pytestmark = pytest.mark.django_db

MONITORED = {"category": "marginal", "monitored_since": dt.date(2021, 1, 1)}
CASES = {
    "income": {"months": range(12, 24)},
    "income_incomplete": {"months": [*range(9), *range(12, 24)]},
    "previous_income": {"months": range(12)},
    "kind": {"lifted": None},
    "category": {"category": None},
    "elimination": MONITORED | {"eliminated": None},
    "elimination_date": MONITORED | {"eliminated": True},
    "visit": {"category": "marginal"},
    "birth": {"person": {"born_on": None}},
    "insurance": {"person": {"insured": None}},
    "labour": {"person": {"facts": ADULT | {"labour": ""}}},
    "schooling": {"person": {"born_on": dt.date(2012, 1, 1)}},
    "house": {"house_grade": None},
    "water": {"safe_water": None},
}
NOTHING_MISSING = {
    "nothing is unknown": {},
    "no income is known as zero": {"months": []},
    "not insured is known": {"person": {"insured": False}},
    "unsafe water is known": {"safe_water": False},
    "the worst house is known": {"house_grade": "D"},
    "a monitored household with its date": MONITORED | {"eliminated": False},
    "an eliminated risk with its date": MONITORED | {"eliminated": True, "eliminated_on": dt.date(2022, 3, 1)},
    "a child at school": {
        "person": {"born_on": dt.date(2012, 1, 1), "facts": ADULT | {"schooling": "小学", "labour": "无劳动力"}}
    },
    "a child that dropped out": {
        "person": {"born_on": dt.date(2012, 1, 1), "facts": ADULT | {"dropout_reason": "厌学"}}
    },
}


def gaps_of(month: HouseholdMonth) -> set[str]:
    return {gap.code for gap in GAPS if HouseholdMonth.objects.filter(gap.condition, pk=month.pk).exists()}


@pytest.mark.parametrize("code", CASES)
def test_what_is_unknown_is_that_gap_and_no_other(judge, lists, code):
    household = complete(**CASES[code])

    month = judge().household_months.get(household=household)

    assert gaps_of(month) - {"students"} == {code}
    assert HouseholdMonth.objects.filter(any_gap(), pk=month.pk).exists()


@pytest.mark.parametrize("case", NOTHING_MISSING)
def test_what_is_known_is_no_gap_however_bad(judge, lists, case):
    told = NOTHING_MISSING[case]
    household = complete(**told | {"months": range(24)})
    if "months" in told:
        household = complete(months=[])
        for back in range(24):
            factories.income(
                household=household, amount=0, month=dt.date(2020 + (back + 6) // 12, (back + 6) % 12 + 1, 1)
            )

    month = judge().household_months.get(household=household)

    assert gaps_of(month) == set()


def test_without_members_what_is_said_of_members_is_one_gap(judge, lists):
    household = complete(member=False)
    assert gaps_of(judge().household_months.get(household=household)) == {"members"}


def test_the_months_of_work_are_asked_for_when_a_job_was_lost(judge, lists):
    household = complete(person={"facts": ADULT | {"work_months": None}})
    person = household.memberships.get().person
    ListEntry.objects.create(
        person=person,
        list="employment",
        month=JUNE,
        happened_on=JUNE,
        kind="returned",
        batch=factories.batch(kind="import", source="employment", month=JUNE),
    )

    assert "work_months" in gaps_of(judge().household_months.get(household=household))


def test_an_outage_without_its_days_is_asked_for(judge, lists):
    household = complete()
    ListEntry.objects.create(
        person=household.memberships.get().person,
        list="water",
        month=JUNE,
        happened_on=JUNE,
        kind="outage",
        batch=factories.batch(kind="import", source="water", month=JUNE),
    )

    assert gaps_of(judge().household_months.get(household=household)) == {"outage_days"}


def test_a_list_that_is_missing_is_no_gap_of_a_household(judge):
    household = complete()
    assert gaps_of(judge().household_months.get(household=household)) == set()


def test_every_figure_that_a_rule_needs_is_of_a_gap_or_of_a_list():
    covered = {column for gap in GAPS for column in gap.columns} | set(OF_LISTS)
    assert {column for rule in RULES for column in rule.needs} - covered == set()


def test_every_gap_names_the_rules_that_wait_for_it():
    assert [gap.code for gap in GAPS if not gap.rules] == ["income_incomplete"]
    assert [rule.code for rule in BY_CODE["outage_days"].rules] == ["WAT01"]
    assert [rule.code for rule in BY_CODE["birth"].rules] == ["SUG06"]
    assert [rule.code for rule in BY_CODE["income"].rules] == ["INC01", "INC02", "INC03"]


def test_a_row_of_nothing_is_missing_and_a_row_of_zeros_is_not(judge):
    household = factories.household(members=1)
    month = judge().household_months.get(household=household)
    columns = {column for gap in GAPS for column in gap.columns} - set(OF_LISTS)
    zeros = dict.fromkeys(columns - {"house_grade", "safe_water", "lifted", "monitored", "monitored_open"}, 0)
    HouseholdMonth.objects.filter(pk=month.pk).update(
        **zeros | {"house_grade": "A", "insurance_unknown": 0, "income_quarters": 4, "members": 1},
        safe_water=False, lifted=False, monitored=False, monitored_open=False,
    )  # fmt: skip

    assert gaps_of(month) == set()
    HouseholdMonth.objects.filter(pk=month.pk).update(**dict.fromkeys(columns))
    assert gaps_of(month) >= {"members", "income", "kind", "category", "house", "water"}


def test_the_details_name_members_and_quarters(judge, lists):
    household = complete(months=[0, 1, 2, 9, 10, 11, *range(12, 24)])
    factories.person(household=household, name="无生日", born_on=None, facts=ADULT)
    factories.person(household=household, name="无参保", insured=None, facts=ADULT)
    factories.person(household=household, name="无劳动", facts=ADULT | {"labour": ""})
    factories.person(household=household, name="无学籍", born_on=dt.date(2012, 1, 1), facts=ADULT)
    factories.person(household=household, name="已迁出", born_on=None, until=dt.date(2022, 5, 1))

    found = details_of(judge(), [household.pk])[household.pk]

    assert found.names == {
        "birth": ["无生日"],
        "insurance": ["无参保"],
        "labour": ["无劳动"],
        "schooling": ["无学籍"],
    }
    assert found.quarters == [dt.date(2021, 10, 1), dt.date(2022, 1, 1)]


def test_a_claim_is_no_income_of_its_quarter(judge, lists):
    household = complete(months=range(9))
    factories.income(household=household, amount=1, kind="claim", month=dt.date(2021, 7, 1))

    run = judge()

    assert run.household_months.get(household=household).income_quarters == 3
    assert details_of(run, [household.pk])[household.pk].quarters == [dt.date(2021, 7, 1)]


def test_the_details_are_what_the_run_saw_and_not_what_came_later(judge, lists):
    household = complete(months=range(9))
    run = judge()
    factories.income(household=household, amount=1, month=dt.date(2021, 7, 1))

    assert details_of(run, [household.pk])[household.pk].quarters == [dt.date(2021, 7, 1)]
    assert details_of(judge(), [household.pk])[household.pk].quarters == []


def test_the_conditions_are_written_positively():
    """A condition with NOT would count what is unknown as a no."""

    def negated(condition: Q) -> bool:
        return condition.negated or any(isinstance(part, Q) and negated(part) for part in condition.children)

    assert [gap.code for gap in GAPS if negated(gap.condition)] == []
