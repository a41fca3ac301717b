"""The bell: what one person was told, and that they have read it. Nobody else sees who read what."""

from django.db.models import QuerySet
from django.utils import timezone

from alerts.notices.models import Notice
from households.staff.models import User

# The header counts no further; more than that is "99+".
COUNT_UP_TO = 100


def unread_of(user: User) -> QuerySet[Notice]:
    """Unread notices, for the number at the bell of every page: one look into an index of unread ones."""
    return Notice.objects.filter(recipient_id=user.pk, read_at=None).order_by()


def mark_read(*, by: User, notices: QuerySet[Notice]) -> int:
    """Marks those of ``notices`` that are one's own and unread. Returns how many."""
    return notices.filter(recipient_id=by.pk, read_at=None).update(read_at=timezone.now())
