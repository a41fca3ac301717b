"""A specialist who leaves: what they had in hand goes to whoever is posted there now, and never to nobody.

One other in the village: to them. Several: to the village's list. Nobody: to the township, and where nobody is
posted there either, to the county. What a leaver had acknowledged nobody has acknowledged; the clock goes on.
What waits for the review of a township that has nobody left is reviewed by the county.
"""

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.dispatch import receiver
from django.utils import timezone

from alerts.travel.people import ROLES, people_at
from alerts.travel.telling import Item, tell
from households.staff.leaving import somebody_left

# Somebody is posted who was given it: nothing to do. An alert that was given to nobody by name is on the list of
# whoever is posted there; with one left on it, it is theirs.
REHOME = """
WITH posted AS MATERIALIZED (
    SELECT posting.area_id AS area, count(*) AS people, min(posting.user_id) AS one,
           array_agg(posting.user_id) AS ids
    FROM households_posting AS posting
    JOIN households_user AS person ON person.id = posting.user_id AND person.is_active
    WHERE posting.role = ANY(%(roles)s) AND posting.valid_from <= %(today)s
      AND (posting.valid_until IS NULL OR posting.valid_until >= %(today)s)
    GROUP BY posting.area_id
),
orphan AS MATERIALIZED (
    SELECT alert.id, alert.status, alert.holder, alert.assignee_id, alert.handled_in,
           CASE WHEN here.people IS NOT NULL THEN alert.holder
                WHEN alert.holder = 'village' AND township.people IS NOT NULL THEN 'township'
                ELSE 'county' END AS holder_after,
           CASE WHEN alert.holder = 'village' AND here.people = 1 THEN here.one END AS assignee_after,
           alert.assignee_id IS NULL AND here.people IS NOT NULL AS stays
    FROM alerts_alert AS alert
    LEFT JOIN posted AS here ON here.area = CASE alert.holder
        WHEN 'village' THEN coalesce(alert.handled_in, alert.village)
        WHEN 'township' THEN alert.township ELSE alert.county END
    LEFT JOIN posted AS township ON township.area = alert.township
    WHERE alert.closed_at IS NULL AND alert.county = %(county)s
      AND alert.status IN ('dispatched', 'acknowledged', 'verified')
      AND CASE WHEN alert.status = 'verified' THEN alert.holder <> 'county' AND here.people IS NULL
               WHEN alert.assignee_id IS NOT NULL THEN alert.assignee_id = ANY(here.ids) IS NOT TRUE
               WHEN here.people IS NULL THEN alert.holder <> 'county'
               ELSE alert.holder = 'village' AND here.people = 1 END
    ORDER BY alert.id FOR UPDATE OF alert SKIP LOCKED
),
rehomed AS (
    UPDATE alerts_alert AS alert SET
        holder = orphan.holder_after,
        assignee_id = CASE orphan.status WHEN 'verified' THEN alert.assignee_id ELSE orphan.assignee_after END,
        handled_in = CASE WHEN orphan.holder_after = 'village' OR orphan.status = 'verified'
                          THEN alert.handled_in END,
        status = CASE orphan.status WHEN 'verified' THEN 'verified' ELSE 'dispatched' END,
        due_on = CASE WHEN orphan.stays OR orphan.status = 'verified' THEN alert.due_on
                      ELSE coalesce(alert.verify_by, alert.due_on) END,
        reminded_on = CASE WHEN orphan.stays THEN alert.reminded_on END,
        escalated_to = CASE WHEN orphan.stays THEN alert.escalated_to ELSE '' END,
        changed_at = now()
    FROM orphan WHERE alert.id = orphan.id
    RETURNING alert.*, orphan.status AS status_before, orphan.holder AS holder_before,
              orphan.assignee_after,
              CASE WHEN orphan.status <> 'verified' THEN orphan.assignee_id END AS assignee_before,
              CASE WHEN alert.handled_in IS NULL THEN orphan.handled_in END AS left_village
),
noted AS (
    INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                                  level_after, county, township, village, village_before, detail)
    SELECT now(), told.kind, 'alert', id, status_before, status, level, level, county, township, told.village,
           told.village_before,
           jsonb_strip_nulls(jsonb_build_object('holder', jsonb_build_array(holder_before, holder),
                                                'due_on', due_on, 'from', assignee_before, 'to', assignee_after))
    FROM rehomed
    CROSS JOIN LATERAL (
        VALUES (CASE WHEN holder = holder_before THEN 'alert_reassigned' ELSE 'alert_handed_up' END,
                coalesce(handled_in, village), left_village),
               ('alert_left', left_village, NULL)
    ) AS told (kind, village, village_before)
    WHERE told.kind <> 'alert_left' OR left_village IS NOT NULL
    ORDER BY id, told.kind
    RETURNING id
)
SELECT holder, CASE holder WHEN 'village' THEN coalesce(handled_in, village)
                           WHEN 'township' THEN township ELSE county END AS area,
       coalesce(village, township, county) AS place, assignee_after, level, min(due_on), count(*), min(id),
       (SELECT max(id) FROM noted)
FROM rehomed GROUP BY holder, area, place, assignee_after, level
"""


@receiver(somebody_left)
def rehome_at_once(**_signal: object) -> None:
    """Nothing waits for the sweep when a posting is ended or an account closed."""
    rehome_orphans()


@transaction.atomic
def rehome_orphans(*, today: date | None = None) -> int:
    """Gives alerts of people who are not posted there any more to those who are; one event each. Returns how many.

    One statement for any number, and a notice for each person who has something new in hand. ``verify_by`` stays.
    """
    today = today or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(
            REHOME, {"county": settings.COUNTY_CODE, "today": today, "roles": [str(role) for role in ROLES]}
        )
        rows = cursor.fetchall()
    _tell(rows, today)
    return sum(row[6] for row in rows)


def _tell(rows: list[tuple], today: date) -> None:
    if not rows:
        return
    people = people_at(row[1] for row in rows)
    items: dict[int, list[Item]] = defaultdict(list)
    for _holder, area, place, assignee, level, due_on, count, first, _event in rows:
        item = Item(place, level, due_on, count, first if count == 1 else None)
        for person in [assignee] if assignee else people.posted(area):
            items[person].append(item)
    if items:
        tell(kind="transferred", key=f"transferred:left:{rows[0][-1]}", items=items, today=today)
