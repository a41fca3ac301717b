"""Judging in tests: the same functions as the command, the button and beat."""

import datetime as dt

import pytest

from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run

JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge
