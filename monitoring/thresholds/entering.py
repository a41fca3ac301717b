"""Entering, ending and withdrawing values of the county, with what only the judgment knows: sealed months."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from households.models import Standing, Threshold, User
from households.policy.services import add_threshold, end_threshold
from monitoring.thresholds.overview import sealed_until, unit_of


def enter_threshold(
    *,
    code: str,
    value: Decimal,
    valid_from: date,
    document: str,
    valid_until: date | None = None,
    standing: str = Standing.SOURCED,
    note: str = "",
    area: str = "",
    by: User | None = None,
) -> tuple[Threshold, Threshold | None]:
    """A new value of the county (or of ``area``). Returns it and the one that it ended.

    Raises ``ThresholdRefused`` when it may not stand, naming the field.
    """
    threshold = Threshold(
        code=code,
        area_id=area or settings.COUNTY_CODE,
        value=value,
        unit=unit_of(code, Threshold.objects.filter(code=code).order_by("-id")[:1]),
        valid_from=valid_from,
        valid_until=valid_until,
        standing=standing,
        document=document,
        note=note,
    )
    return add_threshold(threshold=threshold, by=by, sealed_until=sealed_until())


def stop_threshold(*, threshold: Threshold, last_day: date, by: User) -> Threshold:
    """A value of the county holds until ``last_day``. Raises ``ThresholdRefused``."""
    return end_threshold(threshold=threshold, last_day=last_day, by=by, sealed_until=sealed_until())
