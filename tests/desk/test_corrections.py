"""A ledger line or a bill is corrected, taken out or added: the old row stays readable and counts no more."""

import datetime as dt
from decimal import Decimal
from functools import partial

import pytest

from alerts.models import Alert
from households.desk.corrections import save_line
from households.models import AuditEntry, EvidenceBatch, IncomeLine, MedicalBill, Membership
from households.refusal import Refused
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

LINE = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "1200.50"}
BILL = {
    "settled_on": "2022-06-15",
    "visit_kind": "inpatient",
    "total_cost": "9000",
    "basic_paid": "6000",
    "serious_illness_paid": "",
    "aid_paid": "",
    "self_pay": "3000",
}


@pytest.fixture
def household():
    return factories.household(members=1, lifted=True)


@pytest.fixture
def line(household):
    ledger = factories.batch(kind="import", source="income", label="收入台账.xlsx")
    return factories.income(household=household, amount=1000, batch=ledger, row_number=7)


@pytest.fixture
def bill(household):
    return factories.bill(person=household.memberships.get().person, self_pay=6000)


def lines(household):
    rows = IncomeLine.objects.current().filter(household=household).order_by("month", "id")
    return [(f"{row.month:%Y-%m}", row.kind, row.item, row.amount) for row in rows]


# Ledger lines -------------------------------------------------------------------------------------


def test_a_corrected_line_is_a_new_row_and_the_old_one_stays(cast, sign_in, household, line):
    assert judged(household).net == 1000
    assert send(sign_in("township"), "line-correct", household.pk, line.pk, **LINE).status_code == 302

    assert lines(household) == [("2022-06", "wage", "务工", Decimal("1200.50"))]
    line.refresh_from_db()
    batch = EvidenceBatch.objects.get(source="line")
    assert (line.amount, line.replaced_in, line.row_number) == (1000, batch, 7)
    assert (batch.reason, batch.actor) == (REASON, cast.township)
    assert judged(household).net == Decimal("1200.50")
    audit = AuditEntry.objects.get(action="desk_line")
    assert (audit.subject_id, audit.detail["month"]) == (str(household.pk), "2022-06")


def test_month_kind_and_item_can_be_wrong_too(sign_in, household, line):
    changed = {"month": "2022-05", "kind": "transfer", "item": "低保金", "amount": "1000"}
    send(sign_in("township"), "line-correct", household.pk, line.pk, **changed)
    assert lines(household) == [("2022-05", "transfer", "低保金", 1000)]


def test_a_line_that_was_never_true_is_taken_out_without_another(sign_in, household, line):
    assert send(sign_in("township"), "line-remove", household.pk, line.pk).status_code == 302
    assert lines(household) == []
    line.refresh_from_db()
    assert line.replaced_in.source == "line"
    # Without any line the income is unknown, not zero.
    assert judged(household).net is None


def test_a_missing_line_is_added(sign_in, household, line):
    send(sign_in("township"), "line-add", household.pk, **LINE | {"kind": "cost", "item": "养殖", "amount": "300"})
    assert lines(household)[1:] == [("2022-06", "cost", "养殖", 300)]
    assert judged(household).net == 700


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "10000000"}, "amount"),
        ({"amount": "12.345"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"month": "2022-08"}, "month"),
        ({"month": "1999-12"}, "month"),
        ({"month": "2022-13"}, "month"),
        ({"month": ""}, "month"),
        ({"kind": "lottery"}, "kind"),
        ({"item": " "}, "item"),
        ({"item": "务" * 61}, "item"),
        ({"reason": ""}, "reason"),
    ],
)
@pytest.mark.parametrize("form", ["line-add", "line-correct"])
def test_it_says_at_the_field_of_a_line_what_is_wrong(sign_in, household, line, changed, field, form):
    pks = [household.pk] if form == "line-add" else [household.pk, line.pk]
    response = send(sign_in("township"), form, *pks, **LINE | {"item": "零工"} | changed)
    assert list(problems(response)) == [field]
    assert lines(household) == [("2022-06", "wage", "务工", 1000)]


def test_the_largest_and_the_smallest_amount_and_the_running_month_are_taken(sign_in, household):
    for amount, month in (("9999999.99", "2022-07"), ("0", "2000-01")):
        values = LINE | {"amount": amount, "month": month}
        assert send(sign_in("township"), "line-add", household.pk, **values).status_code == 302
    assert [row[3] for row in lines(household)] == [0, Decimal("9999999.99")]


def test_a_line_that_stands_there_already_is_not_added(sign_in, household, line):
    assert list(problems(send(sign_in("township"), "line-add", household.pk, **LINE))) == ["item"]


def test_a_line_is_not_corrected_into_another_that_stands_there(sign_in, household, line):
    other = factories.income(household=household, amount=5, item="零工")
    assert list(problems(send(sign_in("township"), "line-correct", household.pk, other.pk, **LINE))) == ["item"]


def test_two_lines_of_one_key_from_a_file_are_corrected_each(sign_in, household, line):
    twin = factories.income(household=household, amount=50)
    assert send(sign_in("township"), "line-correct", household.pk, twin.pk, **LINE).status_code == 302
    assert [row[3] for row in lines(household)] == [1000, Decimal("1200.50")]


def test_a_correction_that_changes_nothing_is_refused(sign_in, household, line):
    response = send(sign_in("township"), "line-correct", household.pk, line.pk, **LINE | {"amount": "1000.00"})
    assert list(problems(response)) == ["amount"]


def test_the_same_form_twice_is_one_correction(sign_in, household, line):
    client = sign_in("township")
    for _time in range(2):
        assert send(client, "line-correct", household.pk, line.pk, **LINE, token="4" * 32).status_code == 302
    for _time in range(2):
        added = LINE | {"item": "零工"}
        assert send(client, "line-add", household.pk, **added, token="5" * 32).status_code == 302
    assert desk_batches("line") == 2
    assert len(lines(household)) == 2


def test_whoever_comes_later_is_told_that_it_was_corrected(sign_in, household, line):
    send(sign_in("township"), "line-correct", household.pk, line.pk, **LINE)
    for form, values in (("line-correct", LINE | {"amount": "1"}), ("line-remove", {})):
        response = send(sign_in("staff"), form, household.pk, line.pk, **values)
        assert list(problems(response)) == ["__all__"]
    assert sign_in("staff").get(f"/households/{household.pk}/lines/{line.pk}/").status_code == 404
    assert [row[3] for row in lines(household)] == [Decimal("1200.50")]


def test_the_line_of_another_household_is_not_found(sign_in, household, line):
    other = factories.household(village=ELSEWHERE)
    assert send(sign_in("admin"), "line-correct", other.pk, line.pk, **LINE).status_code == 404
    assert send(sign_in("township"), "line-correct", other.pk, line.pk, **LINE).status_code == 404


def test_a_corrected_line_is_judged_at_once(sign_in, household, line):
    """INC01 rests on one figure; once that is right, it is not found any more."""
    judge_batches()
    alert = Alert.objects.get(household=household, kind_id="INC01")
    assert alert.not_found_month is None
    send(sign_in("township"), "line-correct", household.pk, line.pk, **LINE | {"amount": "90000"})
    assert EvidenceBatch.objects.get(source="line").judged_at is None
    judge_batches()
    alert.refresh_from_db()
    assert alert.not_found_month == JUNE


def test_a_batch_says_what_changed(sign_in, household, line):
    client = sign_in("township")
    send(client, "line-correct", household.pk, line.pk, **LINE)
    new = IncomeLine.objects.current().get()
    send(client, "line-correct", household.pk, new.pk, **LINE | {"month": "2022-05"})
    moved = IncomeLine.objects.current().get()
    send(client, "line-remove", household.pk, moved.pk)
    send(client, "line-add", household.pk, **LINE)
    labels = EvidenceBatch.objects.filter(source="line").order_by("id").values_list("label", flat=True)
    assert list(labels) == [
        "2022-06 工资性收入 务工 1,000.00 → 1,200.50",
        "2022-06 工资性收入 务工 1,200.50 → 2022-05 工资性收入 务工 1,200.50",
        "删去：2022-05 工资性收入 务工 1,200.50",
        "补记：2022-06 工资性收入 务工 1,200.50",
    ]


# Medical bills ------------------------------------------------------------------------------------


def test_a_corrected_bill_is_a_new_row_and_the_old_one_stays(sign_in, household, bill):
    values = BILL | {"person": bill.person_id}
    assert send(sign_in("township"), "bill-correct", household.pk, bill.pk, **values).status_code == 302
    new = MedicalBill.objects.current().get(person=bill.person)
    assert (new.self_pay, new.total_cost, new.basic_paid, new.aid_paid) == (3000, 9000, 6000, None)
    bill.refresh_from_db()
    assert (bill.self_pay, bill.replaced_in.source, new.batch) == (6000, "bill", bill.replaced_in)


def test_a_bill_that_was_never_true_is_taken_out_and_counts_no_more(sign_in, household, bill):
    factories.medical_list(JUNE)
    assert judged(household).inpatient_year == 6000
    assert send(sign_in("township"), "bill-remove", household.pk, bill.pk).status_code == 302
    bill.refresh_from_db()
    assert bill.replaced_in.source == "bill"
    # The list of the month was received and names nobody any more: nothing, not unknown.
    assert judged(household).inpatient_year == 0


def test_a_missing_bill_is_added_also_of_who_has_died(sign_in, household):
    client = sign_in("township")
    dead = factories.person(household=household, name="屈五")
    send(client, "death", household.pk, dead.pk, on="2022-06-20")
    values = BILL | {"person": dead.pk, "settled_on": "2022-07-01"}
    assert send(client, "bill-add", household.pk, **values).status_code == 302
    assert MedicalBill.objects.get(person=dead).settled_on == dt.date(2022, 7, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"self_pay": "-0.01"}, "self_pay"),
        ({"self_pay": ""}, "self_pay"),
        ({"self_pay": "9000.01", "basic_paid": ""}, "self_pay"),
        ({"basic_paid": "6000.01"}, "total_cost"),
        ({"settled_on": "2022-07-11"}, "settled_on"),
        ({"settled_on": "1899-12-31"}, "settled_on"),
        ({"visit_kind": "spa"}, "visit_kind"),
        ({"person": "0"}, "person"),
        ({"reason": ""}, "reason"),
    ],
)
def test_it_says_at_the_field_of_a_bill_what_is_wrong(sign_in, household, changed, field):
    person = household.memberships.get().person
    response = send(sign_in("township"), "bill-add", household.pk, **{"person": person.pk} | BILL | changed)
    assert list(problems(response)) == [field]
    assert not MedicalBill.objects.exists()


def test_a_bill_of_somebody_elsewhere_is_not_added(sign_in, household):
    stranger = factories.person(household=factories.household())
    response = send(sign_in("township"), "bill-add", household.pk, **BILL, person=stranger.pk)
    assert list(problems(response)) == ["person"]


def test_the_same_bill_is_not_added_twice(sign_in, household):
    values = BILL | {"person": household.memberships.get().person.pk}
    client = sign_in("township")
    assert send(client, "bill-add", household.pk, **values, token="6" * 32).status_code == 302
    assert send(client, "bill-add", household.pk, **values, token="6" * 32).status_code == 302
    assert list(problems(send(client, "bill-add", household.pk, **values))) == ["self_pay"]
    assert MedicalBill.objects.count() == 1


# Rights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("staff", ELSEWHERE, 302),
        ("township", ELSEWHERE, 404),
        ("specialist", VILLAGES[0], 403),
        ("auditor", VILLAGES[0], 403),
        ("officer", VILLAGES[0], 403),
    ],
)
def test_money_is_corrected_by_county_and_own_township(sign_in, member, village, status):
    household = factories.household(village=village, members=1)
    line = factories.income(household=household, amount=1)
    person = Membership.objects.get(household=household).person
    client = sign_in(member)
    assert send(client, "line-correct", household.pk, line.pk, **LINE).status_code == status
    assert send(client, "bill-add", household.pk, **BILL, person=person.pk).status_code == status
    assert MedicalBill.objects.exists() == (status == 302)


@pytest.mark.django_db(transaction=True)
def test_two_corrections_of_one_line_at_the_same_time_are_one(cast, household, line):
    def work(amount, token):
        return save_line(
            household=household,
            line=line,
            month=JUNE,
            kind="wage",
            item="务工",
            amount=Decimal(amount),
            reason=REASON,
            token=token,
            by=cast.township,
        )

    results = at_once([partial(work, 2000, "a" * 32), partial(work, 3000, "b" * 32)])
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], Refused)
    assert len(lines(household)) == 1
