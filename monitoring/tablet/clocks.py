"""What a tablet's clock said and what time it was: days move by as much as the clock was wrong when it sent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

# Up to here a clock is right: the way of a request, and hands that set it.
TOLERATED = timedelta(minutes=10)
# What the column of seconds holds; a clock so wrong is no clock.
MOST_SECONDS = 2**31 - 1


@dataclass(frozen=True)
class Clock:
    """``behind``: how much the tablet's clock is behind ours, negative where it runs ahead."""

    behind: timedelta

    @classmethod
    def of(cls, sent_at: datetime, now: datetime) -> "Clock":
        return cls(now - sent_at)

    @property
    def seconds(self) -> int:
        return max(-MOST_SECONDS, min(MOST_SECONDS, round(self.behind.total_seconds())))

    def true_day(self, on: date, began_at: datetime | None, now: datetime) -> date:
        """The day that ``on`` was, however the tablet called it.

        Moved by as many days as the beginning of the visit (where it is known) moves; a visit that was entered on
        the next morning keeps lying a day before.
        """
        if abs(self.behind) <= TOLERATED:
            return on
        try:
            there = began_at if began_at is not None else now - self.behind
            moved = timezone.localdate(there + self.behind) - timezone.localdate(there)
            return on + moved
        except OverflowError:
            return on


def is_wrong(behind: int | None) -> bool:
    """``behind``: the seconds that a visit or an upload keeps of its tablet's clock; None where there was none."""
    return behind is not None and abs(behind) > TOLERATED.total_seconds()


def clock_words(behind: int | None) -> str:
    """How far the tablet's clock was off when it sent; "" where it was right or nothing is known."""
    if behind is None or not is_wrong(behind):
        return ""
    span = timedelta(seconds=abs(behind))
    words = {"days": span.days, "hours": span.seconds // 3600, "minutes": span.seconds // 60 % 60}
    if behind > 0:
        return _("%(days)s days, %(hours)s hours and %(minutes)s minutes behind") % words
    return _("%(days)s days, %(hours)s hours and %(minutes)s minutes ahead") % words
