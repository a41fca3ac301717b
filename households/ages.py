"""How old somebody is."""

from datetime import date


def age_on(born_on: date | None, day: date) -> int | None:
    """Whole years on a day; None when the birth date is unknown."""
    if born_on is None:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
