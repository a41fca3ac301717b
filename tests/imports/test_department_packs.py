"""The eight lists of pack_a, row by row: what becomes of each was written down by a person who read the files."""

import datetime as dt
from decimal import Decimal

import pytest

from households.evidence.services import lists_received
from households.models import Department, ListEntry, StagedRow
from tests.for_a_module import written_once
from tests.packs.conftest import PACK_A, take_in

pytestmark = pytest.mark.django_db
JUNE = dt.date(2022, 6, 1)
NEW, WAITING, REFUSED, REPEATED = "new", "waiting", "refused", "repeated"

# File → what becomes of each row, in order of the rows. Title, header, blank and total rows are in none of them.
EXPECTED = {
    "教育": {**dict.fromkeys(range(3, 14), NEW)},
    # Rows 11 and 12 are people from elsewhere; row 4 is the lower half of the merged header.
    "残联": {**dict.fromkeys(range(5, 16), NEW), 11: WAITING, 12: WAITING},
    # Row 9 was appraised on 2022-13-45.
    "住建": {**dict.fromkeys(range(3, 12), NEW), 9: REFUSED},
    "水利": {**dict.fromkeys(range(4, 13), NEW), 10: WAITING},
    # Row 7 holds the number as a number, row 9 none at all.
    "交警": {3: WAITING, 4: NEW, 5: NEW, 6: NEW, 7: REFUSED, 9: REFUSED},
    # The check digit of row 5 is 0, not X; row 8 lost "3千多"; row 13 says row 12 again.
    "应急": {
        **dict.fromkeys(range(3, 17), NEW),
        5: REFUSED, 8: REFUSED, 13: REPEATED, 14: WAITING, 15: WAITING,
    },
    # Row 3 has fifteen digits, row 10 got -1800; row 9 says row 5 again.
    "民政": {**dict.fromkeys(range(3, 14), NEW), 3: REFUSED, 9: REPEATED, 10: REFUSED, 12: WAITING},
    "人社": {row: NEW for row in range(4, 16) if row != 10},
}  # fmt: skip
FORMS = {
    "教育": ("education", Department.EDUCATION),
    "残联": ("disability", Department.DISABLED),
    "住建": ("housing", Department.HOUSING),
    "水利": ("water", Department.WATER),
    "交警": ("traffic", Department.TRAFFIC),
    "应急": ("emergency", Department.EMERGENCY),
    "民政": ("civil", Department.CIVIL),
    "人社": ("employment", Department.LABOUR),
}
REASONS = {
    ("住建", 9): ("鉴定日期", "date_unreadable"),
    ("交警", 7): ("身份证号", "stored_as_number"),
    ("交警", 9): ("身份证号", "missing"),
    ("应急", 5): ("身份证号", "check_digit"),
    ("应急", 8): ("损失金额", "amount_unreadable"),
    ("民政", 3): ("身份证号", "identity_15_digits"),
    ("民政", 10): ("金额", "amount_negative"),
}
# (file, row) → day, kind, grade, days, amount, detail.
STORED = {
    ("教育", 3): (8, "dropout", "", None, None, "乡中心学校"),
    ("教育", 4): (9, "dropout", "", None, None, "县职业教育中心"),
    ("教育", 9): (9, "dropout", "", None, None, "=1+1"),
    ("教育", 10): (8, "dropout", "", None, None, "乡中心学校"),
    ("残联", 5): (15, "physical", "2", None, None, ""),
    ("残联", 6): (15, "intellectual", "1", None, None, ""),
    ("残联", 8): (7, "mental", "4", None, None, ""),
    ("残联", 10): (5, "hearing", "3", None, None, ""),
    ("残联", 13): (22, "speech", "1", None, None, ""),
    ("住建", 3): (2, "appraisal", "B", None, None, ""),
    ("住建", 7): (7, "appraisal", "B", None, None, ""),
    ("住建", 8): (1, "appraisal", "C", None, None, ""),
    ("水利", 4): (5, "outage", "", 12, None, ""),
    ("水利", 6): (16, "outage", "", 42, None, ""),
    ("水利", 11): (4, "quality", "", 0, None, ""),
    ("交警", 4): (17, "minor", "", None, None, ""),
    ("交警", 5): (27, "serious", "", None, None, ""),
    ("交警", 6): (9, "death", "", None, None, ""),
    ("应急", 3): (28, "暴雨洪涝", "general", None, Decimal("17500.00"), ""),
    ("应急", 7): (27, "暴雨洪涝", "crop_lost", None, Decimal("32037.00"), ""),
    ("应急", 9): (23, "暴雨洪涝", "house_collapsed", None, Decimal("26391.00"), ""),
    ("应急", 10): (20, "暴雨洪涝", "general", None, Decimal("39807.00"), ""),
    ("民政", 4): (19, "dibao", "", None, Decimal("623.00"), ""),
    ("民政", 5): (19, "tekun", "", None, Decimal("525.00"), ""),
    ("民政", 8): (29, "relief", "", None, Decimal("1428.00"), ""),
    ("人社", 4): (3, "returned", "", None, None, ""),
    ("人社", 12): (2, "returned", "", None, None, ""),
    ("人社", 13): (11, "returned", "", None, None, ""),
}


@pytest.fixture(scope="module")
def lists(django_db_setup, django_db_blocker):
    """The register and the eight lists, once for the module; rolled back after it."""

    def _write():
        for name in ("户信息.csv", "家庭成员.xlsx"):
            take_in(PACK_A / name)
        return {name: take_in(PACK_A / "部门" / f"{name}_202206.xlsx") for name in EXPECTED}

    with written_once(django_db_blocker, _write) as lists:
        yield lists


@pytest.mark.parametrize("name", EXPECTED)
def test_the_list_is_told_by_its_header_and_belongs_to_its_department_and_month(lists, name):
    row = lists[name]
    assert (row.form, row.department) == FORMS[name]
    assert (row.month, row.batch.month, row.batch.source) == (JUNE, JUNE, row.form)
    assert lists_received(row.form, JUNE, JUNE) == {JUNE}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_becomes_what_a_person_expects_of_it(lists, name):
    rows = StagedRow.objects.filter(import_file=lists[name])
    assert dict(rows.values_list("row_number", "outcome")) == EXPECTED[name]


def test_a_refused_row_names_the_column_and_what_is_wrong_with_it(lists):
    said = {
        (name, row.row_number): tuple((reason["column"], reason["code"]) for reason in row.reasons)
        for name, source in lists.items()
        for row in source.rows.filter(outcome="refused")
    }
    assert said == {place: (reason,) for place, reason in REASONS.items()}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_went_in_is_evidence_of_the_person_with_that_number(lists, name):
    row = lists[name]
    entries = ListEntry.objects.filter(batch=row.batch, list=row.form, month=JUNE).select_related("person")

    found = {entry.row_number: entry for entry in entries}

    assert found.keys() == {number for number, outcome in EXPECTED[name].items() if outcome == NEW}
    numbers = dict(row.rows.values_list("row_number", "identity_hash"))
    assert {n for n, entry in found.items() if bytes(entry.person.identity_hash) != bytes(numbers[n])} == set()
    said = {number: said for (file, number), said in STORED.items() if file == name}
    assert said == {number: _said(found[number]) for number in said}


def _said(entry: ListEntry) -> tuple[object, ...]:
    assert (entry.happened_on.year, entry.happened_on.month) == (2022, 6)
    return entry.happened_on.day, entry.kind, entry.grade, entry.days, entry.amount, entry.detail


def test_a_name_that_is_not_the_one_in_the_register_is_the_only_doubt(lists):
    doubted = {
        (name, row.row_number): [doubt["code"] for doubt in row.doubts]
        for name, source in lists.items()
        for row in source.rows.exclude(doubts=[])
    }
    assert doubted == {}


def test_a_file_with_a_formula_says_what_is_wrong_and_nothing_goes_in(lists):
    row = take_in(PACK_A / "坏文件" / "含公式_民政_202206.xlsx")
    assert [(r.row_number, r.outcome, r.reasons[0]["code"]) for r in row.rows.all()] == [
        (2, REFUSED, "identity_15_digits")
    ]
