"""One cell: what is understood, and what is never guessed."""

import datetime as dt
from decimal import Decimal

import pytest

from households.imports import cells
from households.imports.problems import CellProblem
from tests.imports.conftest import number

FIFTH = dt.date(2022, 6, 5)
JUNE = dt.date(2022, 6, 1)


def problem_of(parse, cell) -> str:
    with pytest.raises(CellProblem) as caught:
        parse(cell)
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2022-06-05",
        "2022/6/5",
        "20220605",
        "2022年6月5日",
        "2022.6.5",
        " 2022-06-05 ",
        "２０２２年６月５日",
        "2022-06-05 00:00:00",
        "2022/6/5 8:30",
        dt.date(2022, 6, 5),
        dt.datetime(2022, 6, 5, 13, 30),  # noqa: DTZ001 - a spreadsheet knows no time zones
        20220605.0,
    ],
)
def test_it_understands_a_date_in_each_of_its_spellings(cell):
    assert cells.date(cell) == FIFTH


@pytest.mark.parametrize(
    "cell",
    [
        "六月中旬",
        "2022-13-45",
        "2022-02-30",
        "20220631",
        "2022-06",
        "22-06-05",
        "44717",
        44717.0,
        True,
        "2022/6-5",
    ],
)
def test_it_refuses_what_is_no_date(cell):
    assert problem_of(cells.date, cell) == "date_unreadable"


@pytest.mark.parametrize(
    "cell",
    [
        "202206",
        "2022-06",
        "2022/6",
        "2022年6月",
        "2022.6",
        "2022-06-30",
        "20220615",
        202206.0,
        dt.date(2022, 6, 9),
    ],
)
def test_it_understands_a_month_in_each_of_its_spellings(cell):
    assert cells.month(cell) == JUNE


@pytest.mark.parametrize("cell", ["202213", "2022-00", "六月", "2022", 2022.1, "202206月", True])
def test_it_refuses_what_is_no_month(cell):
    assert problem_of(cells.month, cell) == "month_unreadable"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3000", "3000.00"),
        ("25,000.00", "25000.00"),
        ("1,234,567.8", "1234567.80"),
        ("７７３.３８", "773.38"),
        (" 1 234.5 ", "1234.50"),
        ("1\u00a0234", "1234.00"),
        ("¥1,200.00", "1200.00"),
        ("1200元", "1200.00"),
        ("0", "0.00"),
        (65.08, "65.08"),
        (65.085000000000001, "65.09"),
        (12, "12.00"),
    ],
)
def test_it_understands_an_amount(cell, value):
    assert cells.amount(cell) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("约八千元", "amount_unreadable"),
        ("3千多", "amount_unreadable"),
        ("不详", "amount_unreadable"),
        ("=1+1", "amount_unreadable"),
        ("1,23", "amount_unreadable"),
        ("1e3", "amount_unreadable"),
        ("1.2万元", "amount_unreadable"),
        (True, "amount_unreadable"),
        (dt.date(2022, 6, 5), "amount_unreadable"),
        ("-30000.00", "amount_negative"),
        ("－５", "amount_negative"),
        (-0.5, "amount_negative"),
        ("100000000000", "amount_too_large"),
    ],
)
def test_it_refuses_what_is_no_amount(cell, code):
    assert problem_of(cells.amount, cell) == code


VALID = number("19800501", 2)


@pytest.mark.parametrize(
    "cell",
    [
        VALID,
        f" {VALID[:6]} {VALID[6:14]}　{VALID[14:]} ",
        f"{VALID[:6]}\u200b{VALID[6:]}\ufeff",
        "".join(chr(ord(character) + 0xFEE0) for character in VALID),
        f"'{VALID}",
        f'="{VALID}"',
        f"\t{VALID}",
    ],
)
def test_it_understands_a_number_with_blanks_or_full_width(cell):
    assert cells.identity(cell) == VALID


def test_it_understands_a_lower_case_x():
    with_x = next(found for sequence in range(1, 99) if (found := number("19800501", sequence)).endswith("X"))
    assert cells.identity(with_x.lower()) == with_x


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (VALID[:17] + ("0" if VALID[17] != "0" else "1"), "check_digit"),
        (VALID[:17], "identity_length"),
        (f"{VALID}0", "identity_length"),
        ("420599800501001", "identity_15_digits"),
        (f"{VALID[:16]}AB", "identity_characters"),
        (number("19801301", 2), "identity_birth_date"),
        (number("20990101", 2), "identity_birth_date"),
        (number("18000101", 2), "identity_birth_date"),
        ("4.20599E+17", "stored_as_number"),
        (4.20599198005010e17, "stored_as_number"),
        (420599198005010021, "stored_as_number"),
    ],
)
def test_it_never_guesses_an_identity_number(cell, code):
    assert problem_of(cells.identity, cell) == code


@pytest.mark.parametrize("cell", [4.20527103204e17, "4.20527E+17"])
def test_it_never_guesses_a_household_code(cell):
    assert problem_of(cells.household_code, cell) == "stored_as_number"


def test_it_keeps_text_that_looks_like_a_formula():
    assert cells.text(60)("=1+1") == "=1+1"
    assert cells.text(60)("'=1+1") == "=1+1"


@pytest.mark.parametrize(
    ("cell", "value"), [("张　三", "张三"), ("郝福贵 ", "郝福贵"), ("买买提•阿里", "买买提·阿里")]
)
def test_it_reads_a_name_without_its_blanks(cell, value):
    assert cells.name(cell) == value


@pytest.mark.parametrize("cell", ["a\0b", "a\x07b", "a\ud800b"])
def test_it_drops_what_no_database_can_hold(cell):
    assert cells.text(60)(cell) == "ab"


@pytest.mark.parametrize("cell", ["", " ", "\u00a0\u3000", "\u200b\ufeff", "\0", "\t\n"])
def test_it_sees_a_blank_where_nothing_can_be_seen(cell):
    assert cells.is_blank(cell)
