"""Raising alerts from findings, set-based: one statement for a whole township.

The caller hands over what was found as a query with the columns ``household_id`` (or ``area_id`` for a cluster),
``kind, month, level, values, threshold, sentence_zh, sentence_en``; this room does not know who found it.
"""

from dataclasses import dataclass

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


# Where an alert lies: with its household, or in the area of its cluster.
PLACES = {
    "household_id": "JOIN households_household AS place ON place.id = found.household_id",
    "area_id": "JOIN households_area AS place ON place.code = found.area_id",
}

# Whoever changes these alerts meanwhile is waited for, and what is read next is what stands.
LOCK = """
SELECT alert.id FROM alerts_alert AS alert
JOIN ({found}) AS found ON found.{subject} = alert.{subject} AND found.kind = alert.kind_id
WHERE alert.closed_at IS NULL
ORDER BY alert.id
FOR UPDATE OF alert
"""

# The database keeps one open alert per household and kind; the upsert refreshes it. A finding of an earlier month
# never overwrites a later one, and a closed alert that already stood for this month is not raised a second time.
# One that was withdrawn is: its evidence was taken back, and whatever is found now rests on other.
UPSERT = """
WITH found AS MATERIALIZED ({found}),
before AS MATERIALIZED (
    SELECT alert.id, alert.level, alert.last_month, alert.status
    FROM alerts_alert AS alert
    JOIN found ON found.{subject} = alert.{subject} AND found.kind = alert.kind_id
    WHERE alert.closed_at IS NULL
),
upserted AS (
    INSERT INTO alerts_alert AS alert (
        {subject}, county, township, village, kind_id, level, status, values, threshold,
        sentence_zh, sentence_en, first_month, last_month, months_found, first_run, last_run,
        raised_at, changed_at)
    SELECT found.{subject}, place.county, place.township, place.village, found.kind, found.level, 'raised',
           found.values, found.threshold, found.sentence_zh, found.sentence_en,
           found.month, found.month, 1, %s, %s, now(), now()
    FROM found
    {place}
    WHERE NOT EXISTS (
        SELECT FROM alerts_alert AS closed
        WHERE closed.{subject} = found.{subject} AND closed.kind_id = found.kind
          AND closed.closed_at IS NOT NULL AND closed.status <> 'withdrawn' AND closed.last_month >= found.month)
    ORDER BY found.{subject}, found.kind
    ON CONFLICT ({subject}, kind_id) WHERE closed_at IS NULL DO UPDATE SET
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
    RETURNING alert.id, alert.county, alert.township, alert.village, alert.status, alert.level, alert.last_month
),
compared AS (
    SELECT upserted.*, before.level AS level_before, before.status AS status_before,
           CASE WHEN before.id IS NULL THEN 'alert_raised'
                WHEN before.level <> upserted.level THEN 'alert_level_changed'
                WHEN before.last_month < upserted.last_month THEN 'alert_found_again' END AS event
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
    UPDATE alerts_alert AS alert SET not_found_month = judged.month, changed_at = now()
    FROM judged
    WHERE alert.household_id = judged.household_id AND alert.kind_id = judged.kind
      AND alert.closed_at IS NULL AND alert.last_month <= judged.month AND alert.last_run <> %s
      AND (alert.not_found_month IS NULL OR alert.not_found_month < judged.month)
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


def raise_alerts(*, found: Query, run_id: int, subject: str = "household_id") -> Raised:
    """Raises or refreshes the alerts of what was found. ``subject``: ``household_id`` or ``area_id``.

    To be called inside the transaction that wrote the findings; every change writes an Event.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(found=found.sql, subject=subject), found.parameters)
        cursor.execute(
            UPSERT.format(found=found.sql, subject=subject, place=PLACES[subject]),
            (*found.parameters, run_id, run_id, run_id),
        )
        raised, found_again = cursor.fetchone()
    return Raised(raised, found_again)


def note_not_found(*, judged: Query, run_id: int) -> int:
    """Notes on alerts of states that were judged and not found. Returns on how many.

    ``judged``: columns ``household_id, kind, month`` of the states that were judged, found or not.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOT_FOUND.format(judged=judged.sql), (*judged.parameters, run_id, run_id))
        return cursor.fetchone()[0]
