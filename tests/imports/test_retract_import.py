"""Taking an import back: what it wrote goes, what it had corrected returns, what others say stays."""

import datetime as dt
from decimal import Decimal

import pytest

from households.evidence.services import lists_received
from households.imports.locking import NotReady
from households.imports.retracting import counts_of_retraction, retract_import
from households.imports.services import commit_import
from households.imports.waiting import match_waiting_row
from households.models import (
    AuditEntry,
    Doubt,
    Event,
    EvidenceBatch,
    Household,
    HouseholdFact,
    HouseholdMove,
    IncomeLine,
    ListEntry,
    MedicalBill,
    Membership,
    Person,
    PersonFact,
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
JUNE, JULY, AUGUST = dt.date(2022, 6, 30), dt.date(2022, 7, 31), dt.date(2022, 8, 31)
OTHER_VILLAGE = "420527103206"
KNOWN, UNKNOWN = number("19800501", 1), number("19700101", 1)
TRAFFIC = ("身份证号", "姓名", "事故日期", "伤亡情况")


def line(amount, code=CODE, month="202206", item="务工"):
    return [code, month, "工资性收入", item, amount]


def ledger(*rows, name="收入.csv"):
    return take_in(as_csv(INCOME, *rows), name)


def bills(*rows, name="医保_202206.csv"):
    return take_in(as_csv(MEDICAL, *rows), name)


def bill(paid, identity=KNOWN, day="2022-06-05", total="2000"):
    return [identity, "张三", "住院", day, total, paid]


def undo(row, keep=(), by=None):
    return retract_import(import_id=row.pk, reason="错发文件", keep_households=keep, by=by)


def amounts(code=CODE):
    rows = IncomeLine.objects.current().filter(household__code=code)
    return sorted(rows.values_list("amount", flat=True))


def member(code=CODE, identity=KNOWN, name="张三", relation="户主", **more):
    return [code, "", name, identity, relation, "19800501", "男", "张三"]


class TestLines:
    def test_its_rows_do_not_count_any_more_and_none_is_deleted(self, county):
        row = ledger(line("100"), line("200", month="202207"))
        batch = undo(row)

        assert amounts() == []
        assert IncomeLine.objects.filter(batch=row.batch, replaced_in=batch).count() == 2
        assert (batch.kind, batch.retracts, batch.reason) == ("retraction", row.batch, "错发文件")

    def test_what_it_had_corrected_comes_back_with_its_row_in_the_file(self, county):
        ledger(line("100"))
        second = ledger(line("150"))
        batch = undo(second)

        (back,) = IncomeLine.objects.current()
        assert (back.amount, back.batch, back.row_number) == (Decimal(100), batch, 2)
        assert counts_of_retraction(batch) == {"rows_taken_back": 1, "rows_restored": 1, "rows_left": 0}

    def test_what_a_later_file_corrected_stays(self, county):
        ledger(line("100"))
        second = ledger(line("150"))
        ledger(line("170"))
        undo(second)
        assert amounts() == [170]

    def test_three_files_taken_back_from_the_last_to_the_first(self, county):
        files = [ledger(line("100")), ledger(line("150")), ledger(line("170"))]
        seen = []
        for row in reversed(files):
            undo(row)
            seen.append(amounts())
        assert seen == [[150], [100], []]

    def test_three_files_taken_back_from_the_first_to_the_last(self, county):
        files = [ledger(line("100")), ledger(line("150")), ledger(line("170"))]
        seen = []
        for row in files:
            undo(row)
            seen.append(amounts())
        assert seen == [[170], [170], []]

    def test_a_row_that_came_back_goes_with_its_own_file(self, county):
        first, second = ledger(line("100")), ledger(line("150"))
        undo(second)
        undo(first)
        assert amounts() == []

    def test_a_row_that_a_later_file_says_too_stays_until_that_file_is_taken_back(self, county):
        first = ledger(line("100"), line("200", month="202207"))
        again = ledger(line("100"))
        undo(first)
        assert amounts() == [100]

        undo(again)
        assert amounts() == []

    def test_the_same_file_is_new_again_after_the_undo(self, county):
        undo(ledger(line("100")))
        row = ledger(line("100"))
        assert (outcomes(row), amounts()) == ({2: "new"}, [100])

    def test_rows_of_households_that_are_kept_stay_and_the_others_go(self, county):
        row = ledger(line("100"), line("300", code=CODE_2))
        kept = Household.objects.get(code=CODE).pk
        batch = undo(row, keep=[kept])

        assert (amounts(CODE), amounts(CODE_2)) == ([100], [])
        assert counts_of_retraction(batch)["rows_left"] == 1
        assert AuditEntry.objects.get(action="import_retracted").detail["kept"] == [kept]

    def test_what_it_had_corrected_in_a_kept_household_stays_corrected(self, county):
        ledger(line("100"))
        row = ledger(line("150"))
        undo(row, keep=[Household.objects.get(code=CODE).pk])
        assert amounts() == [150]

    def test_bills_of_members_of_a_kept_household_stay(self, county):
        row = bills(bill("500"), bill("700", identity=number("19900101", 3)))
        undo(row, keep=[Household.objects.get(code=CODE).pk])
        assert MedicalBill.objects.current().get().person.name == "张三"


class TestLists:
    def test_a_list_taken_back_was_not_received(self, county):
        june = dt.date(2022, 6, 1)
        row = bills(bill("500"))
        assert lists_received("medical", june, june) == {june}
        undo(row)
        assert lists_received("medical", june, june) == set()

    def test_a_list_that_came_twice_is_received_until_both_are_taken_back(self, county):
        june = dt.date(2022, 6, 1)
        first, second = bills(bill("500")), bills(bill("500"))
        undo(first)
        assert lists_received("medical", june, june) == {june}
        assert MedicalBill.objects.current().count() == 1
        undo(second)
        assert lists_received("medical", june, june) == set()
        assert not MedicalBill.objects.current().exists()

    def test_an_event_told_again_by_a_later_list_then_belongs_to_that_month(self, county):
        row = [KNOWN, "张三", "2022-06-10", "死亡"]
        first = take_in(as_csv(TRAFFIC, row), "交警_202206.csv")
        take_in(as_csv(TRAFFIC, row), "交警_202207.csv")
        assert ListEntry.objects.current().get().month == dt.date(2022, 6, 1)

        undo(first)

        assert ListEntry.objects.current().get().month == dt.date(2022, 7, 1)


class TestQueue:
    def test_rows_matched_by_hand_go_with_their_file(self, county, cast):
        row = bills(bill("500", identity=UNKNOWN))
        waiting = StagedRow.objects.get(import_file=row, outcome="waiting")
        match_waiting_row(row=waiting, person=Person.objects.get(name="张三"), by=cast.staff)
        assert MedicalBill.objects.current().exists()

        undo(row)

        assert not MedicalBill.objects.current().exists()

    def test_rows_of_another_file_of_the_same_name_matched_by_hand_stay(self, county, cast):
        rows = [bills(bill("500", identity=UNKNOWN)), bills(bill("900", identity=UNKNOWN, day="2022-06-09"))]
        for waiting in StagedRow.objects.filter(outcome="waiting"):
            match_waiting_row(row=waiting, person=Person.objects.get(name="张三"), by=cast.staff)
        undo(rows[0])
        assert MedicalBill.objects.current().get().self_pay == 900

    @pytest.mark.parametrize("is_matched", [False, True])
    def test_a_row_that_waited_for_two_files_waits_for_the_other_one(self, county, cast, is_matched):
        row = bills(bill("500", identity=UNKNOWN))
        again = bills(bill("500", identity=UNKNOWN), bill("900", identity=UNKNOWN))
        if is_matched:
            waiting = StagedRow.objects.get(import_file=row, outcome="waiting")
            match_waiting_row(row=waiting, person=Person.objects.get(name="张三"), by=cast.staff)
        undo(row)
        queue = StagedRow.objects.filter(outcome="waiting", resolved_at=None)
        assert set(queue.values_list("import_file", "row_number")) == {(again.pk, 2), (again.pk, 3)}

    def test_rows_that_still_wait_leave_the_queue_and_doubts_are_settled(self, county, cast):
        row = bills(bill("500", identity=UNKNOWN), [KNOWN, "李四", "住院", "2022-06-05", "2000", "400"])
        assert Doubt.objects.filter(import_file=row, resolved_at=None).exists()
        undo(row, by=cast.staff)
        waiting = StagedRow.objects.get(import_file=row, outcome="waiting")
        assert waiting.resolved_by == cast.staff
        assert not Doubt.objects.filter(import_file=row, resolved_at=None).exists()
        with pytest.raises(NotReady):
            match_waiting_row(row=waiting, person=Person.objects.get(name="张三"), by=cast.staff)


class TestRegister:
    def export(self, *rows, day=JUNE, header=HOUSEHOLD, **given):
        return take_in(as_csv(header, *rows), as_of=day, **given)

    def test_a_fact_that_an_export_changed_is_as_before(self, county):
        row = self.export([CODE, VILLAGE, "张三", "脱贫户"], day=JUNE, partial=True)
        household = Household.objects.get(code=CODE)
        assert HouseholdFact.objects.current().get(household=household).kind == "lifted"
        undo(row)
        assert HouseholdFact.objects.current().get(household=household).kind is None

    def test_what_a_later_export_says_too_stays(self, county):
        rows = [CODE, VILLAGE, "张三", "脱贫户"]
        july = self.export(rows, day=JULY, partial=True)
        self.export(rows, day=AUGUST, partial=True)
        undo(july)
        kinds = HouseholdFact.objects.current().filter(household__code=CODE).order_by("as_of")
        assert [fact.kind for fact in kinds] == [None, "lifted"]

    def test_a_household_that_only_this_export_named_leaves_the_register(self, db):
        row = self.export([CODE, VILLAGE, "张三"])
        undo(row)
        household = Household.objects.get(code=CODE)
        move = HouseholdMove.objects.get(household=household)
        assert (move.village, move.village_before) == (None, VILLAGE)
        assert household.gone_on is not None

    def test_a_household_of_which_another_file_speaks_stays(self, db):
        row = self.export([CODE, VILLAGE, "张三"])
        ledger(line("100"))
        undo(row)
        assert Household.objects.get(code=CODE).gone_on is None
        assert not HouseholdFact.objects.current().exists()

    def test_it_leaves_when_the_last_file_that_speaks_of_it_is_taken_back(self, db):
        row, lines = self.export([CODE, VILLAGE, "张三"]), ledger(line("100"))
        undo(row)
        undo(lines)
        assert Household.objects.get(code=CODE).gone_on is not None

    def test_a_household_that_a_new_export_names_is_back(self, db):
        undo(self.export([CODE, VILLAGE, "张三"]))
        again = self.export([CODE, VILLAGE, "张三"])
        household = Household.objects.get(code=CODE)
        assert household.gone_on is None
        assert HouseholdMove.objects.current().get(household=household).village == VILLAGE

        undo(again)

        household.refresh_from_db()
        assert household.gone_on is not None
        assert HouseholdMove.objects.current().get(household=household).village is None

    def test_a_household_that_an_export_had_moved_lies_where_it_lay(self, county, cast):
        row = self.export([CODE, OTHER_VILLAGE, "张三"], day=JULY, partial=True)
        household = Household.objects.get(code=CODE)
        assert household.village == OTHER_VILLAGE
        undo(row, by=cast.staff)
        household.refresh_from_db()
        assert household.village == VILLAGE
        assert not HouseholdMove.objects.current().exists()
        moved = Event.objects.filter(kind="household_moved", subject_id=household.pk).latest("id")
        assert (moved.village_before, moved.village, moved.actor) == (OTHER_VILLAGE, VILLAGE, cast.staff)

    def test_it_stays_where_a_later_export_has_it_too(self, county):
        row = self.export([CODE, OTHER_VILLAGE, "张三"], day=JULY, partial=True)
        self.export([CODE, OTHER_VILLAGE, "张三"], day=AUGUST, partial=True)
        undo(row)
        assert Household.objects.get(code=CODE).village == OTHER_VILLAGE

    def test_members_of_a_file_taken_back_belong_nowhere_and_are_not_found_by_number(self, county):
        row = self.export(member(identity=UNKNOWN, name="张小", relation="之子"), header=MEMBER, partial=True)
        undo(row)
        person = Person.objects.get(name="张小")
        assert not Membership.objects.current().filter(person=person).exists()
        assert not PersonFact.objects.current().filter(person=person).exists()
        assert outcomes(bills(bill("500", identity=UNKNOWN))) == {2: "waiting"}

    def test_a_person_whom_the_next_export_brings_in_takes_up_what_waited(self, county):
        row = self.export(member(identity=UNKNOWN, name="张小", relation="之子"), header=MEMBER, partial=True)
        undo(row)
        bills(bill("500", identity=UNKNOWN))
        self.export(member(identity=UNKNOWN, name="张小", relation="之子"), header=MEMBER, partial=True)
        bill_row = MedicalBill.objects.current().get()
        assert Membership.objects.current().get(person=bill_row.person).household.code == CODE

    def test_a_head_whom_a_file_replaced_is_head_again(self, county):
        row = self.export(member(identity=UNKNOWN, name="张大"), header=MEMBER, day=JULY, partial=True)
        heads = Membership.objects.current().filter(household__code=CODE, is_head=True)
        assert heads.get().person.name == "张大"
        undo(row)
        assert heads.get().person.name == "张三"

    def test_a_move_that_a_person_confirmed_is_undone_with_its_file(self, county, cast):
        moved = [CODE_2, f"{CODE}01", "张三", KNOWN, "其他", "19800501", "男", ""]
        row = self.export(moved, header=MEMBER, day=JULY, partial=True)
        waiting = StagedRow.objects.get(import_file=row, outcome="waiting")
        match_waiting_row(row=waiting, person=waiting.person, household=waiting.household, by=cast.staff)
        assert Membership.objects.current().filter(person__name="张三").count() == 2

        undo(row)

        (back,) = Membership.objects.current().filter(person__name="张三")
        assert (back.household.code, back.since, back.until, back.is_head) == (CODE, None, None, True)

    def test_a_membership_that_a_later_file_changed_stays_as_that_file_says(self, county):
        row = self.export(member(relation="配偶"), header=MEMBER, day=JULY, partial=True)
        self.export(member(relation="之子"), header=MEMBER, day=AUGUST, partial=True)
        undo(row)
        assert Membership.objects.current().get(person__name="张三").relation == "之子"


class TestTwice:
    def test_it_is_undone_once(self, county):
        row = ledger(line("100"))
        undo(row)
        with pytest.raises(NotReady):
            undo(row)
        assert EvidenceBatch.objects.filter(kind="retraction").count() == 1

    def test_a_preview_cannot_be_undone(self, county):
        with pytest.raises(NotReady):
            undo(preview(as_csv(INCOME, line("100"))))

    def test_an_import_taken_back_is_not_committed_again(self, county):
        row = ledger(line("100"))
        undo(row)
        with pytest.raises(NotReady):
            commit_import(row.pk, by=None)

    def test_it_stands_in_the_trail_and_among_the_events(self, county, cast):
        row = ledger(line("100"))
        undo(row, by=cast.staff)
        row.refresh_from_db()
        event = Event.objects.get(kind="import_retracted", subject="import", subject_id=row.pk)
        assert (row.state, event.status_after, event.actor) == ("retracted", "retracted", cast.staff)
        assert AuditEntry.objects.get(action="import_retracted", actor=cast.staff).detail["rows_taken_back"] == 1
