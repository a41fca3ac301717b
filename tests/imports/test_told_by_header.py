"""A form is told by its header, wherever it stands and however the file is written."""

import datetime as dt
import io

import openpyxl
import pytest

from households.imports.services import receive_file
from households.models import IncomeLine
from tests.imports.conftest import (
    CODE,
    HOUSEHOLD,
    INCOME,
    MEDICAL,
    as_csv,
    as_xlsx,
    number,
    outcomes,
    preview,
    take_in,
)

pytestmark = pytest.mark.django_db
LINE = [CODE, "202206", "工资性收入", "务工", "100"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (HOUSEHOLD, "household"),
        (("姓名", "证件号码", "户编号", "与户主关系"), "member"),
        (tuple(reversed(INCOME)), "income"),
        (MEDICAL, "medical"),
        (("身份证号", "就诊类型", "结算日期", "个人自付（元）", "没人要的列"), "medical"),
        (("\ufeff户 编 号", "年\n月", "*类别", "项目", "金额(元)"), "income"),
    ],
)
def test_it_tells_the_form_by_the_header(header, kind):
    row = receive_file(
        name="无题.csv", content=as_csv(header, ["1"] * len(header)), by=None, month=dt.date(2022, 6, 1)
    )
    assert row.form == kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_it_reads_a_text_file_however_it_was_saved(county, encoding, newline, delimiter):
    text = newline.join(delimiter.join(line) for line in (INCOME, LINE)) + newline
    row = take_in(text.encode(encoding))
    assert outcomes(row) == {2: "new"}
    assert IncomeLine.objects.get().item == "务工"


@pytest.mark.parametrize("above", [0, 1, 2, 7, 25])
def test_it_finds_the_header_below_titles_and_blank_rows(county, above):
    titles = [["秭归县收入台账", "", ""], *[[""] * 5] * 30][:above]
    row = take_in(as_xlsx(*titles, INCOME, LINE), "台账.xlsx")
    assert outcomes(row) == {above + 2: "new"}
    assert row.skipped_rows == above + 1


def test_it_reads_the_second_sheet_when_the_first_is_empty(county):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(INCOME, LINE)))
    book.create_sheet("空", 0)
    buffer = io.BytesIO()
    book.save(buffer)
    assert outcomes(take_in(buffer.getvalue(), "台账.xlsx")) == {2: "new"}


def test_it_reads_a_header_of_two_merged_rows(county):
    book = openpyxl.load_workbook(
        io.BytesIO(as_xlsx(["户编号", "年月", "收支", "", ""], ["", "", "类别", "项目", "金额"], LINE))
    )
    book.active.merge_cells("C1:E1")
    for column in "AB":
        book.active.merge_cells(f"{column}1:{column}2")
    buffer = io.BytesIO()
    book.save(buffer)
    assert outcomes(take_in(buffer.getvalue(), "台账.xlsx")) == {3: "new"}


def test_it_counts_title_blank_total_and_footnote_rows_as_no_records(county):
    row = take_in(
        as_csv(
            INCOME,
            LINE,
            [""] * 5,
            ["合计", "", "", "", "100"],
            ["", "", "", "", "共1条"],
            ["填表人：某人"],
            title="标题",
        )
    )
    assert outcomes(row) == {3: "new"}
    assert row.skipped_rows == 6


def test_it_refuses_a_row_without_a_key_that_says_no_total(county):
    assert outcomes(take_in(as_csv(INCOME, ["", *LINE[1:]]))) == {2: "refused"}


def test_it_refuses_a_row_that_a_comma_has_shifted(county):
    """25,000.00 without quotes: the amount would be 25, and nobody would notice."""
    content = "\n".join([",".join(INCOME), f"{CODE},202206,工资性收入,务工,25,000.00"]).encode()
    assert outcomes(take_in(content)) == {2: "refused"}
    assert not IncomeLine.objects.exists()


@pytest.mark.parametrize(
    ("title", "name", "given", "month"),
    [
        ("2022年6月高额费用清单", "医保_202205.csv", None, "2022-06"),
        ("", "医保_202205.csv", None, "2022-05"),
        ("", "2022年4月.csv", None, "2022-04"),
        ("", "医保.csv", None, "2022-03"),
        ("2022年6月高额费用清单", "医保_202205.csv", dt.date(2022, 1, 1), "2022-01"),
    ],
)
def test_it_knows_the_month_of_a_list(county, title, name, given, month):
    bill = [number("19800501", 1), "张三", "住院", "2022-03-09", "2000", "100"]
    row = take_in(as_csv(MEDICAL, bill, title=title), name, month=given)
    assert f"{row.month:%Y-%m}" == f"{row.batch.month:%Y-%m}" == month


@pytest.mark.parametrize(
    ("title", "name", "day"),
    [
        ("导出时间：2022-06-28", "户信息_202205.csv", dt.date(2022, 6, 28)),
        ("", "户信息_202205.csv", dt.date(2022, 5, 31)),
        ("截至2022年4月30日农户信息", "户信息.csv", dt.date(2022, 4, 30)),
    ],
)
def test_it_knows_the_day_of_an_export(title, name, day):
    row = preview(as_csv(HOUSEHOLD, [CODE, CODE[:12], "张三"], title=title), name)
    assert row.as_of == day


def test_a_list_that_was_received_and_is_empty_says_so(county):
    row = take_in(as_csv(MEDICAL), "医保_202206.csv")
    assert outcomes(row) == {}
    assert row.batch.month == dt.date(2022, 6, 1)


def test_it_refuses_an_empty_list_of_no_month():
    row = preview(as_csv(MEDICAL), "医保.csv")
    assert (row.state, row.problem) == ("failed", "month_unknown")
