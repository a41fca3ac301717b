"""Files that come after a change at the desk and repeat what stood before it: they take nothing back."""

import datetime as dt

import pytest

from households.imports.waiting import match_waiting_row
from households.models import Household, IncomeLine, MedicalBill, Membership, Person
from tests.desk.sending import members_of, send
from tests.imports.conftest import (
    CODE,
    HOUSEHOLD,
    INCOME,
    MEDICAL,
    MEMBER,
    VILLAGE,
    as_csv,
    codes,
    number,
    outcomes,
    take_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

ZHANG = [CODE, f"{CODE}01", "张三", number("19800501", 1), "户主", "19800501", "男", "张三"]
WANG = [CODE, f"{CODE}02", "王五", number("20000101", 4), "配偶", "20000101", "女", "张三"]


@pytest.fixture
def household() -> Household:
    """Head and wife by an export of June, with one ledger line and one bill."""
    take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"]), as_of=dt.date(2022, 6, 30))
    export()
    ledger()
    bills()
    return Household.objects.get()


def export(*rows):
    return take_in(as_csv(MEMBER, *(rows or (ZHANG, WANG))), as_of=dt.date(2022, 6, 30))


def ledger(amount="1000"):
    return take_in(as_csv(INCOME, [CODE, "202206", "工资性收入", "务工", amount]))


def bills(self_pay="6000"):
    row = [number("19800501", 1), "张三", "住院", "2022-06-15", "9000", self_pay]
    return take_in(as_csv(MEDICAL, row), month=dt.date(2022, 6, 1))


def test_who_died_is_no_member_again(sign_in, household):
    wife = Person.objects.get(name="王五")
    send(sign_in("township"), "death", household.pk, wife.pk, on="2022-06-20")
    before = members_of(household)
    again = export()
    assert members_of(household) == before
    assert (outcomes(again)[3], codes(again)[3]) == ("same", ["person_died"])


def test_the_new_head_stays_head_while_exports_name_the_former_one(sign_in, household):
    dead, wife = Person.objects.get(name="张三"), Person.objects.get(name="王五")
    send(sign_in("township"), "death", household.pk, dead.pk, on="2022-06-20", heir=wife.pk)
    before = members_of(household)
    export()
    assert members_of(household) == before
    assert before["王五"] == ("户主", True, dt.date(2022, 6, 20), None)


def test_an_export_from_before_the_death_still_speaks_of_the_living(sign_in, household):
    wife = Person.objects.get(name="王五")
    send(sign_in("township"), "death", household.pk, wife.pk, on="2022-07-05")
    assert outcomes(export())[3] == "same"
    assert "person_died" not in codes(export()).get(3, [])


def test_who_married_out_waits_for_somebody_to_look(sign_in, household):
    wife = Person.objects.get(name="王五")
    send(sign_in("township"), "marriage-out", household.pk, wife.pk, on="2022-06-20")
    before = members_of(household)
    again = export()
    assert members_of(household) == before
    assert (outcomes(again)[3], codes(again)[3]) == ("waiting", ["member_left"])
    assert outcomes(export())[3] == "same"


def test_whoever_looks_can_say_that_the_person_is_back(cast, sign_in, household):
    wife = Person.objects.get(name="王五")
    send(sign_in("township"), "marriage-out", household.pk, wife.pk, on="2022-06-20")
    row = export().rows.get(row_number=3)
    match_waiting_row(row=row, by=cast.staff, household=household)
    rows = Membership.objects.current().filter(person=wife).order_by("id")
    assert [(row.since, row.until) for row in rows] == [(None, dt.date(2022, 6, 19)), (dt.date(2022, 6, 30), None)]


def test_a_corrected_line_stays_corrected(sign_in, household):
    line = IncomeLine.objects.get()
    values = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "1200"}
    send(sign_in("township"), "line-correct", household.pk, line.pk, **values)
    assert outcomes(ledger()) == {2: "same"}
    assert IncomeLine.objects.current().get().amount == 1200


def test_a_line_that_was_taken_out_stays_out(sign_in, household):
    send(sign_in("township"), "line-remove", household.pk, IncomeLine.objects.get().pk)
    assert outcomes(ledger()) == {2: "same"}
    assert not IncomeLine.objects.current().exists()


def test_a_file_that_says_something_new_corrects_the_desk(sign_in, household):
    line = IncomeLine.objects.get()
    values = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "1200"}
    send(sign_in("township"), "line-correct", household.pk, line.pk, **values)
    assert outcomes(ledger("1300")) == {2: "changed"}
    assert IncomeLine.objects.current().get().amount == 1300


def test_a_bill_that_was_taken_out_stays_out(sign_in, household):
    send(sign_in("township"), "bill-remove", household.pk, MedicalBill.objects.get().pk)
    assert outcomes(bills()) == {2: "same"}
    assert not MedicalBill.objects.current().exists()


def test_a_child_of_the_desk_is_found_by_name_and_birth_date_in_the_next_export(sign_in, household):
    child = {"name": "张小小", "sex": "male", "on": "2022-06-02", "relation": "之子", "number": ""}
    send(sign_in("township"), "birth", household.pk, **child)
    row = [CODE, f"{CODE}03", "张小小", number("20220602", 5), "之子", "20220602", "男", "张三"]
    assert outcomes(export(ZHANG, WANG, row))[4] == "changed"
    assert Person.objects.filter(name="张小小").count() == 1
    assert Membership.objects.current().get(person__name="张小小").since == dt.date(2022, 6, 2)
