"""One household a gap, each otherwise complete, and one in which nothing is missing."""

import datetime as dt

import pytest

from households.models import Household
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.window import add_months
from monitoring.quality.counting import _counts_of_run
from tests import factories
from tests.conftest import VILLAGES

JUNE = dt.date(2022, 6, 1)
COMPLETE = {
    "lifted": False,
    "category": "",
    "eliminated": False,
    "house_grade": "A",
    "safe_water": True,
}
ADULT = {"schooling": "", "dropout_reason": "", "labour": "普通劳动力", "work_months": 8}


@pytest.fixture(autouse=True)
def counts_are_counted_anew():
    """Numbers of runs return when a test is rolled back and its sequence is not: nothing is kept between tests."""
    _counts_of_run.cache_clear()


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge


def complete(
    *, village: str = VILLAGES[0], months=range(24), person: dict | None = None, member=True, **fields
) -> Household:
    """A household of which everything is known; ``months``: how far back it has income lines."""
    household = factories.household(village=village, **COMPLETE | fields)
    if member:
        told = {"facts": ADULT} | (person or {})
        factories.person(household=household, is_head=True, name="周全", **told)
    for back in months:
        factories.income(household=household, amount=2000, month=add_months(JUNE, -back))
    return household


@pytest.fixture
def lists(db):
    """Every department's list of the month was received."""
    for source in (
        "medical", "education", "disability", "housing", "water", "traffic", "emergency", "civil", "employment",
    ):  # fmt: skip
        factories.batch(kind="import", source=source, month=JUNE)
