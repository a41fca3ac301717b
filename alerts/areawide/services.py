"""Declaring an area event, and closing it: one flood in named villages is one matter, raised and closed together.

What is decided of it stands in ``docs/decisions/0012-one-flood-is-one-event.md``.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.areawide.kinds import kind_code
from alerts.areawide.models import AreaEvent, AreaEventVillage
from alerts.kinds import AlertLevel
from alerts.notices.services import Told, notify_each
from alerts.transitions import COUNTY, SYSTEM, VILLAGE
from alerts.travel.dispatching import dispatch_alerts
from alerts.travel.given import Given
from alerts.travel.models import Alert
from alerts.travel.mover import Mover
from alerts.travel.moves import MoveResult, move_many
from alerts.travel.people import people_at
from alerts.travel.telling import common_place
from households.areas.models import Area
from households.areas.scope import Scope
from households.ledger.models import Event
from households.ledger.services import write_audit
from households.models import Household
from households.refusal import Refused
from households.staff.models import User

SUBJECT = "area_event"

# Open alerts that rules raised of households for the same risk, whoever has them in hand: they are closed with the
# event. What somebody found at a door or reported is decided by itself.
JOIN = """
WITH locked AS MATERIALIZED (
    SELECT alert.id FROM alerts_alert AS alert
    JOIN alerts_alertkind AS kind
        ON kind.code = alert.kind_id AND kind.risk = %(risk)s AND kind.channel = 'rule'
    WHERE alert.village = ANY(%(villages)s) AND alert.household_id IS NOT NULL AND alert.closed_at IS NULL
    ORDER BY alert.id FOR UPDATE OF alert
),
joined AS (
    UPDATE alerts_alert AS alert SET area_event_id = %(event)s, changed_at = now()
    FROM locked WHERE alert.id = locked.id
    RETURNING alert.id, alert.status, alert.level, alert.county, alert.township, alert.village
)
INSERT INTO households_event (at, kind, subject, subject_id, status_before, status_after, level_before,
                              level_after, county, township, village, actor_id, detail)
SELECT now(), 'alert_joined', 'alert', id, status, status, level, level, county, township, village, %(actor)s,
       jsonb_build_object('area_event', %(event)s)
FROM joined ORDER BY id
"""


class EventRefused(Refused):
    """``field`` names what is wrong in the form; empty where the event itself cannot be changed."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Closing:
    """What became of the alerts of an event. It stays open as long as one of them does."""

    event: AreaEvent
    results: list[MoveResult]

    @property
    def closed(self) -> list[MoveResult]:
        return [result for result in self.results if result.moved]

    @property
    def left(self) -> list[MoveResult]:
        return [result for result in self.results if not result.moved]


@transaction.atomic
def declare_event(
    *,
    name: str,
    risk: str,
    happened_on: dt.date,
    villages: Collection[str],
    by: User,
    level: str = AlertLevel.RED,
    words: str = "",
) -> AreaEvent:
    """One alert a village, dispatched at once; open alerts of households there for the same risk join.

    ``villages``: codes of villages of the county that exist today. Raises ``EventRefused``, naming the field.
    """
    if happened_on > timezone.localdate():
        raise EventRefused(_("This day has not come yet."), "happened_on")
    areas = _locked_villages(villages, by)
    _refuse_twice(areas, risk)
    event = AreaEvent.objects.create(
        county=areas[0].code[:6], name=name, risk=risk, happened_on=happened_on, words=words, created_by=by
    )
    AreaEventVillage.objects.bulk_create(
        AreaEventVillage(
            event=event, area=area, county=event.county, township=area.code[:9], village=area.code, open_risk=risk
        )
        for area in areas
    )
    households = _count_households(areas)
    alerts = _raise(event, areas, households, level, by)
    with connection.cursor() as cursor:
        codes = [area.code for area in areas]
        cursor.execute(JOIN, {"event": event.pk, "risk": risk, "villages": codes, "actor": by.pk})
        joined = cursor.rowcount
    ids = [alert.pk for alert in alerts]
    move_many(ids=ids, move="dispatch", given=Given(to=VILLAGE), by=Mover.of_user(by))
    # Where nobody is posted at all the county keeps it, with a deadline.
    dispatch_alerts(county=event.county, ids=ids)
    _tell(event, areas, households, urgent=level == AlertLevel.RED)
    _note(event, "area_event_declared", by, villages=len(areas), joined=joined)
    return event


def _locked_villages(codes: Collection[str], by: User) -> list[Area]:
    """In order of code; of two people who name the same village one comes after the other."""
    scope = by.scope
    if not codes:
        raise EventRefused(_("Choose at least one village."), "villages")
    if scope is None or scope.level != COUNTY:
        raise EventRefused(_("Only the county declares an area event."))
    villages = Area.objects.filter(level="village", county__in=scope.codes, valid_until__isnull=True)
    areas = list(villages.filter(code__in=codes).order_by("code").select_for_update(no_key=True))
    if len(areas) < len(set(codes)):
        raise EventRefused(_("One of these is no village of the county."), "villages")
    return areas


def _refuse_twice(areas: list[Area], risk: str) -> None:
    """One open alert a village and risk: a second one would be the same visit list once more."""
    covered = set(
        AreaEventVillage.objects.filter(area__in=areas, open_risk=risk).values_list("area_id", flat=True)
    )
    covered |= set(
        Alert.objects.filter(area__in=areas, kind=kind_code(risk), closed_at__isnull=True).values_list(
            "area_id", flat=True
        )
    )
    if covered:
        names = _(", ").join(area.short_name for area in areas if area.code in covered)
        raise EventRefused(
            _("An area event of this risk is open already in %(names)s.") % {"names": names}, "villages"
        )


def _count_households(areas: list[Area]) -> dict[str, int]:
    living = Household.objects.filter(village__in=[area.code for area in areas], gone_on__isnull=True)
    return dict(living.order_by().values_list("village").annotate(Count("pk")))


def _raise(event: AreaEvent, areas: list[Area], households: dict[str, int], level: str, by: User) -> list[Alert]:
    now = timezone.now()
    month = event.happened_on.replace(day=1)
    alerts = Alert.objects.bulk_create(
        Alert(
            area=area,
            county=event.county,
            township=area.code[:9],
            village=area.code,
            kind_id=kind_code(event.risk),
            level=level,
            values={"households": households.get(area.code, 0)},
            sentence_zh=f"{event.name}：本村 {households.get(area.code, 0):,} 户逐户走访",
            sentence_en=f"{event.name}: visit all {households.get(area.code, 0):,} households of the village",
            first_month=month,
            last_month=month,
            raised_at=now,
            changed_at=now,
            area_event=event,
        )
        for area in areas
    )
    Event.objects.bulk_create(
        Event(
            kind="alert_raised",
            subject="alert",
            subject_id=alert.pk,
            status_after=alert.status,
            level_after=level,
            county=alert.county,
            township=alert.township,
            village=alert.village,
            actor=by,
            detail={"area_event": event.pk},
        )
        for alert in alerts
    )
    return alerts


def _tell(event: AreaEvent, areas: list[Area], households: dict[str, int], *, urgent: bool) -> None:
    """Each township of its villages, each specialist of the own ones: how many households are to be visited."""
    own: dict[int, list[Area]] = {}
    people = people_at({code for area in areas for code in (area.code, area.township)})
    for area in areas:
        for user in {*people.posted(area.code), *people.posted(area.township)}:
            own.setdefault(user, []).append(area)
    told = [
        Told(
            user,
            {
                "place": common_place(area.code for area in villages),
                "villages": len(villages),
                "households": sum(households.get(area.code, 0) for area in villages),
            },
            urgent,
        )
        for user, villages in own.items()
    ]
    path = reverse("areawide:detail", args=[event.pk])
    notify_each(kind="area_event", key=f"area_event:{event.pk}", told=told, path=path)


def _note(event: AreaEvent, kind: str, by: User, **detail: object) -> None:
    Event.objects.create(
        kind=kind, subject=SUBJECT, subject_id=event.pk, county=event.county, actor=by, detail=detail
    )
    write_audit(action=kind, actor=by, subject=SUBJECT, subject_id=event.pk, **detail)


@transaction.atomic
def close_event(*, event_id: int, by: User, outcome: str = "", note: str = "") -> Closing:
    """Closes all open alerts of an event, whatever step they stand at, and then the event.

    An alert with a confirmed risk is not closed with the others: somebody in that house needs a decision of its
    own. It is among the results with a sentence, and the event stays open until it is decided. One that was found
    to be no risk is closed as that, the others with ``outcome``. Where all are decided already, the event alone is
    closed and no outcome is needed. Raises ``EventRefused``, and ``MoveRefused`` where ``outcome`` is missing.
    """
    event = AreaEvent.objects.visible_to(by).select_for_update().get(pk=event_id)
    if event.closed_at is not None:
        raise EventRefused(_("This event is closed already."))
    ids = list(event.alerts.filter(closed_at__isnull=True).order_by("pk").values_list("pk", flat=True))
    county = Mover(SYSTEM, Scope(COUNTY, (event.county,)), by)
    given = Given(outcome=outcome, note=note)
    results = move_many(ids=ids, move="close_together", given=given, by=county) if ids else []
    if all(result.moved for result in results):
        event.closed_at = timezone.now()
        event.save(update_fields=["closed_at"])
        event.villages.update(open_risk=None)
        _note(event, "area_event_closed", by, outcome=outcome, closed=len(results))
    return Closing(event, results)
