"""Three years after the answer a report forgets who it was about: the public page promises it (PIPL, art. 19)."""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from alerts.reports.models import Report, ReportState

YEARS = 3
NAMELESS = "—"
FORGOTTEN = {
    "name": NAMELESS,
    "group": "",
    "phone_sealed": None,
    "phone_hash": None,
    "identity_sealed": None,
    "identity_hash": None,
    "words_sealed": None,
    "words_hash": None,
    "receipt_hash": None,
}


def forget_reports(now: datetime | None = None) -> int:
    """Deletes name, numbers and words of reports answered, or set aside, three years ago. Returns how many.

    Risk, village, days, alert and answer stay: figures do not change. Idempotent; one statement.
    """
    now = now or timezone.now()
    # 29 February has no like three years later.
    limit = now.replace(year=now.year - YEARS, day=min(now.day, 28))
    over = Q(answered_at__isnull=False) | Q(state=ReportState.DISCARDED, checked_at__isnull=False)
    return (
        Report.objects.filter(over)
        .exclude(name=NAMELESS)
        .alias(ended_at=Coalesce("answered_at", "checked_at"))
        .filter(ended_at__lt=limit)
        .update(**FORGOTTEN)
    )
