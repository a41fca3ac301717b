"""What the bench times is what a run does: a stage that is called otherwise would be missing from its tables."""

import datetime as dt

import pytest

from tests import factories
from tests.bench.judging import timed_stages

pytestmark = pytest.mark.django_db


def test_every_stage_of_a_run_is_timed(judge):
    factories.income(household=factories.household(members=1), amount=100)
    with timed_stages() as seconds:
        judge(dt.date(2022, 6, 1))
    assert set(seconds) == {"indicators", "findings", "alerts"}
