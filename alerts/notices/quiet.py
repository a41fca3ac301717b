"""Quiet hours: nobody's telephone rings at night or on a day off, except for what is red.

At night only for a red alert that is new; the reminder of a red one goes out at 8:00, on a day off, too.
"""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from alerts.notices.kinds import TABLE
from households.policy.calendar import WorkCalendar

# Shanghai time; the first minute that is loud and the first that is quiet again.
OPENS = dt.time(8, 0)
CLOSES = dt.time(20, 0)
RINGING = [kind.code for kind in TABLE if kind.rings]


def is_quiet(now: dt.datetime, calendar: WorkCalendar) -> bool:
    """20:00 to 8:00, and holidays and weekends around the clock; a make-up Saturday is a working day."""
    return is_night(now) or not calendar.is_workday(timezone.localtime(now).date())


def is_night(now: dt.datetime) -> bool:
    return not OPENS <= timezone.localtime(now).time() < CLOSES


def first_moment(now: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """``now`` when it is not quiet, else 8:00 on the next day on which people work."""
    if not is_quiet(now, calendar):
        return now
    return _opening(calendar.next_workday(_next_opening(now)))


def first_urgent_moment(kind: str, now: dt.datetime) -> dt.datetime:
    """``now`` for what rings at night and by day, else the next 8:00, also on a day off."""
    return now if kind in RINGING or not is_night(now) else _opening(_next_opening(now))


def let_out(now: dt.datetime, calendar: WorkCalendar) -> Q:
    """Which deliveries may go out at this moment."""
    if not is_quiet(now, calendar):
        return Q()
    urgent = Q(notice__urgent=True)
    return urgent & Q(notice__kind__in=RINGING) if is_night(now) else urgent


def _next_opening(now: dt.datetime) -> dt.date:
    """The day of the next 8:00."""
    here = timezone.localtime(now)
    return here.date() if here.time() < OPENS else here.date() + dt.timedelta(days=1)


def _opening(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, OPENS))
