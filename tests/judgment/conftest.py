"""Judging in tests: the same functions as the command, the button and beat."""

import datetime as dt

import pytest

from households.models import Area, Level
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run

JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def few_townships(db):
    """Judging goes through these townships only: a test of one household need not ask twelve."""

    def _few_townships(*codes: str) -> None:
        townships = Area.objects.filter(level=Level.TOWNSHIP)
        townships.exclude(code__in=codes).update(level=Level.PREFECTURE)

    return _few_townships


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge
