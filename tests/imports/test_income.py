"""收入台账: a line is one household, month, kind, item and amount."""

import datetime as dt
from decimal import Decimal

import pytest

from households.models import IncomeLine
from tests.imports.conftest import CODE, CODE_2, INCOME, as_csv, as_xlsx, codes, outcomes, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register(county):
    """Lines need households."""


def line(code=CODE, month="202206", kind="工资性收入", item="务工", amount="100"):
    return [code, month, kind, item, amount]


def read(*rows):
    return take_in(as_csv(INCOME, *rows))


def standing() -> list[Decimal]:
    return sorted(IncomeLine.objects.current().values_list("amount", flat=True))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("工资性收入", "wage"),
        ("生产经营性收入", "business"),
        ("财产性收入", "property"),
        ("转移性收入", "transfer"),
        ("生产经营性支出", "cost"),
        ("理赔收入", "claim"),
        (" 工资性 收入", "wage"),
    ],
)
def test_it_stores_a_line(word, kind):
    assert outcomes(read(line(kind=word, amount="1,234.50"))) == {2: "new"}
    row = IncomeLine.objects.get()
    assert (row.kind, row.month, row.amount, row.item) == (kind, dt.date(2022, 6, 1), Decimal("1234.50"), "务工")
    assert (row.household.code, row.row_number) == (CODE, 2)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": ""}, "missing"),
        ({"month": ""}, "missing"),
        ({"month": "202213"}, "month_unreadable"),
        ({"kind": "其他收入"}, "word_unknown"),
        ({"kind": ""}, "missing"),
        ({"amount": ""}, "missing"),
        ({"amount": "约八千元"}, "amount_unreadable"),
        ({"amount": "=1+1"}, "amount_unreadable"),
        ({"amount": "-2728.09"}, "amount_negative"),
        ({"item": "长" * 61}, "text_too_long"),
    ],
)
def test_it_refuses_a_row_and_takes_the_rest(changed, code):
    found = read(line(**changed), line(code=CODE_2))
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert codes(found) == {2: [code]}


def test_an_item_that_looks_like_a_formula_stays_text():
    read(line(item="=1+1"))
    assert IncomeLine.objects.get().item == "=1+1"


def test_a_line_of_an_unknown_household_waits():
    found = read(line(code="420527103204009999"), line())
    assert outcomes(found) == {2: "waiting", 3: "new"}
    assert codes(found) == {2: ["household_unknown"]}


def test_the_same_line_twice_goes_in_once_however_spelt():
    found = read(line(), line(month="2022年6月", amount="100.00", item="务工 "))
    assert outcomes(found) == {2: "new", 3: "repeated"}
    assert standing() == [100]


def test_the_same_file_twice_is_nothing_new():
    rows = [line(), line(code="420527103204009999"), line(amount="不详")]
    read(*rows)
    assert outcomes(read(*rows)) == {2: "same", 3: "same", 4: "refused"}
    assert standing() == [100]


def test_another_amount_of_the_one_line_corrects_it():
    read(line())
    found = read(line(amount="120"))
    assert outcomes(found) == {2: "changed"}
    assert standing() == [120]
    assert IncomeLine.objects.get(amount=100).replaced_in == found.batch


def test_two_amounts_of_one_item_are_two_lines_and_a_doubt():
    found = read(line(), line(amount="120"))
    assert outcomes(found) == {2: "new", 3: "new"}
    assert codes(found, "doubts") == {2: ["same_item_two_amounts"], 3: ["same_item_two_amounts"]}
    assert standing() == [100, 120]


def test_a_second_amount_beside_the_known_one_is_new():
    read(line())
    found = read(line(), line(amount="120"))
    assert outcomes(found) == {2: "same", 3: "new"}
    assert standing() == [100, 120]


def test_a_code_stored_as_a_number_in_a_cell_is_refused():
    found = take_in(as_xlsx(INCOME, line(code=420527103204000001), line(amount=55.5)), "台账.xlsx")
    assert codes(found) == {2: ["stored_as_number"]}
    assert standing() == [Decimal("55.50")]


def test_a_month_to_come_is_a_doubt():
    assert codes(read(line(month="209912")), "doubts") == {2: ["in_future"]}
