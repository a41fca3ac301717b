"""How sending stands, for the home page and the list of deliveries."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from alerts.notices.models import Delivery, DeliveryState
from alerts.notices.quiet import let_out
from households.policy.calendar import WorkCalendar

# Due for so long and not taken up: the sender is not at work.
PATIENCE = dt.timedelta(minutes=10)
# After so many tries (21 minutes) it is no hiccup any more.
MANY_TRIES = 3


@dataclass(frozen=True)
class Standing:
    """Deliveries by what they wait for. ``late``: due and not taken up; ``struggling``: tried again and again."""

    waiting: int
    sending: int
    in_doubt: int
    failed: int
    late: int
    struggling: int

    @property
    def needs_somebody(self) -> bool:
        return bool(self.in_doubt or self.failed or self.late or self.struggling)


def deliveries_now() -> Standing:
    """One walk over what was not sent; calendar and urgency are asked for only when something seems late."""
    now = timezone.now()
    by_state = {
        state: Count("id", filter=Q(state=state)) for state in ("waiting", "sending", "in_doubt", "failed")
    }
    unsent = Delivery.objects.filter(state__in=list(by_state))
    late = Q(state=DeliveryState.WAITING, not_before__lt=now - PATIENCE)
    struggling = Q(state=DeliveryState.WAITING, tries__gte=MANY_TRIES)
    counts = unsent.aggregate(
        **by_state,
        late=Count("id", filter=late),
        struggling=Count("id", filter=struggling),
    )
    if counts["late"]:
        # What waits over night is not late in the morning until the sender had its time.
        calendar = WorkCalendar()
        out = let_out(now, calendar) & let_out(now - PATIENCE, calendar)
        counts["late"] = Delivery.objects.filter(late & out).count()
    return Standing(**counts)
