"""An alert of an area event that is opened again: a closed event has no open alert (``docs/decisions/0012…``)."""

from collections.abc import Collection

from django.dispatch import receiver
from django.utils.translation import gettext as _

from alerts.areawide.models import AreaEvent
from alerts.travel.given import MoveRefused
from alerts.travel.models import Alert
from alerts.travel.moves import alert_moved


@receiver(alert_moved)
def leave_event(alert_ids: Collection[int], move: str, **_signal: object) -> None:
    """That of a household leaves its event and stands for itself. That of a village stays, for it is the event's
    visit list there, and is refused once the event is closed. Raises ``MoveRefused``.
    """
    if move != "reopen":
        return
    reopened = Alert.objects.filter(pk__in=alert_ids, area_event__isnull=False)
    reopened.filter(area__isnull=True).update(area_event=None)
    events = reopened.filter(area__isnull=False).values("area_event")
    # Locked as closing locks it: whoever comes second sees what the first one did.
    for event in AreaEvent.objects.filter(pk__in=events).order_by("pk").select_for_update():
        if event.closed_at is not None:
            raise MoveRefused(
                _("The area event is closed, and its visit list with it: declare a new event for this village.")
            )
