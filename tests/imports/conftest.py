"""Files made in the tests, and the one road by which they come in."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

import openpyxl
import pytest

from households.imports.services import commit_import, receive_file, stage_import
from households.models import Import
from households.registry.identity import check_character

VILLAGE = "420527103204"
CODE = f"{VILLAGE}000001"
CODE_2 = f"{VILLAGE}000002"
HOUSEHOLD = (
    "户编号",
    "村代码",
    "户主姓名",
    "户类型",
    "监测对象类别",
    "识别监测时间",
    "风险是否已消除",
    "联系电话",
)
MEMBER = ("户编号", "人口编号", "姓名", "证件号码", "与户主关系", "出生日期", "性别", "户主姓名", "户主证件号码")
INCOME = ("户编号", "年月", "类别", "项目", "金额")
MEDICAL = ("身份证号", "姓名", "就诊类型", "结算日期", "医疗总费用", "个人自付")


def number(born: str = "19800501", sequence: int = 1) -> str:
    """A valid identity number under the unassigned code 420599: ``number("19800501", 3)``."""
    first = f"420599{born}{sequence:03}"
    return first + check_character(first)


def as_csv(header: Sequence[str], *rows: Sequence[object], title: Sequence[str] = (), encoding="utf-8") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(
        [*([[title]] if isinstance(title, str) else [title] if title else []), header, *rows]
    )
    return buffer.getvalue().encode(encoding)


def as_xlsx(*lines: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = book.active.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def preview(content: bytes, name: str = "文件.csv", **given) -> Import:
    row = receive_file(name=name, content=content, by=given.pop("by", None), **given)
    stage_import(row.pk)
    row.refresh_from_db()
    return row


def take_in(content: bytes, name: str = "文件.csv", **given) -> Import:
    by = given.get("by")
    return commit_import(preview(content, name, **given).pk, by=by)


def outcomes(row: Import) -> dict[int, str]:
    """Row number → outcome."""
    return dict(row.rows.order_by("row_number").values_list("row_number", "outcome"))


def codes(row: Import, field: str = "reasons") -> dict[int, list[str]]:
    """Row number → the codes of its reasons (or doubts), where it has any."""
    found = row.rows.order_by("row_number").values_list("row_number", field)
    return {number: [item["code"] for item in items] for number, items in found if items}


@pytest.fixture
def county(db):
    """Two households of one village, one member each, by import."""
    take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"], [CODE_2, VILLAGE, "李四"]), as_of=dt.date(2022, 6, 30))
    take_in(
        as_csv(
            MEMBER,
            [CODE, f"{CODE}01", "张三", number("19800501", 1), "户主", "19800501", "男", "张三"],
            [CODE_2, f"{CODE_2}01", "李四", number("19900101", 3), "户主", "19900101", "男", "李四"],
        ),
        as_of=dt.date(2022, 6, 30),
    )
