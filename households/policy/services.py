"""Entering a threshold: dated, with its document, never over an existing value."""

from django.db import transaction
from django.db.models import Q

from households.ledger.services import write_audit
from households.policy.models import Threshold
from households.staff.models import User


class ThresholdOverlaps(Exception):
    """The code already has a value for this area on one of these days."""


@transaction.atomic
def add_threshold(*, threshold: Threshold, by: User | None = None) -> Threshold:
    """Saves a new value. Raises ``ThresholdOverlaps`` when one already holds on any of its days."""
    overlapping = Threshold.objects.filter(code=threshold.code, area_id=threshold.area_id).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=threshold.valid_from)
    )
    if threshold.valid_until is not None:
        overlapping = overlapping.filter(valid_from__lte=threshold.valid_until)
    if overlapping.exists():
        raise ThresholdOverlaps
    threshold.save(force_insert=True)
    write_audit(
        action="threshold_added",
        actor=by,
        subject="threshold",
        subject_id=threshold.pk,
        code=threshold.code,
        area=threshold.area_id,
        value=str(threshold.value),
        valid_from=threshold.valid_from.isoformat(),
    )
    return threshold
