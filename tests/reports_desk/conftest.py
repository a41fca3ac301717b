"""Reports from below: one household of the specialist's village, and reports that name it or do not."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import Event, Threshold
from tests import factories
from tests.conftest import VILLAGES

WORDS = "老伴肝硬化住院，家里快撑不住了"


@pytest.fixture(autouse=True)
def by_hand(db):
    """Nothing is dispatched on its own, unless a test says so."""
    Threshold.objects.filter(code__startswith="auto_dispatch").delete()


@pytest.fixture
def household(db):
    return factories.household(village=VILLAGES[0], head_name="望山")


@pytest.fixture
def make_report(db):
    """``make_report(risk="housing")``: nobody has looked at it yet."""
    return partial(factories.report, words=WORDS)


@pytest.fixture
def events():
    """The events of an alert, in order."""

    def _events(alert) -> list[Event]:
        return list(Event.objects.filter(subject="alert", subject_id=alert.pk).order_by("id"))

    return _events


@pytest.fixture
def count_queries(db):
    """``count_queries(function)`` is (what it returned, how many statements it sent)."""

    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        return result, len(captured)

    return _count
