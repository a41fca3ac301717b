"""A judged village with a cluster, and the small helpers of these tests."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from households.models import Household
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from tests import factories
from tests.conftest import VILLAGES

JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge


def explain(*arguments: str, language: str = "zh-hans", **options) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("explain", *arguments, language=language, stdout=out, **options)
    return out.getvalue()


def poor_household(name: str = "望山", village: str = VILLAGES[0], **fields) -> Household:
    """Two members who live on 300 yuan a month each: below the line, whatever is known of them otherwise."""
    household = factories.household(village=village, head_name=name, members=2, **fields)
    factories.income(household=household, amount="600", month=JUNE, batch=ledger_file(), row_number=17)
    return household


def ledger_file():
    return factories.batch(kind="import", source="income", label="收入台账_2022.csv")
