"""Rows that wait: matched by hand, dismissed, or resolved when the register grows."""

import datetime as dt

import pytest

from households.imports.locking import NotReady
from households.imports.waiting import dismiss_waiting_row, match_waiting_row
from households.models import (
    AuditEntry,
    EvidenceBatch,
    Household,
    IncomeLine,
    MedicalBill,
    Membership,
    Person,
    StagedRow,
)
from tests.imports.conftest import (
    CODE,
    CODE_2,
    HOUSEHOLD,
    INCOME,
    MEDICAL,
    MEMBER,
    VILLAGE,
    as_csv,
    number,
    outcomes,
    preview,
    take_in,
)

pytestmark = pytest.mark.django_db
JULY = dt.date(2022, 7, 31)
BILL = [number("19700101", 1), "张三", "住院", "2022-06-05", "2000.00", "500.00"]
ELSEWHERE = "420527103204009999"
LINE = [ELSEWHERE, "202206", "工资性收入", "务工", "100"]


def queue():
    return StagedRow.objects.filter(outcome="waiting", resolved_at=None)


def test_a_bill_is_matched_with_a_person_by_hand(county, cast):
    take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    person = Person.objects.get(name="张三")

    match_waiting_row(row=queue().get(), person=person, by=cast.staff)

    bill = MedicalBill.objects.get()
    assert (bill.person, bill.batch.kind, bill.batch.actor) == (person, "match", cast.staff)
    assert not queue().exists()
    assert AuditEntry.objects.filter(action="import_row_matched", actor=cast.staff).exists()


def test_a_row_matched_by_hand_does_not_wait_again(county, cast):
    take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    match_waiting_row(row=queue().get(), person=Person.objects.get(name="张三"), by=cast.staff)
    assert outcomes(take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")) == {2: "same"}
    assert MedicalBill.objects.count() == 1


def test_a_line_is_matched_with_a_household_by_hand(county, cast):
    take_in(as_csv(INCOME, LINE))
    household = Household.objects.get(code=CODE_2)
    match_waiting_row(row=queue().get(), household=household, by=cast.staff)
    assert IncomeLine.objects.get().household == household


def test_a_row_is_matched_once(county, cast):
    take_in(as_csv(INCOME, LINE))
    row, household = queue().get(), Household.objects.get(code=CODE_2)
    match_waiting_row(row=row, household=household, by=cast.staff)
    with pytest.raises(NotReady):
        match_waiting_row(row=row, household=household, by=cast.staff)
    with pytest.raises(NotReady):
        dismiss_waiting_row(row=row, reason="重复", by=cast.staff)
    assert IncomeLine.objects.count() == 1


def test_a_row_is_dismissed_with_a_reason(county, cast):
    take_in(as_csv(INCOME, LINE))
    row = dismiss_waiting_row(row=queue().get(), reason="外县农户", by=cast.staff)
    assert (row.resolved_by, row.reasons[-1]["note"]) == (cast.staff, "外县农户")
    assert not queue().exists()
    assert not IncomeLine.objects.exists()


def test_a_person_who_moved_belongs_to_the_new_household_from_the_export_on(county, cast):
    moved = [CODE_2, f"{CODE}01", "张三", number("19800501", 1), "户主", "19800501", "男", "张三"]
    take_in(as_csv(MEMBER, moved), as_of=JULY, partial=True)
    row = queue().get()

    match_waiting_row(row=row, person=row.person, household=row.household, by=cast.staff)

    rows = Membership.objects.filter(person__name="张三", replaced_in=None)
    assert {(row.household.code, row.since, row.until) for row in rows} == {
        (CODE, None, JULY - dt.timedelta(days=1)),
        (CODE_2, JULY, None),
    }
    heads = Membership.objects.filter(household__code=CODE_2, is_head=True, until=None, replaced_in=None)
    assert heads.get().person.name == "李四"


def test_files_in_the_wrong_order_are_put_right_when_the_register_comes(db):
    person = [CODE, f"{CODE}01", "张三", number("19700101", 1), "户主", "19700101", "男", "张三"]
    take_in(as_csv(MEDICAL, BILL), "医保_202206.csv")
    take_in(as_csv(INCOME, [CODE, *LINE[1:]], LINE))
    take_in(as_csv(MEMBER, person))
    assert queue().count() == 4

    take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"]))

    assert IncomeLine.objects.get().household.code == CODE
    assert MedicalBill.objects.get().person.name == "张三"
    assert Membership.objects.get().is_head
    assert queue().get().household_code == ELSEWHERE
    assert EvidenceBatch.objects.filter(kind="match").count() == 3


def test_a_row_of_a_preview_cannot_be_matched(county, cast):
    preview(as_csv(INCOME, LINE))
    with pytest.raises(NotReady):
        match_waiting_row(row=queue().get(), household=Household.objects.get(code=CODE), by=cast.staff)
