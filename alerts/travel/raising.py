"""Raising alerts from findings, set-based: one statement for a whole township.

The caller hands over what was found as a query with the columns ``household_id, kind, level, values, threshold,
sentence_zh, sentence_en, county, township, village``; this room does not know who found it.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class Query:
    """A select and its parameters."""

    sql: str
    parameters: tuple


@dataclass(frozen=True)
class Raised:
    """What became of the findings of one shard. ``found_again``: their alert stood open already."""

    raised: int
    found_again: int
    not_found_any_more: int


# Whoever changes these alerts meanwhile is waited for, and what is read next is what stands.
LOCK = """
SELECT alert.id FROM alerts_alert AS alert
JOIN ({found}) AS found ON found.household_id = alert.household_id AND found.kind = alert.kind_id
WHERE alert.closed_at IS NULL
ORDER BY alert.id
FOR UPDATE OF alert
"""

# The database keeps one open alert per household and kind; the upsert refreshes it. A finding of an earlier month
# never overwrites a later one, and a closed alert that already stood for this month is not raised a second time.
UPSERT = """
WITH found AS MATERIALIZED ({found}),
before AS MATERIALIZED (
    SELECT alert.id, alert.level, alert.last_month, alert.status
    FROM alerts_alert AS alert
    JOIN found ON found.household_id = alert.household_id AND found.kind = alert.kind_id
    WHERE alert.closed_at IS NULL
),
upserted AS (
    INSERT INTO alerts_alert AS alert (
        household_id, county, township, village, kind_id, level, status, values, threshold,
        sentence_zh, sentence_en, first_month, last_month, months_found, first_run, last_run,
        raised_at, changed_at)
    SELECT found.household_id, place.county, place.township, place.village, found.kind, found.level, 'raised',
           found.values, found.threshold, found.sentence_zh, found.sentence_en,
           %s, %s, 1, %s, %s, now(), now()
    FROM found
    JOIN households_household AS place ON place.id = found.household_id
    WHERE NOT EXISTS (
        SELECT FROM alerts_alert AS closed
        WHERE closed.household_id = found.household_id AND closed.kind_id = found.kind
          AND closed.closed_at IS NOT NULL AND closed.last_month >= %s)
    ORDER BY found.household_id, found.kind
    ON CONFLICT (household_id, kind_id) WHERE closed_at IS NULL DO UPDATE SET
        level = excluded.level,
        values = excluded.values,
        threshold = excluded.threshold,
        sentence_zh = excluded.sentence_zh,
        sentence_en = excluded.sentence_en,
        months_found = alert.months_found + (excluded.last_month > alert.last_month)::int,
        last_month = excluded.last_month,
        last_run = excluded.last_run,
        not_found_month = NULL,
        changed_at = now()
    WHERE alert.last_month <= excluded.last_month
    RETURNING alert.id, alert.household_id, alert.kind_id, alert.county, alert.township, alert.village,
              alert.status, alert.level
),
compared AS (
    SELECT upserted.*, before.level AS level_before, before.status AS status_before,
           CASE WHEN before.id IS NULL THEN 'alert_raised'
                WHEN before.level <> upserted.level THEN 'alert_level_changed'
                WHEN before.last_month < %s THEN 'alert_found_again' END AS event
    FROM upserted LEFT JOIN before ON before.id = upserted.id
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, run_id)
    SELECT now(), event, 'alert', id, coalesce(status_before, ''), status, coalesce(level_before, ''), level,
           county, township, village, %s
    FROM compared WHERE event IS NOT NULL ORDER BY id
)
SELECT count(*) FILTER (WHERE event = 'alert_raised'),
       count(*) FILTER (WHERE event IS DISTINCT FROM 'alert_raised')
FROM compared
"""

# A state that this month's judgment knew enough to find, and did not. People decide what that means.
NOT_FOUND = """
WITH judged AS ({judged}),
gone AS (
    UPDATE alerts_alert AS alert SET not_found_month = %s, changed_at = now()
    FROM judged
    WHERE alert.household_id = judged.household_id AND alert.kind_id = judged.kind
      AND alert.closed_at IS NULL AND alert.last_month <= %s AND alert.last_run <> %s
      AND (alert.not_found_month IS NULL OR alert.not_found_month < %s)
    RETURNING alert.id, alert.status, alert.level, alert.county, alert.township, alert.village
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, run_id)
    SELECT now(), 'alert_not_found', 'alert', id, status, status, level, level, county, township, village, %s
    FROM gone ORDER BY id
)
SELECT count(*) FROM gone
"""


def raise_alerts(*, found: Query, judged: Query | None, month: date, run_id: int) -> Raised:
    """Raises or refreshes the alerts of what was found; notes on the others that they were not found.

    ``judged``: columns ``household_id, kind`` of the states that were judged, found or not. To be called inside
    the transaction that wrote the findings; every change writes an Event.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(found=found.sql), found.parameters)
        cursor.execute(
            UPSERT.format(found=found.sql),
            (*found.parameters, month, month, run_id, run_id, month, month, run_id),
        )
        raised, found_again = cursor.fetchone()
        gone = 0
        if judged is not None:
            cursor.execute(
                NOT_FOUND.format(judged=judged.sql),
                (*judged.parameters, month, month, run_id, month, run_id),
            )
            (gone,) = cursor.fetchone()
    return Raised(raised, found_again, gone)
