"""Reports from below: one household of the specialist's village, and reports that name it or do not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Report
from alerts.reports.kinds import CHANNEL_OF
from alerts.reports.models import Source
from households.models import Event
from households.privacy.seal import lookup_hash, seal
from tests import factories
from tests.conftest import VILLAGES

WORDS = "老伴肝硬化住院，家里快撑不住了"


@pytest.fixture
def household(db):
    return factories.household(village=VILLAGES[0], head_name="望山")


@pytest.fixture
def make_report(db):
    """A row as whoever received it leaves it: nobody has looked at it yet."""

    def _make(*, source=Source.PUBLIC, risk="illness", village=VILLAGES[0], phone=None, words=WORDS, **fields):
        return Report.objects.create(
            channel=CHANNEL_OF[Source(source)],
            source=source,
            risk=risk,
            name=fields.pop("name", "望山"),
            state=fields.pop("state", "unchecked"),
            county=village[:6],
            township=village[:9],
            village=village,
            phone_sealed=seal(phone) if phone else None,
            phone_hash=lookup_hash(phone) if phone else None,
            words_sealed=seal(words),
            reported_at=fields.pop("reported_at", timezone.now() - dt.timedelta(hours=1)),
            **fields,
        )

    return _make


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
