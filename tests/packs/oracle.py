"""A second opinion: the files of a pack read by plain loops into plain dictionaries.

Shares nothing with the system: no reader, no parser, no SQL. Slow and simple on purpose. What it says of a pack is
what the system must say: which rows are refused, wait or repeat, and (``oracle_rules``) who fires which rule.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from python_calamine import CalamineWorkbook

FOUR = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入")
# As the header reads once full-width brackets are half-width.
RESIDENT = "是否参加新型农村合作医疗(城乡居民基本医疗保险)"
EMPLOYEE = "是否参加城镇职工基本医疗保险"
VISITS = {"住院", "门诊慢特病", "门诊统筹", "普通门诊"}
CATEGORIES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
SUMS = ("合计", "总计", "小计")


@dataclass
class Pack:
    households: dict = field(default_factory=dict)
    # 户编号 → 人口编号 → what the member export says
    members: dict = field(default_factory=lambda: defaultdict(dict))
    # identity number → (户编号, 人口编号)
    owner: dict = field(default_factory=dict)
    ledger: dict = field(default_factory=lambda: defaultdict(set))
    # (户编号, 人口编号) → bills, and rows of department lists
    bills: dict = field(default_factory=lambda: defaultdict(set))
    entries: dict = field(default_factory=lambda: defaultdict(set))
    # What was told of households and numbers that nobody knows: it waits, and is told once, too.
    strangers: dict = field(default_factory=lambda: defaultdict(set))
    # file → {row number: what became of it}
    outcome: dict = field(default_factory=lambda: defaultdict(dict))


def squeeze(cell) -> str:
    """Full-width to half-width, no blanks of any kind, no NUL."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    return re.sub(r"[\s\x00\u200b\ufeff]", "", text)


def text_of(cell) -> str:
    return "" if cell is None else str(cell).replace("\x00", "").strip()


def is_number(cell) -> bool:
    return isinstance(cell, int | float) or bool(re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", squeeze(cell)))


def identity(cell) -> str | None:
    """An 18-digit number whose date and check digit hold, else None."""
    number = squeeze(cell).upper()
    if is_number(cell) or not re.fullmatch(r"\d{17}[\dX]", number):
        return None
    total = sum(int(d) * 2 ** (17 - i) for i, d in enumerate(number[:17]))
    if "10X98765432"[total % 11] != number[17] or day(number[6:14]) is None:
        return None
    return number


def code(cell) -> str | None:
    number = squeeze(cell)
    return number if not is_number(cell) and re.fullmatch(r"\d{18}", number) else None


def day(cell) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    parts = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", squeeze(cell)) or re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", squeeze(cell)
    )
    try:
        return dt.date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def month(cell) -> dt.date | None:
    parts = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})月?", squeeze(cell))
    try:
        return dt.date(int(parts[1]), int(parts[2]), 1) if parts else None
    except ValueError:
        return None


def amount(cell) -> Fraction | None:
    figure = squeeze(cell).replace(",", "")
    return Fraction(figure) if re.fullmatch(r"\d+(\.\d+)?", figure) else None


def whole(cell) -> int | None:
    figure = squeeze(cell).removesuffix(".0")
    return int(figure) if re.fullmatch(r"\d+", figure) else None


def yes(cell) -> bool | None:
    return {"是": True, "否": False}.get(squeeze(cell))


def rows_of(path: Path) -> list[list]:
    if path.suffix == ".csv":
        raw = path.read_bytes()
        text = None
        for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
            try:
                text = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        return list(csv.reader(io.StringIO(text.replace("\x00", ""))))
    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return max(sheets, key=len)


def records(path: Path, *must: str):
    """Row number and cells by column name, below the header; blank and total rows left out."""
    rows = rows_of(path)
    top = next(i for i, row in enumerate(rows) if set(must) <= {squeeze(cell) for cell in row})
    names = [squeeze(cell).replace("(元)", "") for cell in rows[top]]
    for index in range(top + 1, len(rows)):
        cells = dict(zip(names, [*rows[index], *[""] * len(names)], strict=False))
        filled = [text_of(cell) for cell in rows[index] if text_of(cell)]
        if filled and not any(cell in SUMS for cell in filled):
            yield index + 1, cells


def read_households(pack: Pack, path: Path, villages: set[str]) -> None:
    for number, row in records(path, "户编号", "村代码"):
        key, since = code(row["户编号"]), squeeze(row["识别监测时间"])
        if not key or squeeze(row["村代码"]) not in villages or (since and month(since) is None):
            pack.outcome[path.name][number] = "refused"
        elif key in pack.households:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            grade = squeeze(row["危房等级"]).upper().removesuffix("级")
            over = squeeze(row.get("风险消除时间"))
            pack.households[key] = {
                "village": squeeze(row["村代码"]),
                "lifted": {"脱贫户": True, "一般农户": False}.get(squeeze(row["户类型"])),
                "category": {"": False, **dict.fromkeys(CATEGORIES, True)}.get(squeeze(row["监测对象类别"])),
                "since": month(since) if since else None,
                "eliminated": yes(row["风险是否已消除"]),
                "eliminated_on": month(over) if over else None,
                "grade": grade if grade in {"A", "B", "C", "D"} else None,
                "safe_water": yes(row["是否解决安全饮用水"]),
            }


def read_members(pack: Pack, path: Path) -> None:
    claims = defaultdict(list)
    for number, row in records(path, "户编号", "人口编号"):
        key, person = code(row["户编号"]), squeeze(row["人口编号"])
        found = identity(row["证件号码"])
        born = day(row["出生日期"]) if squeeze(row["出生日期"]) else found and day(found[6:14])
        if not key or (squeeze(row["出生日期"]) and born is None):
            pack.outcome[path.name][number] = "refused"
        elif key not in pack.households:
            told = pack.strangers[(key, person)]
            pack.outcome[path.name][number] = "repeated" if told else "waiting"
            told.add(person)
        elif person in pack.members[key]:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            pack.members[key][person] = {
                "born": born,
                "cover": tuple(yes(row[name]) for name in (RESIDENT, EMPLOYEE)),
                "relation": squeeze(row["与户主关系"]),
                "school": squeeze(row["在校生状况"]),
                "dropout": squeeze(row["失学或辍学原因"]),
                "labour": squeeze(row["劳动技能"]),
                "worked": whole(row["务工时间(月)"]),
            }
            if found:
                claims[found].append((day(found[6:14]) != born, number, key, person))
    for found, claimants in claims.items():
        _disagrees, _number, key, person = min(claimants)
        pack.owner[found] = (key, person)


def read_ledger(pack: Pack, path: Path) -> None:
    for number, row in records(path, "户编号", "年月", "类别"):
        key, when, figure, kind = (
            code(row["户编号"]),
            month(row["年月"]),
            amount(row["金额"]),
            squeeze(row["类别"]),
        )
        line = (when, kind, text_of(row["项目"]), figure)
        if not key or when is None or figure is None or kind not in (*FOUR, "生产经营性支出", "理赔收入"):
            pack.outcome[path.name][number] = "refused"
        elif key not in pack.households:
            pack.outcome[path.name][number] = "repeated" if line in pack.strangers[key] else "waiting"
            pack.strangers[key].add(line)
        elif line in pack.ledger[key]:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            pack.ledger[key].add(line)


def read_bills(pack: Pack, path: Path) -> None:
    for number, row in records(path, "身份证号", "个人自付"):
        found, when, paid = identity(row["身份证号"]), day(row["结算日期"]), amount(row["个人自付"])
        bill = (when, squeeze(row["就诊类型"]), amount(row["医疗总费用"]), paid)
        if not found or when is None or paid is None or bill[1] not in VISITS:
            pack.outcome[path.name][number] = "refused"
        else:
            place(pack, pack.bills, path.name, number, found, bill)


def place(pack: Pack, shelf: dict, file: str, number: int, found: str, line: tuple) -> None:
    """A readable row about a number: a stranger's waits, the same one twice is told once."""
    told = pack.outcome[file]
    if found not in pack.owner:
        known = pack.strangers[(file, found)]
        told[number] = "repeated" if line in known else "waiting"
        known.add(line)
    elif line in shelf[pack.owner[found]]:
        told[number] = "repeated"
    else:
        told[number] = "new"
        shelf[pack.owner[found]].add(line)


def read_pack(folder: Path, villages: set[str]) -> Pack:
    pack = Pack()
    read_households(pack, folder / "户信息.csv", villages)
    read_members(pack, folder / "家庭成员.xlsx")
    read_ledger(pack, folder / "收入台账.csv")
    read_bills(pack, next((folder / "部门").glob("医保_*.csv")))
    return pack
