"""Days on which deadlines of alerts have counted: the work calendar asks before it changes one that is past."""

from datetime import date

from django.conf import settings
from django.db import connection
from django.dispatch import receiver

from households.policy.calendar_entries import days_counted_on

# A closed alert has no step under way; the last day of its verification stays.
COUNTED = """
SELECT day FROM unnest(%s::date[]) AS day
WHERE EXISTS (
    SELECT FROM alerts_alert AS alert
    WHERE alert.county = %s AND alert.raised_at < (day + 1)::timestamp AT TIME ZONE %s
      AND greatest(alert.due_on, alert.verify_by) >= day)
"""


@receiver(days_counted_on)
def alerts_counted_on(days: list[date], **_signal: object) -> set[date]:
    """Those of ``days`` that lie between the raising of an alert and one of its last days."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, (days, settings.COUNTY_CODE, settings.TIME_ZONE))
        return {day for (day,) in cursor.fetchall()}
