"""From when a change can hold."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

EARLIEST_DAY = date(1900, 1, 1)


def day_problem(day: date) -> str | None:
    """Why a day cannot be the day of a change, as a sentence; None if it can."""
    if day > timezone.localdate():
        return _("This day has not come yet.")
    if day < EARLIEST_DAY:
        return _("This day lies before 1900.")
    return None
