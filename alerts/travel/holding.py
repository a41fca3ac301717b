"""Whose turn it is: which open alerts somebody has to move, and which wait for others."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from alerts.transitions import VILLAGE
from households.areas.scope import Placed
from households.models import Posting, User


def held_by(who: Placed) -> Q:
    """Open alerts of the own scope that ``who`` has to move; the rest of the scope waits for others.

    A level moves what it holds. In a village that is what was not handed over to another village, what was handed
    over to this one, and of these what no colleague took who is still posted there: what a leaver had taken is
    everybody's again.
    """
    scope = who.scope
    if scope is None:
        return Q(pk__in=[])
    held = Q(holder=scope.level)
    if scope.level != VILLAGE:
        return held
    here = Q(handled_in__isnull=True, village__in=scope.codes) | Q(handled_in__in=scope.codes)
    if not isinstance(who, User):
        return held & here
    taken = Posting.objects.current().filter(
        user=OuterRef("assignee"), area=Coalesce(OuterRef("handled_in"), OuterRef("village")), user__is_active=True
    )
    return held & here & (Q(assignee=who.pk) | Q(~Exists(taken)))
