"""The files of a month in any order, in pieces, and twice: one digest.

Some sixty households of pack_a with all that is told of them, dirt included, as the files of one month.
"""

import csv
import datetime as dt
import io
import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from households.imports.services import commit_import, receive_file, stage_import
from households.models import Area, ImportState, Level
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from tests.packs.conftest import PACK_A
from tests.packs.oracle import rows_of, squeeze

pytestmark = pytest.mark.django_db

JUNE = dt.date(2022, 6, 1)
REGISTER = ("户信息.csv", "家庭成员.xlsx", "收入台账.csv")
LISTS = tuple(sorted(f"部门/{path.name}" for path in (PACK_A / "部门").iterdir()))
# Every so-many-th household besides those whom a department names.
EVERY = 60
# Of each list.
MOST_NAMED = 6
TOWNSHIP = "420527103"


@dataclass(frozen=True)
class File:
    """A file as text: what stands above its rows, header included, and the rows."""

    name: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def content(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([*self.head, *self.rows])
        return text.getvalue().encode("utf-8-sig")

    def pieces(self, count: int) -> list["File"]:
        step = -(-len(self.rows) // count) or 1
        return [
            File(self.name, self.head, self.rows[start : start + step])
            for start in range(0, len(self.rows) or 1, step)
        ]


def _read(name: str) -> File:
    rows = [tuple(_text(cell) for cell in row) for row in rows_of(PACK_A / name)]
    top = next(n for n, row in enumerate(rows) if {"户编号", "身份证号", "残疾证号"} & {squeeze(c) for c in row})
    return File(f"{Path(name).stem}.csv", tuple(rows[: top + 1]), tuple(rows[top + 1 :]))


def _text(cell: object) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _column(file: File, *names: str) -> int:
    header = [squeeze(cell) for cell in file.head[-1]]
    return next(header.index(name) for name in names if name in header)


def _kept(file: File, column: int, values: set[str], length: int = 99) -> File:
    return File(file.name, file.head, tuple(r for r in file.rows if squeeze(r[column])[:length] in values))


@pytest.fixture(scope="module")
def month() -> list[File]:
    """The files of a month, cut down."""
    households, members, ledger = (_read(name) for name in REGISTER)
    lists = [_read(name) for name in LISTS]
    number, of = _column(members, "证件号码"), _column(members, "户编号")
    household_of = {squeeze(row[number]): squeeze(row[of]) for row in members.rows}
    chosen = _of_twice(members, number, of)
    for file in lists:
        column = _column(file, "身份证号", "残疾证号")
        named = (household_of.get(squeeze(row[column])[:18]) for row in file.rows)
        chosen += [household for household in named if household][:MOST_NAMED]
    code = _column(households, "户编号")
    codes = {*chosen, *(squeeze(row[code]) for row in households.rows[::EVERY])} - {""}
    members = _kept(members, of, codes)
    numbers = {squeeze(row[number]) for row in members.rows} - {""}
    return [
        _kept(households, code, codes),
        members,
        _kept(ledger, _column(ledger, "户编号"), codes),
        *(_kept(file, _column(file, "身份证号", "残疾证号"), numbers, 18) for file in lists),
    ]


def _of_twice(members: File, number: int, of: int) -> list[str]:
    """Households of which a person, or the number of a person, stands in the export twice."""
    twice = []
    for column in (_column(members, "人口编号"), number):
        seen: dict[str, str] = {}
        for row in members.rows:
            value = squeeze(row[column])
            if value in seen and value:
                twice += [squeeze(row[of]), seen[value]]
            seen[value] = squeeze(row[of])
    return twice


def _judge(files: list[File], *, partial: bool) -> tuple[JudgmentRun, set]:
    """The run of June when these files came in this order, and its findings; nothing of it is kept."""
    with transaction.atomic():
        for file in files:
            row = receive_file(name=file.name, content=file.content, by=None, partial=partial)
            assert stage_import(row.pk) == ImportState.STAGED
            commit_import(row.pk, by=None)
        # All villages of the pack lie in one township; the others need not be asked.
        Area.objects.filter(level=Level.TOWNSHIP).exclude(code=TOWNSHIP).update(level=Level.PREFECTURE)
        run = open_run(month=JUNE)
        work_run(run.pk)
        run.refresh_from_db()
        lines = run.findings.values_list("household__code", "village", "rule", "level", "values")
        found = {(*line, str(sorted(values.items()))) for *line, values in lines}
        transaction.set_rollback(True)
    return run, found


@pytest.fixture(scope="module")
def expected(month, django_db_setup, django_db_blocker) -> tuple[JudgmentRun, set]:
    """The files whole, in the order of the manual."""
    with django_db_blocker.unblock(), transaction.atomic():
        run, found = _judge(month, partial=False)
        transaction.set_rollback(True)
    return run, found


def _assert_same(got: tuple[JudgmentRun, set], expected: tuple[JudgmentRun, set]) -> None:
    (run, found), (whole, was) = got, expected
    assert (was - found, found - was) == (set(), set())
    assert run.digest == whole.digest
    assert run.missing_lists == whole.missing_lists


def test_the_month_says_something_of_nearly_every_kind(month, expected):
    run, found = expected
    assert run.missing_lists == []
    assert len({rule for _code, _village, rule, *_rest in found}) >= 15
    assert all(file.rows for file in month)


def test_every_file_twice(month, expected):
    _assert_same(_judge([*month, *month], partial=False), expected)


def test_lists_first_and_the_register_last(month, expected):
    _assert_same(_judge(month[::-1], partial=False), expected)


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 10**6))
@example(seed=9)
def test_in_pieces_in_any_order_and_some_twice(month, expected, seed):
    chosen = random.Random(seed)
    pieces = [piece for file in month for piece in file.pieces(chosen.randint(1, 3))]
    pieces += chosen.sample(pieces, 3)
    chosen.shuffle(pieces)
    _assert_same(_judge(pieces, partial=True), expected)
