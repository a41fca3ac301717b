"""A pack taken in by the one road of command and page, then judged."""

import csv
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from households.imports.services import commit_import, receive_file, stage_import
from households.models import Import
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from tests.for_a_module import written_once

HERE = Path(__file__).parent
PACK_A = HERE / "pack_a"
AREAS = HERE.parents[1] / "households" / "areas" / "data" / "420527.csv"
REGISTER = ("户信息.csv", "家庭成员.xlsx", "收入台账.csv")
JUNE = dt.date(2022, 6, 1)


def files_of(folder: Path) -> tuple[str, ...]:
    """The twelve files of a pack, those first that others refer to."""
    return (*REGISTER, *sorted(f"部门/{path.name}" for path in (folder / "部门").iterdir()))


FILES = files_of(PACK_A)


def villages() -> set[str]:
    with AREAS.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file) if row["level"] == "village"}


def take_in(path: Path) -> Import:
    received = receive_file(name=path.name, content=path.read_bytes(), by=None)
    stage_import(received.pk)
    commit_import(received.pk, by=None)
    received.refresh_from_db()
    return received


def judge_june() -> JudgmentRun:
    run = open_run(month=JUNE)
    work_run(run.pk)
    run.refresh_from_db()
    return run


Taken = tuple[dict[str, Import], JudgmentRun]


@contextmanager
def judged(folder: Path, blocker) -> Iterator[Taken]:
    """The twelve files of a pack imported and June 2022 judged; rolled back after it."""
    with written_once(
        blocker, lambda: ({name: take_in(folder / name) for name in files_of(folder)}, judge_june())
    ) as taken:
        yield taken


@pytest.fixture(scope="module")
def pack_a(django_db_setup, django_db_blocker) -> Iterator[Taken]:
    with judged(PACK_A, django_db_blocker) as taken:
        yield taken
