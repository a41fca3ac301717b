"""The verdict on an alert, given at the door: the moves a specialist would make at the desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alerts.models import Alert, AlertStatus
from alerts.transitions import MOVES, may_make
from alerts.travel.given import Given, MoveRefused
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move


@dataclass(frozen=True)
class Told:
    """What became of one verdict; the sentence says why it could not be given."""

    alert: int
    moved: bool
    sentence: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"alert": self.alert, "moved": self.moved, "sentence": self.sentence}


def may_verify(alert: Alert, mover: Mover) -> bool:
    """Whether the verdict is theirs to give now, if need be after saying that they have it."""
    level = mover.level_at(alert)
    if alert.status == AlertStatus.DISPATCHED:
        return may_make(MOVES["acknowledge"], status=alert.status, holder=alert.holder, level=level)
    return may_make(MOVES["verify"], status=alert.status, holder=alert.holder, level=level)


def lock_alerts(ids: Iterable[int], mover: Mover) -> dict[int, Alert]:
    """The alerts that a request's verdicts speak of, locked in the order of ids, as every move locks."""
    rows = Alert.objects.visible_to(mover).filter(pk__in=set(ids)).order_by("pk")
    return {alert.pk: alert for alert in rows.select_for_update(of=("self",))}


def give_verdict(verdict: Mapping[str, Any], *, household: int, alerts: Mapping[int, Alert], mover: Mover) -> Told:
    """One verdict of a checked visit. Refused, it stands in the visit all the same, and nothing else is lost.

    ``alerts``: those of ``lock_alerts``. Whoever saw the alert before somebody else moved it is told so.
    """
    pk = verdict["alert"]
    alert = alerts.get(pk)
    if alert is None or alert.household_id != household:
        return Told(pk, False, _("This alert is not one of this household any more."))
    given = Given(
        note=verdict["note"],
        verdict=verdict["verdict"],
        risks=tuple(verdict["risks"]),
        reason=verdict["reason"],
    )
    try:
        with transaction.atomic():
            _move(alert, given, verdict["stamp"], mover)
    except MoveRefused as refused:
        return Told(pk, False, str(refused))
    except Alert.DoesNotExist:
        return Told(pk, False, _("It is not in your area any more."))
    return Told(pk, True)


def _move(alert: Alert, given: Given, seen: str, mover: Mover) -> None:
    if alert.status == AlertStatus.DISPATCHED and may_verify(alert, mover):
        seen = make_move(alert_id=alert.pk, move="acknowledge", by=mover, seen=seen).stamp
    make_move(alert_id=alert.pk, move="verify", by=mover, given=given, seen=seen)
