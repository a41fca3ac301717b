"""Verdicts on alerts, given at the door: the moves a specialist would make at the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from alerts.models import Alert, AlertStatus
from alerts.transitions import MOVES, may_make
from alerts.travel.given import Given, MoveRefused, check_given
from alerts.travel.mover import Mover
from alerts.travel.moves import Asked, move_each

ACKNOWLEDGE, VERIFY = "acknowledge", "verify"


@dataclass(frozen=True)
class Said:
    """A verdict of a checked visit to ``household``."""

    household: int
    verdict: Mapping[str, Any]

    @property
    def alert(self) -> int:
        return self.verdict["alert"]

    @property
    def asked(self) -> Asked:
        """What is given with the move, and the alert as the tablet showed it."""
        return Asked(
            Given(
                note=self.verdict["note"],
                verdict=self.verdict["verdict"],
                risks=tuple(self.verdict["risks"]),
                reason=self.verdict["reason"],
            ),
            self.verdict["stamp"],
        )


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
    move = ACKNOWLEDGE if alert.status == AlertStatus.DISPATCHED else VERIFY
    return may_make(MOVES[move], status=alert.status, holder=alert.holder, level=level)


def give_verdicts(said: Sequence[Said], mover: Mover) -> list[Told]:
    """An answer a verdict, in order. Refused, it stands in its visit all the same, and nothing else is lost.

    In the caller's transaction and a constant number of statements. Whoever saw an alert before somebody else
    moved it is told so; so is a second verdict on the same one.
    """
    told: dict[int, Told] = {}
    alerts = _lock({one.alert for one in said}, mover)
    waiting = list(enumerate(said))
    while waiting:
        first: dict[int, tuple[int, Said]] = {}
        for place, one in waiting:
            first.setdefault(one.alert, (place, one))
        answers = _give([one for _place, one in first.values()], alerts, mover)
        told |= {place: answers[one.alert] for place, one in first.values()}
        waiting = [(place, one) for place, one in waiting if place not in told]
    return [told[place] for place in range(len(said))]


def _lock(ids: Iterable[int], mover: Mover) -> dict[int, Alert]:
    """In the order of ids, as every move locks; what stands there now can be relied on."""
    rows = Alert.objects.visible_to(mover).filter(pk__in=set(ids)).order_by("pk")
    return {alert.pk: alert for alert in rows.select_for_update(of=("self",))}


def _give(said: Iterable[Said], alerts: Mapping[int, Alert], mover: Mover) -> dict[int, Told]:
    """Alert → what became of the one verdict on it."""
    told, asked = {}, {}
    for one in said:
        alert = alerts.get(one.alert)
        if alert is None or alert.household_id != one.household:
            told[one.alert] = Told(one.alert, False, _("This alert is not one of this household any more."))
        else:
            asked[one.alert] = one.asked
    asked |= _acknowledge(asked, alerts, mover)
    results = move_each(asked=asked, move=VERIFY, by=mover) if asked else []
    return told | {result.alert_id: Told(result.alert_id, result.moved, result.sentence) for result in results}


def _acknowledge(asked: Mapping[int, Asked], alerts: Mapping[int, Alert], mover: Mover) -> dict[int, Asked]:
    """Says "I have it" of those that wait for it, and whose verdict is enough; they changed only by that."""
    waiting = {
        pk: Asked(Given(), one.seen)
        for pk, one in asked.items()
        if alerts[pk].status == AlertStatus.DISPATCHED and may_verify(alerts[pk], mover) and _is_enough(one.given)
    }
    results = move_each(asked=waiting, move=ACKNOWLEDGE, by=mover) if waiting else []
    return {result.alert_id: Asked(asked[result.alert_id].given) for result in results if result.moved}


def _is_enough(given: Given) -> bool:
    try:
        check_given(MOVES[VERIFY], given)
    except MoveRefused:
        return False
    return True
