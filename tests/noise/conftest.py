"""What was found and what is closed, as the raising of alerts gets them."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.raising import Query, Quiet, Raised, raise_alerts
from tests import factories

JUNE, JULY = dt.date(2022, 6, 1), dt.date(2022, 7, 1)
# What is shipped (``households/policy/data/thresholds.csv``).
QUIET = Quiet(days_dismissed=90, days_handled=180, worse_share=Decimal("0.2"))

FOUND = """
SELECT %s::bigint AS household_id, %s::varchar AS kind, %s::date AS month, %s::varchar AS level,
       %s::jsonb AS values, '{}'::jsonb AS threshold, '又一次' AS sentence_zh, 'again' AS sentence_en
"""


@pytest.fixture
def household(db):
    return factories.household(members=1)


def find(household, *, kind="INC01", month=JULY, level="yellow", quiet=QUIET, run_id=7, **values) -> Raised:
    """A finding of a later month than what is closed, if nothing else is said."""
    found = Query(FOUND, (household.pk, kind, month, level, json.dumps(values)))
    return raise_alerts(found=found, run_id=run_id, quiet=quiet)


def close(household, *, days_ago=1, kind="INC01", verdict="no_risk", outcome="no_risk", **fields) -> Alert:
    """An alert that was found in June and closed so many days ago, as no risk if nothing else is said."""
    alert = factories.alert(household=household, kind=kind, closed=True, **fields)
    alert.verdict, alert.outcome = verdict, outcome
    alert.closed_at = timezone.now() - dt.timedelta(days=days_ago)
    alert.save()
    return alert


def open_alerts(household) -> list[Alert]:
    return list(Alert.objects.filter(household=household, closed_at__isnull=True))
