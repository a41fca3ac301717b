"""Alerts at moments that a test names, and the numbers that the page shows."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Alert
from alerts.travel.figures import FIGURES
from tests import factories
from tests.conftest import VILLAGES

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMES = [figure.name for figure in FIGURES]


def moment(text: str) -> dt.datetime:
    """``moment("2022-06-30 23:59:59")`` in Shanghai."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def travelled(db):
    """An alert of a household of its own: raised, and if given sent down and verified at a moment."""

    def _travelled(
        raised="2022-03-01 09:00:00", dispatched="", verified="", *, village=VILLAGES[0], kind="INC01", **fields
    ) -> Alert:
        verdict = fields.pop("verdict", "confirmed" if verified else "")
        alert = factories.alert(household=factories.household(village=village), kind=kind, **fields)
        moments = {
            "raised_at": moment(raised),
            "dispatched_at": moment(dispatched) if dispatched else None,
            "verified_at": moment(verified) if verified else None,
        }
        Alert.objects.filter(pk=alert.pk).update(verdict=verdict, **moments)
        return alert

    return _travelled


@pytest.fixture
def figures(sign_in):
    """``figures("staff", "from=…&until=…")``: the context of the page."""

    def _figures(name: str, query: str = "from=2022-01-01&until=2022-06-30"):
        response = sign_in(name).get(f"/figures/?{query}")
        assert response.status_code == 200, response.content.decode()
        return response.context["travel"]

    return _figures


def numbers(line) -> dict[str, int]:
    """Figure → number of one line."""
    return dict(zip(NAMES, (cell.value for cell in line.cells), strict=True))


@pytest.fixture
def count_queries(db):
    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        return result, len(captured)

    return _count
