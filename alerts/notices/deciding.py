"""What a person decides about a delivery that is stuck or in doubt. Each decision is audited."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.notices.models import Delivery, DeliveryState
from households.ledger.services import write_audit
from households.staff.models import User

WAITING, SENT, DROPPED = DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.DROPPED
IN_DOUBT, FAILED = DeliveryState.IN_DOUBT, DeliveryState.FAILED


@dataclass(frozen=True)
class Decision:
    """From which states to which; ``error`` is the code that stays with the delivery."""

    action: str
    sources: tuple[DeliveryState, ...]
    target: DeliveryState
    error: str = ""


DECISIONS = {
    # With the number it had: a gateway that heeds Idempotency-Key sends nothing twice.
    "again": Decision("delivery_sent_again", (WAITING, IN_DOUBT, FAILED), WAITING),
    "arrived": Decision("delivery_arrived", (IN_DOUBT,), SENT, "arrived"),
    "drop": Decision("delivery_dropped", (WAITING, IN_DOUBT, FAILED), DROPPED, "dropped"),
}


@transaction.atomic
def decide(*, decision: str, ids: Iterable[int], by: User) -> int:
    """Carries out a decision of ``DECISIONS`` on deliveries by id. Returns how many.

    Those that the sender, or somebody else, has taken up meanwhile are left as they are.
    """
    row = DECISIONS[decision]
    locked = Delivery.objects.select_for_update().filter(pk__in=list(ids), state__in=row.sources).order_by("pk")
    deliveries = list(locked)
    for delivery in deliveries:
        write_audit(
            action=row.action,
            actor=by,
            subject="notice",
            subject_id=delivery.notice_id,
            way=delivery.way,
            state_before=delivery.state,
        )
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        state=row.target, error=row.error, claimed_at=None, **_fields(row)
    )
    return len(deliveries)


def _fields(decision: Decision) -> dict[str, Any]:
    now = timezone.now()
    if decision.target == WAITING:
        return {"tries": 0, "not_before": now}
    return {"sent_at": now} if decision.target == SENT else {}
