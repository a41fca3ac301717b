"""How far the visits of an event are: counts by village in order of code, and the list of its households.

Counts only, never a share and never by number: one village is one specialist, and a rate would rank people.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery

from alerts.areawide.models import AreaEvent, AreaEventVillage
from alerts.transitions import CONFIRMED
from alerts.travel.models import Alert
from households.areas.models import Area
from households.areas.scope import Placed
from households.models import Household, Visit
from households.registry.listing import Row, household_rows


@dataclass(frozen=True)
class VillageProgress:
    """One village of an event. ``alert``: that of the village itself; ``joined``: those of its households."""

    area: Area
    township: str
    households: int
    visited: int
    alert: Alert | None
    joined: int

    @property
    def left(self) -> int:
        return self.households - self.visited


@dataclass(frozen=True)
class Visitable:
    """One household of the list. ``visited_on``: the newest visit since the event, None where none was made."""

    row: Row
    visited_on: date | None
    alert_id: int | None


def visits_since(event: AreaEvent) -> QuerySet[Visit]:
    """The visits that count for the household around it: on the day of the event or later, and not taken back."""
    return Visit.objects.current().filter(household=OuterRef("pk"), visited_on__gte=event.happened_on)


def progress_of(event: AreaEvent, who: Placed) -> list[VillageProgress]:
    """The villages that ``who`` sees, in order of code. Four queries."""
    villages = list(
        AreaEventVillage.objects.visible_to(who).filter(event=event).select_related("area").order_by("village")
    )
    codes = [village.village for village in villages]
    counted = (
        Household.objects.filter(village__in=codes, gone_on__isnull=True)
        .annotate(seen=Exists(visits_since(event)))
        .order_by()
        .values_list("village")
        .annotate(living=Count("pk"), visited=Count("pk", filter=Q(seen=True)))
    )
    households = {village: (count, visited) for village, count, visited in counted}
    own, joined = _alerts(event, codes)
    townships = dict(Area.objects.filter(code__in={code[:9] for code in codes}).values_list("code", "name"))
    return [
        VillageProgress(
            village.area,
            townships.get(village.township, ""),
            *households.get(village.village, (0, 0)),
            own.get(village.village),
            joined.get(village.village, 0),
        )
        for village in villages
    ]


def _alerts(event: AreaEvent, codes: list[str]) -> tuple[dict[str, Alert], dict[str, int]]:
    """The alert of each village, and how many of its households' alerts joined."""
    own: dict[str, Alert] = {}
    joined: dict[str, int] = {}
    for alert in Alert.objects.filter(area_event=event, village__in=codes).only(
        "village", "area", "status", "holder", "due_on", "level", "closed_at"
    ):
        village = str(alert.village)
        if alert.area_id is None:
            joined[village] = joined.get(village, 0) + 1
        else:
            own[village] = alert
    return own, joined


def joined_alerts(event: AreaEvent, who: Placed) -> QuerySet[Alert]:
    """The alerts of households that joined, open or closed: what the alert list shows under the page's link."""
    return Alert.objects.visible_to(who).filter(area_event=event, household__isnull=False)


def undecided(event: AreaEvent, who: Placed) -> QuerySet[Alert]:
    """The open alerts with a confirmed risk: each is decided by itself, and the event stays open until then."""
    alerts = Alert.objects.visible_to(who).filter(area_event=event, closed_at__isnull=True, verdict=CONFIRMED)
    return alerts.select_related("household", "area", "kind").order_by("pk")


def visit_list(event: AreaEvent, village: str, *, visited: bool | None = None) -> list[Visitable]:
    """All households of a village of the event in the order of their numbers, or only those (not) visited yet.

    Three queries. Who lives there no more is not on it.
    """
    last = visits_since(event).order_by("-visited_on").values("visited_on")[:1]
    alert = Alert.objects.filter(household=OuterRef("pk"), area_event=event).order_by("pk").values("pk")[:1]
    households = (
        Household.objects.filter(village=village, gone_on__isnull=True)
        .annotate(visited_on=Subquery(last, output_field=DateField()), alert_id=Subquery(alert))
        .order_by(F("code").asc(nulls_last=True), "pk")
    )
    if visited is not None:
        households = households.filter(visited_on__isnull=not visited)
    rows: list[Any] = list(households)
    return [
        Visitable(row, household.visited_on, household.alert_id)
        for row, household in zip(household_rows(rows, {}), rows, strict=True)
    ]
