"""医保: bills of people by their number."""

import datetime as dt
from decimal import Decimal

import pytest

from households.evidence.services import lists_received
from households.models import MedicalBill
from tests.imports.conftest import MEDICAL, as_csv, as_xlsx, codes, number, outcomes, take_in

pytestmark = pytest.mark.django_db
KNOWN = number("19800501", 1)
UNKNOWN = number("19700101", 1)


@pytest.fixture(autouse=True)
def register(county):
    """Bills need people."""


def bill(identity=KNOWN, name="张三", visit="住院", day="2022-06-05", total="2000.00", paid="500.00"):
    return [identity, name, visit, day, total, paid]


def read(*rows, name="医保_202206.csv", **given):
    return take_in(as_csv(MEDICAL, *rows, **given), name)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("住院", "inpatient"),
        ("门诊统筹", "outpatient_pool"),
        ("门诊慢特病", "chronic"),
        ("普通门诊", "outpatient"),
    ],
)
def test_it_stores_a_bill(word, kind):
    assert outcomes(read(bill(visit=word))) == {2: "new"}
    row = MedicalBill.objects.get()
    assert (row.person.name, row.visit_kind, row.settled_on) == ("张三", kind, dt.date(2022, 6, 5))
    assert (row.total_cost, row.self_pay, row.basic_paid) == (Decimal("2000.00"), Decimal("500.00"), None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"identity": ""}, "missing"),
        ({"identity": KNOWN[:17]}, "identity_length"),
        ({"identity": "420599800501001"}, "identity_15_digits"),
        ({"identity": KNOWN[:17] + ("0" if KNOWN[17] != "0" else "1")}, "check_digit"),
        ({"identity": "4.20599E+17"}, "stored_as_number"),
        ({"day": "六月中旬"}, "date_unreadable"),
        ({"day": ""}, "missing"),
        ({"visit": "美容"}, "word_unknown"),
        ({"visit": ""}, "missing"),
        ({"paid": "-30000.00"}, "amount_negative"),
        ({"paid": "3千多"}, "amount_unreadable"),
        ({"paid": ""}, "missing"),
        ({"total": "-1"}, "amount_negative"),
    ],
)
def test_it_refuses_a_row_and_takes_the_rest(changed, code):
    found = read(bill(**changed), bill())
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert codes(found) == {2: [code]}


def test_a_number_stored_as_a_number_in_a_cell_is_refused():
    found = take_in(as_xlsx(MEDICAL, bill(identity=4.20599198005010e17)), "医保_202206.xlsx")
    assert codes(found) == {2: ["stored_as_number"]}


def test_a_person_not_in_the_register_waits_with_the_number_sealed():
    found = read(bill(identity=UNKNOWN))
    row = found.rows.get()
    assert (row.outcome, row.reasons[0]["code"]) == ("waiting", "person_unknown")
    assert row.identity_sealed is not None
    assert UNKNOWN not in str(row.payload)


def test_another_name_is_a_doubt_and_goes_in():
    found = read(bill(name="张叁"))
    assert outcomes(found) == {2: "new"}
    assert codes(found, "doubts") == {2: ["name_differs"]}


def test_the_same_bill_twice_goes_in_once():
    found = read(
        bill(), bill(day="2022年6月5日", paid="５００.００"), bill(identity=UNKNOWN), bill(identity=UNKNOWN)
    )
    assert outcomes(found) == {2: "new", 3: "repeated", 4: "waiting", 5: "repeated"}


def test_the_same_list_twice_is_nothing_new_and_was_received():
    rows = [bill(), bill(identity=UNKNOWN), bill(paid="不详")]
    read(*rows)
    found = read(*rows, title="秭归县2022年7月清单", name="医保.csv")
    assert list(outcomes(found).values()) == ["same", "same", "refused"]
    assert MedicalBill.objects.count() == 1
    received = lists_received("medical", dt.date(2022, 1, 1), dt.date(2022, 12, 1))
    assert received == {dt.date(2022, 6, 1), dt.date(2022, 7, 1)}


def test_another_payment_of_the_one_bill_corrects_it():
    read(bill())
    found = read(bill(paid="700"))
    assert outcomes(found) == {2: "changed"}
    assert MedicalBill.objects.current().get().self_pay == 700


def test_two_payments_on_one_day_are_two_bills():
    found = read(bill(total="2000"), bill(total="900", paid="700"))
    assert outcomes(found) == {2: "new", 3: "new"}
    assert codes(found, "doubts") == {}


def test_a_nul_byte_in_a_cell_is_dropped():
    content = as_csv(MEDICAL, bill(paid="44.04")).replace(b"44.04", b"44\x00.04")
    assert outcomes(take_in(content, "医保_202206.csv")) == {2: "new"}
    assert MedicalBill.objects.get().self_pay == Decimal("44.04")
