"""Reading dated thresholds: the value that holds on a day for an area, the nearest area first."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from households.policy.models import Threshold


def thresholds_on(day: date, area_code: str) -> dict[str, Threshold]:
    """Code → the threshold that holds on ``day`` in ``area_code``. A county's own value beats the province's.

    A code without a value on that day is absent: rules that need it refuse, nothing is guessed.
    """
    return thresholds_on_days([day], area_code)[day]


def thresholds_on_days(days: Collection[date], area_code: str) -> dict[date, dict[str, Threshold]]:
    """What holds on each of the days, in one query."""
    above = [area_code[:length] for length in (2, 4, 6, 9, 12) if length <= len(area_code)]
    rows = (
        Threshold.objects.filter(area_id__in=above, valid_from__lte=max(days))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=min(days)))
        .order_by("area_id")
    )
    found: dict[date, dict[str, Threshold]] = {day: {} for day in days}
    for row in rows:
        for day in found:
            if row.valid_from <= day and (row.valid_until is None or row.valid_until >= day):
                found[day][row.code] = row
    return found
