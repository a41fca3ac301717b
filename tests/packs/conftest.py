"""A pack taken in by the one road of command and page, then judged."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction

from households.imports.services import commit_import, receive_file, stage_import
from households.models import Import
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run

HERE = Path(__file__).parent
PACK_A = HERE / "pack_a"
AREAS = HERE.parents[1] / "households" / "areas" / "data" / "420527.csv"
FILES = ("户信息.csv", "家庭成员.xlsx", "收入台账.csv", "部门/医保_202206.csv")


def villages() -> set[str]:
    with AREAS.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file) if row["level"] == "village"}


def take_in(path: Path) -> Import:
    received = receive_file(name=path.name, content=path.read_bytes(), by=None)
    stage_import(received.pk)
    commit_import(received.pk, by=None)
    received.refresh_from_db()
    return received


@pytest.fixture(scope="module")
def pack_a(django_db_setup, django_db_blocker):
    """The four files of pack_a imported and June 2022 judged, once for the module; rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        imports = {name: take_in(PACK_A / name) for name in FILES}
        run: JudgmentRun = open_run(month=dt.date(2022, 6, 1))
        work_run(run.pk)
        run.refresh_from_db()
        yield imports, run
        transaction.set_rollback(True)
