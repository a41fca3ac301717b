"""Raising alerts from findings, set-based: one statement for a whole township.

The caller hands over what was found as a query with the columns ``household_id`` (or ``area_id`` for a cluster),
``kind, month, level, values, threshold, sentence_zh, sentence_en``; this room does not know who found it.

Not everything that is found becomes an alert (``docs/decisions/0011…``). Whether one is raised, reopened or kept
quiet turns on today and on what people decided: the findings of a run never do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection


@dataclass(frozen=True)
class Query:
    """A select and its parameters."""

    sql: str
    parameters: tuple


@dataclass(frozen=True)
class Quiet:
    """For how many days a closed alert keeps the same cause quiet: one found to be no risk, one dealt with
    otherwise. ``worse_share``: by what share of itself the value must get worse to be heard all the same.
    """

    days_dismissed: int = 0
    days_handled: int = 0
    worse_share: Decimal | None = None

    @classmethod
    def of(cls, thresholds: Mapping[str, Mapping[str, Any]]) -> "Quiet":
        """From the thresholds that a run copied. Without a value nothing is kept quiet."""

        def value(code: str) -> Decimal | None:
            return Decimal(thresholds[code]["value"]) if code in thresholds else None

        return cls(
            int(value("quiet_days_dismissed") or 0), int(value("quiet_days_handled") or 0), value("worse_share")
        )


@dataclass(frozen=True)
class Raised:
    """What became of the findings of one shard. ``found_again``: their alert stood open already. ``reopened``:
    they were clearly worse than what was closed. ``quiet``: a closed alert kept them quiet; ``covered``: the
    alert of their village's area event stands for them.
    """

    raised: int
    found_again: int
    reopened: int = 0
    quiet: int = 0
    covered: int = 0


# Where an alert lies: with its household, or in the area of its cluster.
PLACES = {
    "household_id": "JOIN households_household AS place ON place.id = found.household_id",
    "area_id": "JOIN households_area AS place ON place.code = found.area_id",
}

# Whoever changes these alerts meanwhile is waited for, and what is read next is what stands. Closed ones, too: two
# runs, or a run and a person, may want to reopen the same. Locked, what is closed stays so until then.
LOCK = """
WITH found AS MATERIALIZED ({found})
SELECT alert.id FROM alerts_alert AS alert
WHERE alert.id IN (
    SELECT stands.id FROM found CROSS JOIN LATERAL (
        SELECT id FROM alerts_alert
        WHERE {subject} = found.{subject} AND kind_id = found.kind AND closed_at IS NULL
        UNION ALL
        SELECT id FROM alerts_alert
        WHERE {subject} = found.{subject} AND kind_id = found.kind AND {closed_here} closed_at IS NOT NULL
    ) AS stands)
ORDER BY alert.id
FOR UPDATE OF alert
"""

# A cluster's closed alerts have no index by area; they are found among those of the kind that have no household.
CLOSED_HERE = {"household_id": "", "area_id": "household_id IS NULL AND"}

# What to do with each finding. ``refresh``: an open alert of the same cause stands. ``covered``: an alert of the
# village's area event is open for the same risk. Otherwise the newest closed alert speaks, unless it was withdrawn
# (its evidence was taken back, and whatever is found now rests on other): a finding of its own month or an earlier
# one says nothing new, a later one is heard after the quiet days, or if it is clearly worse. Happenings that are
# new each month are heard at once, and within one month if there are more of them (where the closed alert counted
# none, a report was it); what adds up over a calendar year starts again with the next.
WEIGHED = """
weighed AS MATERIALIZED (
    SELECT found.*, given.run, closed.id AS closed_id, closed.level AS closed_level, value.was, value.now,
        CASE WHEN before.id IS NOT NULL THEN 'refresh'
             WHEN cover.id IS NOT NULL THEN 'covered'
             WHEN closed.id IS NULL THEN 'raise'
             WHEN found.month < closed.last_month THEN 'quiet'
             WHEN found.month > closed.last_month AND (
                 kind.fresh OR closed.is_heard
                 OR kind.nature = 'event'
                    AND date_trunc('year', found.month) > date_trunc('year', closed.last_month)
             ) THEN 'raise'
             WHEN array_position(ARRAY['red', 'yellow', 'blue'], found.level::text)
                  < array_position(ARRAY['red', 'yellow', 'blue'], closed.level::text)
                  OR value.worse > 0 AND value.worse >= abs(value.was) * given.worse_share THEN 'reopen'
             ELSE 'quiet' END AS fate
    FROM found
    CROSS JOIN given
    JOIN alerts_alertkind AS kind ON kind.code = found.kind
    LEFT JOIN before ON before.{subject} = found.{subject} AND before.kind_id = found.kind
    LEFT JOIN LATERAL (
        SELECT id, level, last_month, values,
            (now() AT TIME ZONE given.zone)::date - (closed_at AT TIME ZONE given.zone)::date
            > CASE WHEN 'no_risk' IN (verdict, outcome) THEN given.dismissed ELSE given.handled END AS is_heard
        FROM alerts_alert
        WHERE {subject} = found.{subject} AND kind_id = found.kind AND {closed_here}
              closed_at IS NOT NULL AND status <> 'withdrawn'
        ORDER BY last_month DESC, closed_at DESC LIMIT 1
    ) AS closed ON before.id IS NULL
    LEFT JOIN LATERAL (
        SELECT was, now, CASE kind.worse WHEN 'lower' THEN was - now ELSE now - was END AS worse
        FROM (SELECT CASE WHEN jsonb_typeof(closed.values -> kind.measure) = 'number'
                          THEN (closed.values ->> kind.measure)::numeric
                          WHEN kind.fresh THEN 0 END AS was,
                     CASE jsonb_typeof(found.values -> kind.measure)
                     WHEN 'number' THEN (found.values ->> kind.measure)::numeric END AS now) AS number
    ) AS value ON true
    {cover}
)
"""

# A household of a village whose area event has an open alert of the same risk. What people found or reported there
# is always heard: finding it is what they were sent for.
COVERS = {
    "household_id": """
    JOIN households_household AS home ON home.id = found.household_id
    LEFT JOIN alerts_alert AS cover
        ON cover.area_id = home.village AND cover.kind_id = 'AREA.' || kind.risk
           AND cover.closed_at IS NULL AND kind.channel = 'rule'""",
    "area_id": "CROSS JOIN (SELECT NULL::bigint AS id) AS cover",
}

# The database keeps one open alert per household and kind; the upsert refreshes it, also where somebody else
# raised it a moment ago. A finding of an earlier month never overwrites a later one.
UPSERT = """
WITH found AS MATERIALIZED ({found}),
given (run, zone, dismissed, handled, worse_share) AS (
    SELECT %s::bigint, %s::text, %s::int, %s::int, %s::numeric
),
before AS MATERIALIZED (
    SELECT alert.id, alert.{subject}, alert.kind_id, alert.level, alert.last_month, alert.status
    FROM alerts_alert AS alert
    JOIN found ON found.{subject} = alert.{subject} AND found.kind = alert.kind_id
    WHERE alert.closed_at IS NULL
),
{weighed},
upserted AS (
    INSERT INTO alerts_alert AS alert (
        {subject}, county, township, village, kind_id, level, status, values, threshold,
        sentence_zh, sentence_en, first_month, last_month, months_found, first_run, last_run,
        raised_at, changed_at)
    SELECT found.{subject}, place.county, place.township, place.village, found.kind, found.level, 'raised',
           found.values, found.threshold, found.sentence_zh, found.sentence_en,
           found.month, found.month, 1, found.run, found.run, now(), now()
    FROM weighed AS found
    {place}
    WHERE found.fate IN ('raise', 'refresh')
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
reopened AS (
    UPDATE alerts_alert AS alert SET
        status = 'raised', holder = 'county', closed_at = NULL, assignee_id = NULL,
        due_on = NULL, verify_by = NULL, reminded_on = NULL, escalated_to = '',
        verdict = '', verified_at = NULL, risks = NULL, reason = '', outcome = '', area_event_id = NULL,
        level = found.level,
        values = found.values,
        threshold = found.threshold,
        sentence_zh = found.sentence_zh,
        sentence_en = found.sentence_en,
        months_found = alert.months_found + (found.month > alert.last_month)::int,
        last_month = found.month,
        last_run = found.run,
        not_found_month = NULL,
        changed_at = now()
    FROM weighed AS found
    WHERE found.fate = 'reopen' AND alert.id = found.closed_id
    RETURNING alert.id, alert.county, alert.township, alert.village, alert.level, found.closed_level, found.was,
              found.now
),
compared AS (
    SELECT upserted.id, upserted.county, upserted.township, upserted.village, upserted.status, upserted.level,
           before.level AS level_before, before.status AS status_before, NULL::jsonb AS detail,
           CASE WHEN before.id IS NULL THEN 'alert_raised'
                WHEN before.level <> upserted.level THEN 'alert_level_changed'
                WHEN before.last_month < upserted.last_month THEN 'alert_found_again' END AS event
    FROM upserted LEFT JOIN before ON before.id = upserted.id
    UNION ALL
    SELECT id, county, township, village, 'raised', level, closed_level, 'closed',
           jsonb_build_object('why', jsonb_build_object('was', was, 'now', now)), 'alert_reopened'
    FROM reopened
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, run_id, detail)
    SELECT now(), event, 'alert', id, coalesce(status_before, ''), status, coalesce(level_before, ''), level,
           county, township, village, given.run, detail
    FROM compared CROSS JOIN given WHERE event IS NOT NULL ORDER BY id
)
SELECT count(*) FILTER (WHERE event = 'alert_raised'),
       count(*) FILTER (WHERE event IS NULL OR event IN ('alert_level_changed', 'alert_found_again')),
       count(*) FILTER (WHERE event = 'alert_reopened'),
       (SELECT count(*) FROM weighed WHERE fate = 'quiet'),
       (SELECT count(*) FROM weighed WHERE fate = 'covered')
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


def raise_alerts(*, found: Query, run_id: int, quiet: Quiet = Quiet(), subject: str = "household_id") -> Raised:
    """Raises, refreshes or reopens the alerts of what was found, or keeps them quiet. ``subject``:
    ``household_id`` or ``area_id``.

    To be called inside the transaction that wrote the findings; every change writes an Event.
    """
    # No day is counted where nothing is to be kept quiet, not even the day of the closing.
    days = (quiet.days_dismissed or -1, quiet.days_handled or -1)
    given = (run_id, settings.TIME_ZONE, *days, quiet.worse_share)
    lock, upsert = statements(found.sql, subject)
    with connection.cursor() as cursor:
        cursor.execute(lock, found.parameters)
        cursor.execute(upsert, (*found.parameters, *given))
        return Raised(*cursor.fetchone())


def statements(found: str, subject: str) -> tuple[str, str]:
    """The lock and the upsert of what ``found`` selects. Both reach alerts by index, whatever there is of them."""
    parts = {"found": found, "subject": subject, "closed_here": CLOSED_HERE[subject]}
    weighed = WEIGHED.format(**parts, cover=COVERS[subject])
    return LOCK.format(**parts), UPSERT.format(**parts, weighed=weighed, place=PLACES[subject])


def note_not_found(*, judged: Query, run_id: int) -> int:
    """Notes on alerts of states that were judged and not found. Returns on how many.

    ``judged``: columns ``household_id, kind, month`` of the states that were judged, found or not.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOT_FOUND.format(judged=judged.sql), (*judged.parameters, run_id, run_id))
        return cursor.fetchone()[0]
