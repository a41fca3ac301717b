"""What the quality rules of the national export object to does not occur: family, school, work, health."""

import datetime as dt
from random import Random

import pytest

from monitoring.demo import schooling
from monitoring.demo.families import compose
from monitoring.demo.illness import bills_of
from monitoring.demo.names import IdentityNumbers
from monitoring.demo.people import HEALTHY, MAJOR, People
from monitoring.demo.plan import GROUPS, LARGEST, Slot
from tests.demo.conftest import MONTHS

STRONG = ("普通劳动力", "技能劳动力")


@pytest.fixture(scope="module")
def households():
    people = People(Random(3), IdentityNumbers((0, 500)), MONTHS)
    slots = [Slot(group, size) for group in GROUPS for size in range(1, LARGEST + 1) for _i in range(40)]
    return [(slot, people.household(slot)) for slot in slots]


@pytest.fixture(scope="module")
def everybody(households):
    return [member for _slot, members in households for member in members]


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_a_family_has_its_size_one_head_and_spouses_of_two_sexes(size):
    rng = Random(size)
    for _i in range(300):
        family = compose(size, rng)
        assert len(family) == size
        assert [relation for relation, _sex, _age in family].index("户主") == 0
        assert sum(relation == "户主" for relation, _sex, _age in family) == 1
        sexes = [sex for relation, sex, _age in family if relation in ("户主", "配偶")]
        assert len(set(sexes)) == len(sexes)
        assert all(0 <= age <= 97 for _relation, _sex, age in family)


def test_children_are_younger_and_parents_older_than_the_head():
    rng = Random(5)
    for _i in range(2000):
        head, *others = compose(5, rng)
        for relation, _sex, age in others:
            assert relation not in ("之子", "之女") or age <= head[2] - 17
            assert relation not in ("之父", "之母") or age >= head[2] + 17


def test_education_and_school_are_never_both_filled_nor_both_empty(everybody):
    for member in everybody:
        if member.born.year >= 1990:
            school = schooling.in_school(member.born, MONTHS[-1], member.way)
            assert bool(school) != bool(member.education)
        else:
            assert member.education


def test_children_of_school_age_are_at_school(everybody):
    children = [member for member in everybody if 7 <= member.age <= 14]
    assert len(children) > 200
    for member in children:
        assert schooling.in_school(member.born, MONTHS[-1], member.way) in schooling.COMPULSORY


def test_who_works_is_able_to_and_has_a_place(everybody):
    assert sum(member.works for member in everybody) > 500
    for member in everybody:
        assert member.works == bool(member.work_place)
        if member.works:
            assert member.able and member.age >= 16 and 2 <= member.work_months <= 12


def test_labour_fits_age_and_health(everybody):
    for member in everybody:
        assert member.labour
        if member.age >= 60:
            assert member.labour in ("弱劳动力或半劳动力", "无劳动力")
        elif member.age >= 16 and member.health == HEALTHY and member.education:
            assert member.labour in STRONG or member.relation == "户主"
        assert bool(member.disability) == ("残疾" in member.health)


def test_a_household_whose_risk_is_eliminated_has_somebody_able(households):
    for slot, members in households:
        assert not slot.group.eliminated or any(member.able for member in members)


def test_a_sudden_difficulty_has_an_illness(households):
    for slot, members in households:
        assert slot.group.category != "sudden" or any(member.health == MAJOR for member in members)


def test_whoever_was_born_in_the_two_years_joined_on_that_day(everybody):
    infants = [member for member in everybody if member.born > MONTHS[0]]
    assert infants
    assert all(member.since == member.born for member in infants)
    assert all(MONTHS[member.joined] == member.since.replace(day=1) for member in everybody if member.since)


def test_bills_add_up_and_none_is_older_than_the_person_in_the_household(everybody):
    rng = Random(4)
    bills = [(member, bill) for member in everybody for bill in bills_of(member, MONTHS, True, rng)]
    assert len(bills) > 500
    for member, bill in bills:
        assert min(bill.basic, bill.serious, bill.aid, bill.self_pay) >= 0
        assert bill.total == pytest.approx(bill.basic + bill.serious + bill.aid + bill.self_pay)
        assert bill.settled_on.replace(day=1) == MONTHS[bill.month]
        assert member.since is None or bill.settled_on >= member.since


@pytest.mark.parametrize(
    ("born", "month", "school"),
    [
        (dt.date(2019, 10, 1), dt.date(2022, 6, 1), "学龄前儿童"),
        (dt.date(2018, 9, 1), dt.date(2022, 6, 1), "学龄前儿童"),
        (dt.date(2018, 8, 31), dt.date(2022, 6, 1), "学前教育"),
        (dt.date(2015, 8, 31), dt.date(2021, 9, 1), "小学"),
        (dt.date(2015, 9, 1), dt.date(2021, 9, 1), "学前教育"),
        (dt.date(2010, 1, 1), dt.date(2022, 8, 1), "小学"),
        (dt.date(2010, 1, 1), dt.date(2022, 9, 1), "七年级"),
        (dt.date(2007, 1, 1), dt.date(2022, 6, 1), "九年级"),
        (dt.date(2007, 1, 1), dt.date(2022, 9, 1), "普通高中一年级"),
        (dt.date(2000, 1, 1), dt.date(2022, 6, 1), "本科四年级"),
        (dt.date(2000, 1, 1), dt.date(2022, 9, 1), ""),
    ],
)
def test_school_years_begin_in_september(born, month, school):
    assert schooling.in_school(born, month, "university") == school
