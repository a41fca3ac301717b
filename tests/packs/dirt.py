"""Rows of a generated pack, soiled as real ones are, and written as a county receives them."""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
CSV_FILES = {"户信息": "户信息.csv", "收入台账": "收入台账.csv", "医保": "部门/医保_202206.csv"}
# Of a hundred rows.
SOILED = 12


@dataclass
class Sheet:
    name: str
    columns: list[str]
    rows: list[dict] = field(default_factory=list)


Spoil = Callable[[str, random.Random], object]


def _wrong_check_digit(number: str, _chance: random.Random) -> str:
    return number[:17] + ("1" if number[17] != "1" else "2") + number[18:]


def _blanks(text: str, chance: random.Random) -> str:
    cut = chance.randint(1, max(1, len(text) - 1))
    return f" {text[:cut]}{chance.choice([chr(0xA0), chr(0x3000), ' '])}{text[cut:]}"


# What becomes of a number, a figure, a day, a month or a word. Some can still be understood, some cannot.
NUMBER: list[Spoil] = [
    lambda _text, _chance: "",
    lambda text, _chance: text[:6] + text[8:17],
    _wrong_check_digit,
    lambda text, _chance: text.lower(),
    lambda text, _chance: text.translate(FULL_WIDTH),
    _blanks,
    lambda _text, _chance: float(420599198001010000),
    lambda _text, _chance: "4.20599E+17",
    lambda text, _chance: text[:-1],
]
FIGURE: list[Spoil] = [
    lambda text, _chance: f"{Decimal(text or 0):,}",
    lambda text, _chance: text.translate(FULL_WIDTH),
    lambda _text, _chance: "3千多",
    lambda text, _chance: f"-{text or 5}",
    lambda _text, _chance: "",
    lambda text, chance: _blanks(text, chance),
]
WHOLE: list[Spoil] = [
    lambda _text, _chance: "若干",
    lambda text, _chance: text.translate(FULL_WIDTH),
    lambda _text, _chance: "-3",
]
DAY: list[Spoil] = [
    lambda _text, _chance: "2022-13-45",
    lambda _text, _chance: "不详",
    lambda _text, _chance: "",
]
MONTH: list[Spoil] = [
    lambda text, _chance: f"{text[:4]}-{text[4:]}",
    lambda text, _chance: f"{text[:4]}年{int(text[4:] or 1)}月",
    lambda text, _chance: f"{text[:4]}13",
    lambda text, _chance: f"{text[:4]}/{int(text[4:] or 1)}",
]
WORD: list[Spoil] = [lambda _text, _chance: "另一种", _blanks]
CODE: list[Spoil] = [
    lambda text, _chance: text[:-1],
    lambda text, _chance: text.translate(FULL_WIDTH),
    lambda _text, _chance: "4.20527E+17",
    lambda _text, _chance: "",
    lambda text, _chance: "420527199299" + text[12:],
]
SPOILT: dict[str, list[Spoil]] = {
    "身份证号": NUMBER, "残疾证号": NUMBER, "证件号码": NUMBER,
    "金额": FIGURE, "金额(元)": FIGURE, "损失金额(元)": FIGURE, "个人自付": FIGURE, "停水天数": WHOLE,
    "日期": DAY, "结算日期": DAY, "办证日期": DAY, "鉴定日期": DAY, "事故日期": DAY, "受灾日期": DAY,
    "出生日期": DAY, "年月": MONTH, "识别监测时间": MONTH,
    "就诊类型": WORD, "类别": WORD, "情况": WORD, "后果": WORD, "问题": WORD, "损失情况": WORD, "残疾等级": WORD,
    "鉴定等级": WORD, "户编号": CODE, "村代码": CODE[:2],
}  # fmt: skip


def write_sheets(folder: Path, sheets: dict[str, Sheet], chance: random.Random, strangers: list[str]) -> None:
    """All sheets: rows soiled and shuffled, then one file each."""
    (folder / "部门").mkdir(parents=True)
    for sheet in sheets.values():
        rows = _soiled(sheet, chance, strangers)
        path = folder / CSV_FILES.get(sheet.name, f"部门/{sheet.name}_202206.xlsx")
        if sheet.name == "家庭成员":
            path = folder / "家庭成员.xlsx"
        table = _laid_out(sheet, rows, chance)
        write = _write_csv if path.suffix == ".csv" else _write_xlsx
        write(path, table, chance)


def _soiled(sheet: Sheet, chance: random.Random, strangers: list[str]) -> list[dict]:
    """The rows with dirt: spoilt cells, the same row again in other words, people from elsewhere, two heads."""
    rows = [dict(row) for row in sheet.rows]
    soiled = [dict(chance.choice(rows)) for _again in range(max(1, len(rows) // 30))]
    for row in chance.sample(rows, max(1, len(rows) * SOILED // 100)):
        column = chance.choice([name for name in SPOILT if row.get(name)])
        value = row[column]
        said = value.isoformat() if isinstance(value, dt.date) else str(value)
        row[column] = chance.choice(SPOILT[column])(said, chance)
    if "身份证号" in sheet.columns:
        soiled += [{**chance.choice(sheet.rows), "身份证号": chance.choice(strangers)} for _stranger in range(2)]
    if sheet.name == "收入台账":
        soiled += [{**chance.choice(sheet.rows), "户编号": "420528101201000001"}]
    if sheet.name == "家庭成员":
        soiled += _odd_members(sheet.rows, chance)
    rows += soiled
    chance.shuffle(rows)
    return rows


def _odd_members(rows: list[dict], chance: random.Random) -> list[dict]:
    """A second head, somebody with the number of another, and people of a household that nobody sent."""
    second, other, elsewhere = (dict(row) for row in chance.sample(rows, 3))
    second |= {"人口编号": second["户编号"] + "81", "与户主关系": "户主", "证件号码": "", "姓名": "另一户主"}
    other |= {"人口编号": other["户编号"] + "82", "姓名": "同号人", "与户主关系": "其他"}
    elsewhere |= {
        "户编号": "420528101201000001",
        "人口编号": "42052810120100000101",
        "证件号码": "",
        "姓名": "外乡人",
    }
    return [second, other, elsewhere]


def _laid_out(sheet: Sheet, rows: list[dict], chance: random.Random) -> list[list]:
    """Titles, header with its columns in any order, rows with blank ones between, and a total."""
    columns = list(sheet.columns)
    chance.shuffle(columns)
    table: list[list] = [[f"{sheet.name}部门2022年6月筛查预警信息"], ["导出时间：2022-06-30"]][
        : chance.randint(0, 2)
    ]
    table.append(columns)
    for row in rows:
        table.append([_cell(row.get(column, ""), chance) for column in columns])
        if chance.random() < 0.03:
            table.append([])
    if chance.random() < 0.7:
        table.append(["合计", *[""] * (len(columns) - 2), f"共{len(rows)}条"])
    return table


def _cell(value: object, chance: random.Random) -> object:
    """A day in one of six styles; anything else as it is."""
    if not isinstance(value, dt.date):
        return value
    return chance.choice(
        [
            value,
            value.isoformat(),
            f"{value:%Y%m%d}",
            f"{value.year}/{value.month}/{value.day}",
            f"{value.year}年{value.month}月{value.day}日",
            f"{value:%Y.%m.%d}",
        ]
    )


def _write_csv(path: Path, table: list[list], chance: random.Random) -> None:
    encoding = chance.choice(ENCODINGS)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=chance.choice(["\n", "\r\n"])).writerows(
        [cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row] for row in table
    )
    content = text.getvalue().encode(encoding)
    if encoding != "utf-16":
        middle = content.index(b"\n", len(content) // 2)
        content = content[:middle] + b"\x00" + content[middle:]
    path.write_bytes(content)


def _write_xlsx(path: Path, table: list[list], chance: random.Random) -> None:
    book = Workbook()
    sheet = book.active
    if chance.random() < 0.5:
        sheet = book.create_sheet("数据")
    for number, row in enumerate(table, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
    book.save(path)
