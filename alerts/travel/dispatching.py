"""Dispatch on its own: what the judgment or a report just raised goes down at once, as far as a threshold says.

Thresholds ``auto_dispatch_red``, ``auto_dispatch_yellow``, ``auto_dispatch_blue``: 1 by hand, 2 to the
township, 3 straight to the village. Nobody posted in the village: the township's list. Nobody
there: it stays with the county.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from alerts.kinds import AlertLevel
from alerts.transitions import ACKNOWLEDGED, DISPATCHED, RAISED, VILLAGE
from alerts.travel.deadlines import due_days
from alerts.travel.people import people_at
from alerts.travel.telling import Item, tell
from households.policy.calendar import WorkCalendar
from households.policy.thresholds import thresholds_on

BY_HAND = 1
# (status, level) → the last day of a step that begins today.
Due = dict[tuple[str, str], date]

# Raised and not settled yet: one statement for a township, whoever raised them.
DISPATCH = """
WITH aim (level, reach, raised_due, dispatched_due, verify_due) AS (
    SELECT * FROM unnest(%(levels)s::text[], %(reaches)s::int[], %(raised)s::date[], %(dispatched)s::date[],
                         %(verify)s::date[])
),
fresh AS MATERIALIZED (
    SELECT alert.id, alert.level, alert.township, coalesce(alert.handled_in, alert.village) AS village
    FROM alerts_alert AS alert
    WHERE {which} AND alert.closed_at IS NULL AND alert.status = 'raised' AND alert.due_on IS NULL
    ORDER BY alert.id FOR UPDATE
),
posted AS MATERIALIZED (
    SELECT posting.area_id AS area, count(*) AS people, min(posting.user_id) AS one
    FROM households_posting AS posting
    JOIN households_user AS person ON person.id = posting.user_id AND person.is_active
    WHERE posting.role IN ('village_specialist', 'township_staff') AND posting.valid_from <= %(today)s
      AND (posting.valid_until IS NULL OR posting.valid_until >= %(today)s)
      AND posting.area_id IN (SELECT village FROM fresh UNION SELECT township FROM fresh)
    GROUP BY posting.area_id
),
settled AS MATERIALIZED (
    SELECT fresh.id, aim.raised_due, aim.dispatched_due, aim.verify_due,
           CASE WHEN aim.reach >= 3 AND village.people IS NOT NULL THEN 'village'
                WHEN aim.reach >= 2 AND township.people IS NOT NULL THEN 'township' ELSE 'county' END AS holder,
           CASE WHEN aim.reach >= 3 AND village.people = 1 THEN village.one END AS assignee
    FROM fresh JOIN aim USING (level)
    LEFT JOIN posted AS village ON village.area = fresh.village
    LEFT JOIN posted AS township ON township.area = fresh.township
),
moved AS (
    UPDATE alerts_alert AS alert SET
        holder = settled.holder,
        assignee_id = settled.assignee,
        status = CASE settled.holder WHEN 'county' THEN 'raised' ELSE 'dispatched' END,
        due_on = CASE settled.holder WHEN 'county' THEN settled.raised_due ELSE settled.dispatched_due END,
        verify_by = CASE settled.holder WHEN 'county' THEN NULL ELSE settled.verify_due END,
        dispatched_at = CASE settled.holder WHEN 'county' THEN NULL
                                            ELSE coalesce(alert.dispatched_at, %(now)s) END,
        changed_at = %(now)s
    FROM settled WHERE alert.id = settled.id
    RETURNING alert.id, alert.holder, alert.status, alert.level, alert.due_on, alert.county, alert.township,
              alert.village, alert.handled_in, alert.assignee_id
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, run_id, detail)
    SELECT %(now)s, 'alert_dispatched', 'alert', id, 'raised', status, level, level, county, township, village,
           %(run)s, jsonb_strip_nulls(jsonb_build_object('holder', jsonb_build_array('county', holder),
                                                         'due_on', due_on, 'to', assignee_id))
    FROM moved WHERE holder <> 'county' ORDER BY id
)
SELECT moved.holder, coalesce(moved.handled_in, moved.village), moved.township, moved.level, count(*),
       min(moved.due_on), max(moved.id)
FROM moved WHERE moved.holder <> 'county'
GROUP BY 1, 2, 3, 4
"""

# An alert that this run found again and that has become more urgent has no more time than a new one. A deadline
# never lies behind one that begins today, so only what became more urgent is touched.
TIGHTEN = """
UPDATE alerts_alert AS alert SET
    due_on = least(alert.due_on, step.due),
    verify_by = least(alert.verify_by, CASE WHEN alert.verify_by IS NOT NULL THEN verification.due END),
    reminded_on = NULL
FROM unnest(%(statuses)s::text[], %(levels)s::text[], %(dues)s::date[]) AS step (status, level, due)
JOIN unnest(%(statuses)s::text[], %(levels)s::text[], %(dues)s::date[]) AS verification (status, level, due)
    ON verification.level = step.level AND verification.status = 'acknowledged'
WHERE alert.township = %(township)s AND alert.closed_at IS NULL AND alert.last_run = %(run)s
  AND alert.status = step.status AND alert.level = step.level
  AND (alert.due_on > step.due OR alert.verify_by > verification.due)
"""


@dataclass(frozen=True)
class Sent:
    """How many went where: ``area`` is the village or township whose list they are on now."""

    area: str
    level: str
    count: int


def dispatch_raised(*, county: str, township: str, run_id: int) -> list[Sent]:
    """Settles what was raised in a township: dispatches it or gives the county its deadline.

    To be called inside the transaction that raised it. An alert is settled once: then it has a deadline.
    """
    now = timezone.now()
    due = due_days(timezone.localdate(now), WorkCalendar())
    sent = _dispatch("alert.township = %(township)s", county, now, due, run_id=run_id, township=township)
    _tighten(township, run_id, due)
    return sent


def dispatch_alerts(*, county: str, ids: Collection[int]) -> list[Sent]:
    """The same for alerts that a report or an area event raised."""
    now = timezone.now()
    due = due_days(timezone.localdate(now), WorkCalendar())
    return _dispatch("alert.id = ANY(%(ids)s)", county, now, due, run_id=None, ids=sorted(ids))


def _dispatch(
    which: str, county: str, now: datetime, due: Due, *, run_id: int | None, **parameters: object
) -> list[Sent]:
    today = timezone.localdate(now)
    values = thresholds_on(today, county)
    levels = list(AlertLevel.values)
    reaches = [
        int(values[code].value) if (code := f"auto_dispatch_{level}") in values else BY_HAND for level in levels
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            DISPATCH.format(which=which),
            {
                "levels": levels,
                "reaches": reaches,
                "raised": [due[RAISED, level] for level in levels],
                "dispatched": [due[DISPATCHED, level] for level in levels],
                "verify": [due[ACKNOWLEDGED, level] for level in levels],
                "today": today,
                "now": now,
                "run": run_id,
            }
            | parameters,
        )
        rows = cursor.fetchall()
    _tell(rows, today)
    return [
        Sent(village if holder == VILLAGE else township, level, count)
        for holder, village, township, level, count, _due, _newest in rows
    ]


def _tighten(township: str, run_id: int, due: Due) -> None:
    steps = sorted(due)
    with connection.cursor() as cursor:
        cursor.execute(
            TIGHTEN,
            {
                "statuses": [status for status, _level in steps],
                "levels": [level for _status, level in steps],
                "dues": [due[step] for step in steps],
                "run": run_id,
                "township": township,
            },
        )


def _tell(rows: list[tuple], today: date) -> None:
    """One notice a person and dispatch, however many alerts and lists."""
    lists: dict[str, list[Item]] = defaultdict(list)
    for holder, village, township, level, count, due_on, newest in rows:
        area = village if holder == VILLAGE else township
        lists[area].append(Item(area, level, due_on, count, newest if count == 1 else None))
    people = people_at(lists)
    items: dict[int, list[Item]] = defaultdict(list)
    for area, own in lists.items():
        for person in people.posted(area):
            items[person] += own
    if items:
        newest = max(row[-1] for row in rows)
        tell(kind="dispatched", key=f"dispatched:{newest}", items=items, today=today)
