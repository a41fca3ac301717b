"""A household whose alert was handed over opens to the village that looks into it, until the alert is closed."""

from collections.abc import Iterable

from django.dispatch import receiver

from alerts.transitions import VILLAGE
from alerts.travel.models import Alert
from households.areas.scope import Placed
from households.registry.reaching import also_reached


@receiver(also_reached)
def handed_over(who: Placed, household: int, **_signal: object) -> Iterable[int]:
    """``household``, where the village of ``who`` looks into an open alert of it (``docs/decisions/0014…``)."""
    scope = getattr(who, "scope", None)
    if scope is None or scope.level != VILLAGE:
        return []
    handed = Alert.objects.filter(household=household, handled_in__in=scope.codes, closed_at__isnull=True)
    return handed.values("household")
