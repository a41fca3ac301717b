"""Withdrawing alerts whose evidence was taken back: only those that nobody has acted on."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from alerts.travel.models import AlertStatus
from households.models import User

UNTOUCHED = (AlertStatus.RAISED, AlertStatus.DISPATCHED)
# Passing an alert on is not yet acting on it.
PASSED_ON = "alert_dispatched"

WITHDRAW = """
WITH locked AS MATERIALIZED (
    SELECT alert.id, alert.status FROM alerts_alert AS alert
    WHERE alert.id = ANY(%(ids)s) AND alert.closed_at IS NULL AND alert.status = ANY(%(untouched)s)
),
withdrawn AS (
    UPDATE alerts_alert AS alert SET status = %(withdrawn)s, closed_at = now(), changed_at = now()
    FROM locked
    WHERE alert.id = locked.id AND NOT EXISTS (
        SELECT FROM households_event AS event
        WHERE event.subject = 'alert' AND event.subject_id = alert.id
          AND coalesce(event.actor_id, event.client_id) IS NOT NULL AND event.kind <> %(passed_on)s)
    RETURNING alert.id, locked.status AS status_before, alert.level, alert.county, alert.township, alert.village
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, actor_id)
    SELECT now(), 'alert_withdrawn', 'alert', id, status_before, %(withdrawn)s, level, level, county, township,
           village, %(actor)s
    FROM withdrawn ORDER BY id
)
SELECT id FROM withdrawn ORDER BY id
"""


ACTED_ON = """
SELECT alert.id FROM alerts_alert AS alert
WHERE alert.id = ANY(%(ids)s) AND alert.status <> %(withdrawn)s
  AND (alert.status <> ALL(%(untouched)s) OR EXISTS (
    SELECT FROM households_event AS event
    WHERE event.subject = 'alert' AND event.subject_id = alert.id
      AND coalesce(event.actor_id, event.client_id) IS NOT NULL AND event.kind <> %(passed_on)s))
"""


def _parameters(ids: Collection[int]) -> dict[str, Any]:
    return {
        "ids": sorted(ids),
        "untouched": [str(status) for status in UNTOUCHED],
        "withdrawn": str(AlertStatus.WITHDRAWN),
        "passed_on": PASSED_ON,
    }


def acted_on(ids: Collection[int]) -> set[int]:
    """Those of the alerts that somebody has acknowledged, or otherwise acted on."""
    with connection.cursor() as cursor:
        cursor.execute(ACTED_ON, _parameters(ids))
        return {pk for (pk,) in cursor.fetchall()}


def lock_alerts(ids: Collection[int]) -> None:
    """In the order of their ids, as raising locks them. Nobody acts on them until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM alerts_alert WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (sorted(ids),))


def withdraw_alerts(*, ids: Collection[int], by: User | None) -> list[int]:
    """Withdraws open alerts that nobody has acted on, one event each. Returns the ids of those withdrawn.

    To be called inside the transaction that takes their evidence back.
    """
    # A statement of its own: what somebody did while the rows were waited for is seen by the next one.
    lock_alerts(ids)
    with connection.cursor() as cursor:
        cursor.execute(WITHDRAW, _parameters(ids) | {"actor": by.pk if by is not None else None})
        return [pk for (pk,) in cursor.fetchall()]
