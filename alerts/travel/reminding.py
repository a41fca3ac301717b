"""Reminders before a last day, escalation after it: as notices to people, never as a change of who holds it.

Each is one statement over all open alerts. What is noted on the alert, the event and the notices are one
transaction, so a sweep that is killed leaves nothing half told and the next one tells nothing twice. An alert that
somebody is moving at this moment is passed over until the next sweep.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from alerts.kinds import AlertLevel
from alerts.notices.services import Told, notify_each
from alerts.sla import ESCALATES_AGAIN_AFTER, ESCALATES_TO
from alerts.transitions import LEVELS
from alerts.travel.people import people_at
from alerts.travel.telling import common_place
from households.policy.calendar import DAY, WorkCalendar
from households.staff.models import Posting, Role

EVENT = """
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, detail)
    SELECT now(), %(kind)s, 'alert', id, status, status, level, level, county, township, village,
           jsonb_build_object('due_on', due_on, 'to', told)
    FROM noted ORDER BY id
    RETURNING id
"""
TOLD = """
RETURNING alert.id, alert.status, alert.level, alert.holder, alert.assignee_id, alert.due_on, alert.county,
          alert.township, coalesce(alert.handled_in, alert.village) AS village
"""

# Whoever was given it and has not answered yet, else everybody of the level that holds it.
REMIND = f"""
WITH due AS MATERIALIZED (
    SELECT id FROM alerts_alert
    WHERE closed_at IS NULL AND county = %(county)s AND holder = ANY(%(levels)s)
      AND due_on BETWEEN %(today)s AND %(until)s AND reminded_on IS NULL
    ORDER BY id FOR UPDATE SKIP LOCKED
),
reminded AS (
    UPDATE alerts_alert AS alert SET reminded_on = %(today)s FROM due WHERE alert.id = due.id
    {TOLD}
),
noted AS (SELECT *, holder AS told FROM reminded),
event AS ({EVENT})
SELECT CASE holder WHEN 'village' THEN village WHEN 'township' THEN township ELSE county END AS area,
       coalesce(village, township, county), level, min(due_on), count(*), min(id), (SELECT max(id) FROM event),
       CASE WHEN status IN ('dispatched', 'acknowledged') THEN assignee_id END AS person
FROM noted GROUP BY area, coalesce(village, township, county), level, person
"""

ESCALATE = f"""
WITH step (holder, escalated_to, told, before) AS (
    SELECT * FROM unnest(%(holders)s::text[], %(escalated)s::text[], %(told)s::text[], %(before)s::date[])
),
late AS MATERIALIZED (
    SELECT alert.id, step.told FROM alerts_alert AS alert
    JOIN step ON step.holder = alert.holder AND step.escalated_to = alert.escalated_to
    WHERE alert.closed_at IS NULL AND alert.county = %(county)s AND alert.due_on < step.before
    ORDER BY alert.id FOR UPDATE OF alert SKIP LOCKED
),
noted AS (
    UPDATE alerts_alert AS alert SET escalated_to = late.told FROM late WHERE alert.id = late.id
    {TOLD}, late.told
),
event AS ({EVENT})
SELECT CASE told WHEN 'township' THEN township ELSE county END AS area,
       coalesce(village, township, county), level, min(due_on), count(*), min(id), (SELECT max(id) FROM event),
       holder = 'county' AS for_admins
FROM noted GROUP BY area, coalesce(village, township, county), level, for_admins
"""


@dataclass(frozen=True)
class Group:
    """Alerts of one level and place that the same people are told of. ``whom``: the last column of the query."""

    area: str
    place: str
    level: str
    due_on: date
    count: int
    first: int
    event: int
    whom: Any


@transaction.atomic
def remind_holders(*, today: date | None = None) -> int:
    """Tells whoever holds an alert that its last day is today or the next working day. Returns for how many.

    Each alert once a step: a move that restarts the step clears ``reminded_on``.
    """
    today = today or timezone.localdate()
    until = WorkCalendar().next_workday(today + DAY)
    groups = _groups(REMIND, kind="alert_due_soon", today=today, until=until, levels=list(LEVELS))
    people = people_at(group.area for group in groups)
    to: dict[int, list[Group]] = defaultdict(list)
    for group in groups:
        for person in [group.whom] if group.whom else people.posted(group.area):
            to[person].append(group)

    def values(own: list[Group]) -> dict[str, int | str]:
        return {"count": _count(own), "day": min(group.due_on for group in own).isoformat()}

    _tell("due_soon", to, values, today, "?waiting=me")
    return _count(groups)


@transaction.atomic
def escalate_overdue(*, today: date | None = None) -> int:
    """Tells the next level of alerts whose last day is over, and the one after that when nothing moves. How many.

    What the county itself leaves lying is told to its administrators. The holder stays who it was.
    """
    today = today or timezone.localdate()
    groups = _groups(ESCALATE, kind="alert_overdue", **_ladder(today))
    people = people_at(group.area for group in groups)
    admins = _admins(today) if any(group.whom for group in groups) else []
    to: dict[int, list[Group]] = defaultdict(list)
    for group in groups:
        for person in admins if group.whom else people.posted(group.area):
            to[person].append(group)

    def values(own: list[Group]) -> dict[str, int | str]:
        longest = (today - min(group.due_on for group in own)).days
        return {"count": _count(own), "place": common_place(group.place for group in own), "days": longest}

    _tell("escalated", to, values, today, "?due=overdue")
    return _count(groups)


def _ladder(today: date) -> dict[str, list[Any]]:
    """Who is told next, by who holds it and who was told last; and before which day the last day must lie.

    Told already is also a level that meanwhile holds it or lies below: whoever refused it handed it up with its
    deadline.
    """
    calendar = WorkCalendar()
    again = today
    for _working_day in range(ESCALATES_AGAIN_AFTER.days):
        again = calendar.workday_before(again)
    steps = []
    for holder in LEVELS:
        above = ESCALATES_TO[holder]
        below = LEVELS[LEVELS.index(holder) + 1 :]
        steps += [(holder, before, above, today) for before in ("", *below)]
        if above != holder:
            steps.append((holder, holder, above, today))
        if ESCALATES_TO[above] != above:
            steps.append((holder, above, ESCALATES_TO[above], again))
    holders, escalated, told, before = (list(column) for column in zip(*steps, strict=True))
    return {"holders": holders, "escalated": escalated, "told": told, "before": before}


def _groups(statement: str, **parameters: Any) -> list[Group]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"county": settings.COUNTY_CODE, **parameters})
        return [Group(*row) for row in cursor.fetchall()]


def _count(groups: Iterable[Group]) -> int:
    return sum(group.count for group in groups)


def _admins(today: date) -> list[int]:
    postings = Posting.objects.current(today).filter(role=Role.COUNTY_ADMIN, area_id=settings.COUNTY_CODE)
    return list(postings.filter(user__is_active=True).values_list("user_id", flat=True))


def _tell(
    kind: str,
    to: dict[int, list[Group]],
    values: Callable[[list[Group]], dict[str, int | str]],
    today: date,
    listed: str,
) -> None:
    """One notice a person and sweep: its key names the day and the newest event, so a later sweep is another."""
    if not to:
        return
    told = [
        Told(person, values(own), any(group.level == AlertLevel.RED for group in own))
        for person, own in to.items()
    ]
    groups = {(group.first, group.count): group for own in to.values() for group in own}
    only = next(iter(groups.values())) if len(groups) == 1 else None
    path = (
        reverse("pages:alert", args=[only.first])
        if only is not None and only.count == 1
        else reverse("alerts:list") + listed
    )
    newest = max(group.event for own in to.values() for group in own)
    notify_each(kind=kind, key=f"{kind}:{today.isoformat()}:{newest}", told=told, path=path)
