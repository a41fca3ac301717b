"""A small county on both sides of several lines, judged, and the same month judged by another value."""

import datetime as dt

import pytest

from households.models import Threshold
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.window import add_months
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

JUNE = dt.date(2022, 6, 1)


@pytest.fixture
def judge(db):
    def _judge(month: dt.date = JUNE) -> JudgmentRun:
        run = open_run(month=month)
        work_run(run.pk)
        run.refresh_from_db()
        return run

    return _judge


@pytest.fixture
def change(db):
    """``change("income_line", 7600)``: the value that the next judgment reads. Straight into the table."""

    def _change(code: str, value) -> None:
        rows = Threshold.objects.filter(code=code)
        if not rows.update(value=value):
            factories.threshold(code=code, value=value, valid_from=dt.date(2020, 1, 1))

    return _change


def household_with(net_per_head: int, *, village=VILLAGES[0], self_pay: int = 0, **fields):
    """Two members, twelve months of wages, and maybe one stay in the month."""
    household = factories.household(village=village, members=2, **fields)
    for back in range(12):
        factories.income(household=household, amount=net_per_head * 2 / 12, month=add_months(JUNE, -back))
    if self_pay:
        person = household.memberships.get(is_head=True).person
        factories.bill(person=person, self_pay=self_pay, settled_on=dt.date(2022, 6, 15))
    return household


@pytest.fixture
def county(db):
    """Net income per head around 6,900 and 7,600, here and elsewhere; stays around the lines of stays."""
    factories.medical_list(JUNE)
    return {
        "far below": household_with(3600),
        "below": household_with(6600),
        "between": household_with(7200, lifted=False, category=""),
        "between elsewhere": household_with(7440, village=ELSEWHERE),
        "lifted and ill": household_with(24000, lifted=True, category="", self_pay=5400),
        "ordinary and ill": household_with(24000, lifted=False, category="", self_pay=9600),
        "ill": household_with(8400, lifted=False, category="marginal", eliminated=False, self_pay=7200),
        "drawn below": household_with(7920, lifted=False, category="", self_pay=24000),
        "above": household_with(24000, lifted=False, category=""),
        "unknown": factories.household(members=1),
    }
