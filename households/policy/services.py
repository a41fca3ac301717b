"""Entering a threshold: dated, with its document, never over an existing value."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from households.ledger.services import write_audit
from households.policy.models import Standing, Threshold
from households.staff.models import User


class ThresholdOverlaps(Exception):
    """The code already has a value for this area on one of these days."""


@transaction.atomic
def add_threshold(
    *,
    code: str,
    area: str,
    value: Decimal,
    unit: str,
    valid_from: date,
    valid_until: date | None,
    document: str,
    standing: Standing = Standing.SOURCED,
    note: str = "",
    by: User | None = None,
) -> Threshold:
    """Adds a value. Raises ``ThresholdOverlaps`` when one already holds on any of these days."""
    overlapping = Threshold.objects.filter(code=code, area_id=area).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=valid_from)
    )
    if valid_until is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_until)
    if overlapping.exists():
        raise ThresholdOverlaps
    threshold = Threshold.objects.create(
        code=code,
        area_id=area,
        value=value,
        unit=unit,
        valid_from=valid_from,
        valid_until=valid_until,
        document=document,
        standing=standing,
        note=note,
    )
    write_audit(
        action="threshold_added",
        actor=by,
        subject="threshold",
        subject_id=threshold.pk,
        code=code,
        area=area,
        value=str(value),
        valid_from=valid_from.isoformat(),
    )
    return threshold
