"""Writing to the ledger: always in the transaction of the change itself, never afterwards."""

from typing import Any

from django.utils import timezone

from households.ledger.models import AuditEntry, Event


def write_audit(*, action: str, actor=None, subject: str = "", subject_id: object = "", **detail: object) -> None:
    """Notes who did or read what. ``detail`` takes codes, counts and masked forms only.

    The row is chained by the publisher within a second (``households.ledger.publishing``).
    """
    AuditEntry.objects.create(
        at=timezone.now(),
        actor=actor if actor is not None and actor.pk else None,
        action=action,
        subject=subject,
        subject_id=str(subject_id),
        detail=detail,
    )


def record_event(*, kind: str, subject: str, subject_id: int, place, actor=None, **changes: Any) -> Event:
    """One event of one subject. ``place`` is any row that carries county, township and village."""
    return Event.objects.create(
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        county=place.county,
        township=place.township,
        village=place.village,
        actor=actor,
        **changes,
    )
