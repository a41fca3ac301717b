"""Quiet hours: nobody's telephone rings at night or on a day off, except for what is red."""

import datetime as dt

from django.utils import timezone

from households.policy.calendar import WorkCalendar

# Shanghai time; the first minute that is loud and the first that is quiet again.
OPENS = dt.time(8, 0)
CLOSES = dt.time(20, 0)


def is_quiet(now: dt.datetime, calendar: WorkCalendar) -> bool:
    """20:00 to 8:00, and holidays and weekends around the clock; a make-up Saturday is a working day."""
    here = timezone.localtime(now)
    return not (OPENS <= here.time() < CLOSES and calendar.is_workday(here.date()))


def first_moment(now: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """``now`` when it is not quiet, else 8:00 on the next day on which people work."""
    if not is_quiet(now, calendar):
        return now
    here = timezone.localtime(now)
    day = here.date() if here.time() < OPENS else here.date() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(calendar.next_workday(day), OPENS))
