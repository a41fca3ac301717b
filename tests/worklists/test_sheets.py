"""Spreadsheets of text: what goes in comes out, and memory does not grow with the rows."""

import tracemalloc
from io import BytesIO
from tempfile import TemporaryFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from households import sheets
from households.sheets import write_text_sheet

ODD = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "420527103204000001",
    "001",
    "2022-06",
    "a<b>&\"'",
    " 空格 ",
    "一\n二",
    "_x0041_",
    "",
    "1e5",
]


def _written(rows, **more) -> BytesIO:
    file = BytesIO()
    write_text_sheet(file, **({"title": "表", "head": [["列"]], "widths": [8], "rows": rows} | more))
    file.seek(0)
    return file


def test_whatever_is_written_is_read_back_as_text():
    rows = CalamineWorkbook.from_filelike(_written([ODD, ODD[::-1]])).get_sheet_by_index(0).to_python()

    assert rows[1:] == [ODD, ODD[::-1]]


def test_no_cell_is_a_formula_or_a_number():
    cells = [
        cell for row in openpyxl.load_workbook(_written([ODD])).active.iter_rows() for cell in row if cell.value
    ]

    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}


def test_what_no_spreadsheet_can_hold_is_left_out():
    (row,) = (
        CalamineWorkbook.from_filelike(_written([["a\x00b\x0bc\ufffe"]])).get_sheet_by_index(0).to_python()[1:]
    )

    assert row == ["abc"]


@pytest.mark.parametrize("title", ["预警/列表", "[x]:*?\\", "长" * 40])
def test_a_title_that_is_no_name_of_a_sheet_becomes_one(title):
    (name,) = CalamineWorkbook.from_filelike(_written([], title=title)).sheet_names

    assert 0 < len(name) <= 31


def test_it_says_how_many_rows_and_refuses_more_than_fit(monkeypatch):
    monkeypatch.setattr(sheets, "ROWS_AT_MOST", 3)

    assert write_text_sheet(BytesIO(), title="表", head=[["列"]], widths=[8], rows=[["1"], ["2"]]) == 2
    with pytest.raises(ValueError, match="more rows"):
        _written([["1"], ["2"], ["3"]])


def test_memory_stays_flat():
    tracemalloc.start()
    try:
        with TemporaryFile() as file:
            rows = ([str(number), "王守田", "人均纯收入低于监测范围"] for number in range(40_000))
            write_text_sheet(file, title="表", head=[["一", "二", "三"]], widths=[8, 8, 8], rows=rows)
            assert file.tell() > 100_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 3_000_000
