"""A member export of 100,000 rows and 47 columns: received, read and matched, put into the register."""

import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from households.imports.readers import READERS
from households.imports.services import commit_import, receive_file, stage_import
from households.models import BatchKind, EvidenceBatch, Household, Person
from tests.bench.report import Table
from tests.judgment.county import make_county

ROWS, MEMBERS = 100_000, 3
COLUMNS = 47
WEIGHTS = [2**power % 11 for power in range(17, 0, -1)]


def _identity(number: int, born: dt.date) -> str:
    """A number under 420599, a code that is not assigned."""
    digits = f"420599{born:%Y%m%d}{number % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def _rows(households: list[str]) -> Iterator[dict[str, str]]:
    for number in range(ROWS):
        # A thousand people a birthday: no number twice.
        born = dt.date(1930, 1, 1) + dt.timedelta(days=number // 1000 * 37)
        yield {
            "户编号": households[number // MEMBERS],
            "人口编号": f"{households[number // MEMBERS]}{number % MEMBERS + 51:02}",
            "姓名": f"测{number % 977}",
            "证件号码": _identity(number, born),
            "与户主关系": "户主" if number % MEMBERS == 0 else "其他",
            "出生日期": f"{born:%Y-%m-%d}",
            "性别": "男" if number % 2 else "女",
            "劳动技能": "普通劳动力",
            "健康状况": "健康",
        }


def write_export(path: Path, households: list[str]) -> None:
    """The file as the national system exports it: every column of the form, most of them filled."""
    titles = [column.title for column in READERS["member"].columns]
    titles += [f"其他{index}" for index in range(COLUMNS - len(titles))]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("家庭成员")
    sheet.append(titles)
    for row in _rows(households):
        sheet.append([row.get(title, "否" if title.startswith("是否") else "") for title in titles])
    book.save(path)


def measure(register: int) -> Iterator[Table]:
    """With so many persons in the register already."""
    batch = EvidenceBatch.objects.create(kind=BatchKind.DESK)
    # Whole households beside the new ones: the file speaks of those that have no members yet.
    make_county(households=(register + ROWS) // MEMBERS + 1, batch_id=batch.pk)
    codes = list(Household.objects.order_by("-id").values_list("code", flat=True)[: ROWS // MEMBERS + 1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "家庭成员.xlsx"
        write_export(path, codes)
        content = path.read_bytes()
    table = Table(
        f"Import of {ROWS:,} members × {COLUMNS} columns, {Person.objects.count():,} persons known", "", "s"
    )
    total = 0.0
    started = time.perf_counter()
    row = receive_file(name="家庭成员.xlsx", content=content, partial=True, by=None)
    for step, work in (
        ("received", lambda: None),
        ("read and matched", lambda: stage_import(row.pk)),
        ("put into the register", lambda: commit_import(row.pk, by=None)),
    ):
        work()
        took = time.perf_counter() - started - total
        total += took
        table.add(step, f"{took:.1f}")
    table.add("in all", f"{total:.1f}")
    row.refresh_from_db()
    table.add("rows new", str(row.rows.filter(outcome="new").count()))
    yield table
