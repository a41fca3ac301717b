"""Reading dated thresholds: the value that holds on a day for an area, the nearest area first."""

from datetime import date

from django.db.models import Q

from households.policy.models import Threshold


def thresholds_on(day: date, area_code: str) -> dict[str, Threshold]:
    """Code → the threshold that holds on ``day`` in ``area_code``. A county's own value beats the province's.

    A code without a value on that day is absent: rules that need it refuse, nothing is guessed.
    """
    above = [area_code[:length] for length in (2, 4, 6, 9, 12) if length <= len(area_code)]
    rows = (
        Threshold.objects.filter(area_id__in=above, valid_from__lte=day)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))
        .order_by("area_id")
    )
    return {row.code: row for row in rows}
