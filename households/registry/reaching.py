"""Which single household somebody may open: one of the own area, or one whose matter lies with them at present.

Lists, searches and changes of the register start from ``visible_to`` and know nothing of the second kind. Packages
above this one know what is handed over; they answer ``also_reached``.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import Signal
from django.http import Http404

from households.areas.scope import Placed
from households.registry.models import Household

# They answer with ids (a list or a query): ``household`` where ``who`` reaches it outside the own area, or none.
also_reached = Signal()


def reachable(who: Placed, pk: int, rows: QuerySet | None = None) -> QuerySet:
    """The household ``pk`` as ``rows`` read it, or nothing. Each part is one probe of an index."""
    reached = Q(pk__in=Household.objects.visible_to(who).filter(pk=pk).values("pk"))
    for _receiver, ids in also_reached.send(sender=Household, who=who, household=pk):
        reached |= Q(pk__in=ids)
    return (Household.objects.all() if rows is None else rows).filter(reached, pk=pk)


def reachable_or_404(who: Placed, pk: int, rows: QuerySet | None = None) -> Any:
    """Elsewhere and nowhere look the same: 404."""
    household = reachable(who, pk, rows).first()
    if household is None:
        raise Http404
    return household


def is_own(who: Placed, household: Household) -> bool:
    """Whether it lives in the area of ``who``, and is not merely handed over."""
    scope = who.scope
    return scope is not None and scope.covers(household.county, household.township, household.village)
