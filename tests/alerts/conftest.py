"""Alerts in two villages of the specialist, and one in the neighbour's."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

MAY, JUNE, JULY = (dt.date(2022, month, 1) for month in (5, 6, 7))


@pytest.fixture
def here(db):
    return factories.household(village=VILLAGES[0], head_name="望山")


@pytest.fixture
def elsewhere(db):
    return factories.household(village=ELSEWHERE, head_name="外地")


@pytest.fixture
def ids():
    """Ids of the alerts that a list page shows, in its order."""

    def _ids(response) -> list[int]:
        assert response.status_code == 200, response.content.decode()
        return [alert.pk for alert in response.context["alerts"]]

    return _ids


@pytest.fixture
def count_queries(db):
    """``count_queries(function)`` is (what it returned, how many statements it sent)."""

    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        return result, len(captured)

    return _count
