"""Files that come after a visit, and files that are taken back: neither hides the other."""

import datetime as dt

import pytest
from django.db import connection

from households.imports.retracting import retract_import
from households.models import EvidenceBatch, Household, HouseholdFact, IncomeLine, Person
from households.visits.register import register_values
from monitoring.judgment.affected import AFFECTED
from tests.imports.conftest import CODE, INCOME, MEMBER, VILLAGE, as_csv, number, outcomes, take_in
from tests.visits.taking import states, visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]
JUNE = dt.date(2022, 6, 1)
HOUSEHOLD = ("户编号", "村代码", "户主姓名", "户类型", "监测对象类别", "危房等级", "是否解决安全饮用水")
WORKER = (*MEMBER[:8], "劳动技能", "务工所在地", "务工时间(月)")
ZHANG = [CODE, f"{CODE}01", "张三", number("19800501", 1), "户主", "19800501", "男", "张三"]
WAGE = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "3000"}


def export(day, category="", grade="", water=""):
    row = [CODE, VILLAGE, "张三", "一般农户", category, grade, water]
    return take_in(as_csv(HOUSEHOLD, row), as_of=dt.date(2022, *day))


def members(day, labour="", place="", months=""):
    return take_in(as_csv(WORKER, [*ZHANG, labour, place, months]), as_of=dt.date(2022, *day))


def ledger(*lines):
    rows = [[CODE, "202206", "工资性收入", item, amount] for item, amount in lines]
    return take_in(as_csv(INCOME, *rows))


def stands():
    lines = IncomeLine.objects.current().order_by("item")
    return [(line.item, int(line.amount)) for line in lines]


def register():
    household = Household.objects.get()
    found = register_values([household.pk])[household.pk]
    return found.household_fact.category, found.household["house_grade"], found.household["safe_water"]


def undo(row):
    return retract_import(import_id=row.pk, reason="传错", by=None)


@pytest.fixture
def household(db):
    export((5, 31))
    members((5, 31))
    return Household.objects.get()


def test_a_file_that_says_what_a_visit_said_knows_it(household):
    visited(household, income=[WAGE])
    assert outcomes(ledger(("务工", "3000"))) == {2: "same"}
    assert stands() == [("务工", 3000)]


def test_a_file_corrects_the_line_of_a_visit(household):
    visited(household, income=[WAGE])
    row = ledger(("务工", "3200"))
    assert outcomes(row) == {2: "changed"}
    assert stands() == [("务工", 3200)]
    undo(row)
    assert stands() == [("务工", 3000)]


def test_the_same_money_by_another_name_counts_once(household):
    visit = visited(household, income=[WAGE])
    row = ledger(("外出打工", "2900"))
    assert stands() == [("外出打工", 2900)]
    assert IncomeLine.objects.get(batch=visit.batch).replaced_in == row.batch
    undo(row)
    assert stands() == [("务工", 3000)]
    # The line that came back is still the visit's.
    ledger(("外出打工", "2900"))
    assert stands() == [("外出打工", 2900)]


def test_a_file_that_names_the_visits_item_too_takes_nothing_away(household):
    visited(household, income=[WAGE])
    ledger(("务工", "3000"), ("公益岗", "800"))
    assert stands() == [("公益岗", 800), ("务工", 3000)]


def test_lines_of_other_kinds_and_of_files_stay(household):
    ledger(("公益岗", "800"))
    visited(household, income=[WAGE | {"kind": "business", "item": "养殖"}])
    ledger(("公益岗", "800"), ("务工", "2900"))
    assert stands() == [("公益岗", 800), ("养殖", 3000), ("务工", 2900)]


def test_a_visit_after_the_file_asks(household):
    ledger(("务工", "2800"))
    visit = visited(household, income=[WAGE])
    assert states(visit)["务工"] == ("asked", "3000.00", "2800.00")
    assert stands() == [("务工", 2800)]


def test_an_export_that_lags_is_not_hidden_by_a_visit(household):
    visited(household, house=[{"house_grade": "C"}])
    row = export((6, 30), category="边缘易致贫户")
    assert register() == ("marginal", "C", None)
    undo(row)
    assert register() == ("", "C", None)


def test_what_was_said_at_the_door_outlasts_an_export_of_an_earlier_day(household):
    visited(household, house=[{"house_grade": "C"}], on="2022-07-05")
    visited(household, water=[{"safe_water": False}])
    export((6, 30), category="边缘易致贫户", grade="B", water="是")
    assert register() == ("marginal", "C", False)
    facts = HouseholdFact.objects.current().order_by("as_of")
    assert [(fact.house_grade, fact.safe_water) for fact in facts][-3:] == [("B", True), ("C", True), ("C", False)]
    # One more that lags, between the two.
    export((7, 6), category="突发严重困难户", grade="B", water="是")
    assert register() == ("sudden", "B", False)


def test_an_export_of_a_later_day_says_what_it_says(household):
    visited(household, house=[{"house_grade": "C"}], on="2022-06-05")
    export((6, 30), category="边缘易致贫户", grade="B")
    assert register() == ("marginal", "B", None)


def test_an_export_between_two_others_leaves_the_later_one(household):
    export((7, 1), category="边缘易致贫户", grade="B")
    visited(household, water=[{"safe_water": False}])
    export((6, 15), category="突发严重困难户", grade="A")
    assert register() == ("marginal", "B", False)


def test_what_a_later_export_repeats_is_not_taken_from_one_that_lags(household):
    export((7, 1), grade="B")
    visited(household, water=[{"safe_water": False}])
    export((6, 15), category="突发严重困难户", grade="B")
    assert register() == ("", "B", False)


def test_undoing_the_export_under_a_visit_leaves_what_was_said_at_the_door(household):
    row = export((6, 30), category="边缘易致贫户", grade="B")
    visited(household, water=[{"safe_water": False}])
    assert register() == ("marginal", "B", False)
    undo(row)
    assert register() == ("", None, False)


def test_undoing_an_export_of_the_day_of_the_visit(household):
    row = export((7, 8), category="边缘易致贫户")
    visited(household, water=[{"safe_water": False}])
    undo(row)
    assert register() == ("", None, False)


def test_undoing_one_of_two_exports_under_two_visits(household):
    first = export((6, 30), category="边缘易致贫户", grade="B")
    visited(household, water=[{"safe_water": False}], on="2022-07-01")
    export((7, 2), category="突发严重困难户", grade="C", water="否")
    visited(household, water=[{"safe_water": True}], house=[{"house_grade": "C"}])
    undo(first)
    assert register() == ("sudden", "C", False)


def test_a_person_is_the_same(household):
    person = Person.objects.get()
    visited(household, work=[{"person": person.pk, "work_place": "省外", "work_months": 6}])
    row = members((6, 30), labour="普通劳动力")
    fact = register_values([household.pk])[household.pk].person_facts[person.pk]
    assert (fact.labour, fact.work_place, fact.work_months) == ("普通劳动力", "省外", 6)
    undo(row)
    fact = register_values([household.pk])[household.pk].person_facts[person.pk]
    assert (fact.labour, fact.work_place, fact.work_months) == ("", "省外", 6)


def test_undoing_the_only_export_of_a_person_leaves_what_was_said_at_the_door():
    export((5, 31))
    row = members((6, 30), labour="普通劳动力", place="", months="")
    household, person = Household.objects.get(), Person.objects.get()
    visited(household, work=[{"person": person.pk, "work_place": "省外"}])
    undo(row)
    fact = person.facts.current().latest("as_of", "id")
    assert (fact.labour, fact.work_place, fact.health, fact.other) == ("", "省外", [], {})


def test_every_row_that_a_file_touches_is_of_a_household_that_is_judged(household):
    visited(household, income=[WAGE], house=[{"house_grade": "C"}])
    row = ledger(("外出打工", "2900"))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {AFFECTED} SELECT household_id FROM affected", {"batches": [row.batch_id]})
        assert cursor.fetchall() == [(household.pk,)]


def test_a_visits_batch_touches_its_household_by_whatever_it_wrote(household):
    person = Person.objects.get()
    for said in (
        {"unchanged": True},
        {"income": [WAGE]},
        {"house": [{"house_grade": "C"}]},
        {"work": [{"person": person.pk, "work_months": 3}]},
    ):
        visit = visited(household, **said)
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {AFFECTED} SELECT household_id FROM affected", {"batches": [visit.batch_id]})
            assert cursor.fetchall() == [(household.pk,)]
    assert EvidenceBatch.objects.filter(kind="tablet").count() == 4
