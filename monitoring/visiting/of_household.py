"""What the household's page tells of its visits, read along with the household itself."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from households.models import Visit
from households.visits.models import AnswerState, VisitAnswer

SHOWN = 3


def with_visits(households: QuerySet) -> QuerySet:
    """Each household with ``last_visits`` (newest first: pk, on as text, unchanged, risks, visitor) and
    ``open_requests``, the number of change requests that wait for the township.
    """
    visits = Visit.objects.current().filter(household=OuterRef("pk")).order_by("-visited_on", "-pk")
    shown = JSONObject(pk="pk", on="visited_on", unchanged="unchanged", risks="risks", visitor="visitor__name")
    asked = VisitAnswer.objects.filter(visit__household=OuterRef("pk"), state=AnswerState.ASKED).order_by()
    counted = asked.values("visit__household").annotate(count=Count("pk")).values("count")
    return households.annotate(
        last_visits=ArraySubquery(visits.values(told=shown)[:SHOWN]),
        open_requests=Coalesce(Subquery(counted), 0),
    )
