"""A second opinion: the four files of a pack judged by plain loops over plain dictionaries.

Shares nothing with the system: no reader, no parser, no SQL. Slow and simple on purpose. What it says of a pack
is what the system must say: who fires which rule, with which figures, and which rows are refused.
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


@dataclass
class Pack:
    households: dict = field(default_factory=dict)
    members: dict = field(default_factory=lambda: defaultdict(dict))
    owner: dict = field(default_factory=dict)
    ledger: dict = field(default_factory=lambda: defaultdict(set))
    bills: dict = field(default_factory=lambda: defaultdict(set))
    # file → {row number: what became of it}
    outcome: dict = field(default_factory=lambda: defaultdict(dict))


def squeeze(cell) -> str:
    """Full-width to half-width, no blanks of any kind."""
    text = unicodedata.normalize("NFKC", "" if cell is None else str(cell))
    return re.sub(r"[\s\u200b\ufeff]", "", text)


def text_of(cell) -> str:
    return "" if cell is None else str(cell).replace("\x00", "").strip()


def is_number(cell) -> bool:
    return isinstance(cell, int | float) or bool(re.fullmatch(r"\d\.\d+[eE]\+\d+", squeeze(cell)))


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


def rows_of(path: Path) -> list[list]:
    if path.suffix == ".csv":
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        return list(csv.reader(io.StringIO(text.replace("\x00", ""))))
    book = CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return max(sheets, key=len)


def records(path: Path, *must: str):
    """Row number and cells by column name, below the header; blank and total rows left out."""
    rows = rows_of(path)
    top = next(i for i, row in enumerate(rows) if set(must) <= {squeeze(cell) for cell in row})
    names = [squeeze(cell) for cell in rows[top]]
    for index in range(top + 1, len(rows)):
        cells = dict(zip(names, [*rows[index], *[""] * len(names)], strict=False))
        filled = [text_of(cell) for cell in rows[index] if text_of(cell)]
        if filled and not any(cell in ("合计", "总计", "小计") for cell in filled):
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
            pack.households[key] = {
                "lifted": text_of(row["户类型"]) == "脱贫户",
                "category": text_of(row["监测对象类别"]),
                "since": month(since) if since else None,
                "eliminated": text_of(row["风险是否已消除"]) == "是",
            }


def read_members(pack: Pack, path: Path) -> None:
    claims = defaultdict(list)
    for number, row in records(path, "户编号", "人口编号"):
        key, born, person = code(row["户编号"]), day(row["出生日期"]), squeeze(row["人口编号"])
        if not key or born is None:
            pack.outcome[path.name][number] = "refused"
        elif key not in pack.households:
            pack.outcome[path.name][number] = "waiting"
        elif person in pack.members[key]:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            cover = tuple(text_of(row[name]) for name in (RESIDENT, EMPLOYEE))
            pack.members[key][person] = {"born": born, "cover": cover}
            if found := identity(row["证件号码"]):
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
            text_of(row["类别"]),
        )
        line = (when, kind, text_of(row["项目"]), figure)
        if not key or when is None or figure is None or kind not in (*FOUR, "生产经营性支出", "理赔收入"):
            pack.outcome[path.name][number] = "refused"
        elif key not in pack.households:
            pack.outcome[path.name][number] = "waiting"
        elif line in pack.ledger[key]:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            pack.ledger[key].add(line)


def read_bills(pack: Pack, path: Path) -> None:
    for number, row in records(path, "身份证号", "个人自付"):
        found, when, paid = identity(row["身份证号"]), day(row["结算日期"]), amount(row["个人自付"])
        bill = (when, text_of(row["就诊类型"]), amount(row["医疗总费用"]), paid)
        if not found or when is None or paid is None or bill[1] not in VISITS:
            pack.outcome[path.name][number] = "refused"
        elif found not in pack.owner:
            pack.outcome[path.name][number] = "waiting"
        elif bill in pack.bills[pack.owner[found]]:
            pack.outcome[path.name][number] = "repeated"
        else:
            pack.outcome[path.name][number] = "new"
            pack.bills[pack.owner[found]].add(bill)


def read_pack(folder: Path, villages: set[str]) -> Pack:
    pack = Pack()
    read_households(pack, folder / "户信息.csv", villages)
    read_members(pack, folder / "家庭成员.xlsx")
    read_ledger(pack, folder / "收入台账.csv")
    read_bills(pack, next((folder / "部门").glob("医保_*.csv")))
    return pack


def net_of(lines: set, start: dt.date, end: dt.date) -> Fraction | None:
    counted = [line for line in lines if start <= line[0] <= end and line[1] != "理赔收入"]
    if not counted:
        return None
    return sum((-figure if kind == "生产经营性支出" else figure for _m, kind, _i, figure in counted), Fraction(0))


def judge(pack: Pack, line: int, end: dt.date) -> dict[str, dict]:
    """户编号 → {"net", "members", "rules": {rule: level}} for the month that ends on ``end``."""
    first = end.replace(day=1)
    start = dt.date(first.year - 1, first.month, 1) + dt.timedelta(days=31)
    start = start.replace(day=1)
    before = (start - dt.timedelta(days=1)).replace(day=1)
    previous = (before.replace(year=before.year - 1) + dt.timedelta(days=31)).replace(day=1)
    verdicts = {}
    for key, house in pack.households.items():
        people = {p: m for p, m in pack.members[key].items() if m["born"] <= end}
        net = net_of(pack.ledger[key], start, first)
        earlier = net_of(pack.ledger[key], previous, before)
        verdicts[key] = {"net": net, "previous": earlier, "members": len(people) or None, "rules": {}}
        rules = verdicts[key]["rules"]
        bills = [(p, *bill) for p in people for bill in pack.bills[(key, p)]]
        _income(rules, net, earlier, len(people), line, bills, start, end)
        _medical(rules, house, people, bills, first, end)
        if any(member["cover"] == ("否", "否") for member in people.values()):
            rules["MED09"] = "yellow"
    return verdicts


def _income(rules, net, earlier, members, line, bills, start, end) -> None:
    if net is not None and members:
        paid = sum((bill[4] for bill in bills if start <= bill[1] <= end), Fraction(0))
        if net / members < line:
            rules["INC01"] = "red" if net / members < line * Fraction(8, 10) else "yellow"
        elif (net - paid) / members < line:
            rules["INC02"] = "yellow"
    if net is not None and earlier is not None and earlier > 0 and net <= earlier * Fraction(7, 10):
        rules["INC03"] = "yellow"


def _medical(rules, house, people, bills, first, end) -> None:
    monitored = bool(house["category"]) and (house["since"] is None or house["since"] <= end)
    still = monitored and not house["eliminated"]
    stays = [bill for bill in bills if bill[2] == "住院"]
    year = max(
        (
            sum((b[4] for b in stays if b[0] == p and dt.date(end.year, 1, 1) <= b[1] <= end), Fraction(0))
            for p in people
        ),
        default=Fraction(0),
    )
    largest = max((b[4] for b in stays if first <= b[1] <= end), default=Fraction(0))
    if house["lifted"] or monitored:
        if year >= 5000:
            rules["MED01"] = "yellow"
    elif year >= 20000:
        rules["MED02"] = "red"
    if largest > (6000 if still else 10000):
        rules["MED07"] = "yellow"
