"""A part of the demo county, small enough for a test."""

import datetime as dt

import pytest

from monitoring.demo import judging
from monitoring.demo.county import build_county
from monitoring.judgment.window import add_months

JUNE = dt.date(2022, 6, 1)
MONTHS = tuple(add_months(JUNE, index - 23) for index in range(24))
TWO_TOWNSHIPS = ("420527103", "420527204")


@pytest.fixture
def small_county(db):
    return build_county(households=400, seed=7, last_month=JUNE, townships=TWO_TOWNSHIPS)


@pytest.fixture(autouse=True)
def called(monkeypatch):
    """Runs for which workers were called; nobody comes, and no message reaches a broker."""
    runs = []
    monkeypatch.setattr(judging, "call_workers", runs.append)
    return runs
