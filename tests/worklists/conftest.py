"""Alerts on their way, in the hands of everybody in turn."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.models import Role, User
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

DAY = dt.timedelta(days=1)


@pytest.fixture
def today(db) -> dt.date:
    return timezone.localdate()


@pytest.fixture
def ways(cast, today):
    """Alerts by name. The specialist has two villages; a colleague shares the second, a neighbour has another."""
    colleague = User.objects.create_user("colleague", "同事")
    factories.posting(user=colleague, area=VILLAGES[1], role=Role.VILLAGE_SPECIALIST)
    second, third = VILLAGES[1], "420527103208"

    def make(kind, village=VILLAGES[0], **fields):
        fields = {"holder": "village", "status": "dispatched", "due_on": today + 9 * DAY} | fields
        return factories.alert(household=factories.household(village=village), kind=kind, **fields)

    return {
        "raised": make("INC01", holder="county", status="raised", due_on=today - DAY),
        "reviewed": make("INC02", holder="county", status="reviewed", due_on=today),
        "township": make("INC03", holder="township", due_on=today - DAY),
        "verified": make("MED01", holder="township", status="verified", due_on=today),
        "free": make("MED02", due_on=today),
        "late": make("MED07", due_on=today - DAY, assignee=cast.specialist, status="acknowledged"),
        "left": make("MED09", assignee=cast.leaver, due_on=today + DAY),
        "colleague": make("INC01", village=second, assignee=colleague),
        "handed_over": make("INC02", village=second, handled_in=third),
        "taken_over": make("INC03", village=third, handled_in=VILLAGES[0]),
        "elsewhere": make("INC01", village=ELSEWHERE, due_on=today),
        "closed": make("ACC01", closed=True, status="closed", due_on=today),
    }


@pytest.fixture
def names(ways):
    """Names of the alerts that a page of the worklist shows, in its order."""
    by_id = {alert.pk: name for name, alert in ways.items()}

    def _names(response) -> list[str]:
        assert response.status_code == 200, response.content.decode()
        return [by_id[row.alert.pk] for row, _query in response.context["rows"]]

    return _names


@pytest.fixture
def count_queries(db):
    """``count_queries(function)`` is (what it returned, how many statements it sent that read or write)."""

    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        sent = [query["sql"] for query in captured.captured_queries]
        return result, sum(1 for sql in sent if not sql.startswith(("SAVEPOINT", "RELEASE")))

    return _count
