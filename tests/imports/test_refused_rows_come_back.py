"""Refused rows come back as the same file with an error column, and can be put in once they are corrected."""

import csv
import io

import openpyxl
import pytest

from households.imports.returning import refused_rows_file
from households.models import IncomeLine
from tests.imports.conftest import CODE, INCOME, as_csv, as_xlsx, outcomes, take_in

pytestmark = pytest.mark.django_db
GOOD = [CODE, "202206", "工资性收入", "务工", "100"]
BAD = [CODE, "202206", "工资性收入", "=HYPERLINK(1)", "约八千元"]
NEGATIVE = [CODE, "202206", "工资性收入", "务工", "-5"]


@pytest.fixture(autouse=True)
def register(county):
    """Lines need households."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_comes_back_in_its_encoding_with_title_and_reasons(encoding):
    name, content = refused_rows_file(
        take_in(as_csv(INCOME, GOOD, BAD, NEGATIVE, title="收入台账", encoding=encoding), "台账.csv")
    )

    lines = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    assert name == "台账_拒收.csv"
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert lines[0] == ["收入台账"]
    assert lines[1] == [*INCOME, "错误原因"]
    assert [line[4] for line in lines[2:]] == ["约八千元", "-5"]
    assert all("金额" in line[5] for line in lines[2:])


def test_no_spreadsheet_runs_what_looks_like_a_formula():
    _name, content = refused_rows_file(take_in(as_csv(INCOME, BAD)))
    assert "'=HYPERLINK(1)" in content.decode()

    _name, content = refused_rows_file(take_in(as_xlsx(INCOME, BAD), "台账.xlsx"))
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["D2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_spreadsheet_comes_back_as_one_of_text_cells():
    number = 420527103204000001
    name, content = refused_rows_file(
        take_in(as_xlsx(["标题"], INCOME, GOOD, [number, 202206, "工资性收入", "务工", 5.5]), "台账.xlsx")
    )
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert name == "台账_拒收.xlsx"
    assert rows[1] == (*INCOME, "错误原因")
    assert rows[2][1:5] == ("202206", "工资性收入", "务工", "5.5")
    assert len(rows) == 3


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_corrected_file_goes_in(suffix):
    make = as_csv if suffix == "csv" else as_xlsx
    _name, content = refused_rows_file(take_in(make(INCOME, BAD), f"台账.{suffix}"))
    if suffix == "csv":
        corrected = content.replace("约八千元".encode(), b"8000")
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.active["E2"] = "8000"
        buffer = io.BytesIO()
        book.save(buffer)
        corrected = buffer.getvalue()

    found = take_in(corrected, f"台账.{suffix}")

    assert outcomes(found) == {2: "new"}
    assert IncomeLine.objects.get().item == "=HYPERLINK(1)"


def test_a_file_returned_twice_has_one_column_of_reasons():
    _name, content = refused_rows_file(take_in(as_csv(INCOME, BAD)))
    _name, content = refused_rows_file(take_in(content, "台账_拒收.csv"))
    assert content.decode().count("错误原因") == 1
