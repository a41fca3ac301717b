"""Making the moves of ``alerts.transitions``: one road for one alert on a page and for three hundred at once.

Every move locks the alert's row first, is checked against the table, and writes one Event with who, when and why.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.transitions import MOVES, SYSTEM, Move, may_make
from alerts.travel.changes import Change, change_of
from alerts.travel.deadlines import due_days
from alerts.travel.given import Given, MoveRefused, check_given
from alerts.travel.models import Alert
from alerts.travel.mover import Mover, Moving
from alerts.travel.people import is_alone, people_at
from alerts.travel.telling import tell_people
from households.areas.models import Area
from households.ledger.models import Event
from households.policy.calendar import WorkCalendar

# Sent inside the transaction: ``alert_ids``, ``move`` (its code), ``on`` (the day).
alert_moved = Signal()

EVENT_KINDS = {
    "dispatch": "alert_dispatched",
    "acknowledge": "alert_acknowledged",
    "refuse": "alert_refused",
    "transfer": "alert_transferred",
    "verify": "alert_verified",
    "review": "alert_reviewed",
    "send_back": "alert_sent_back",
    "return": "alert_returned",
    "close": "alert_closed",
    "close_together": "alert_closed",
    "dismiss": "alert_dismissed",
    "reopen": "alert_reopened",
}


@dataclass(frozen=True)
class MoveResult:
    """What became of one of many: moved, or the sentence that says why not."""

    alert_id: int
    moved: bool
    sentence: str = ""


@dataclass(frozen=True)
class Asked:
    """What is given for one alert, and its ``stamp`` on the page where it was decided ("": not asked)."""

    given: Given
    seen: str = ""


def make_move(*, alert_id: int, move: str, by: Mover, given: Given | None = None, seen: str = "") -> Alert:
    """Moves one alert. ``seen``: the alert's ``stamp`` on the page where it was decided.

    Raises ``Alert.DoesNotExist`` outside the scope of ``by``, and ``MoveRefused``: not possible from where it
    stands, something is missing, or somebody else decided meanwhile.
    """
    asked = Asked(given or Given(), seen)
    check_given(_known(move), asked.given)
    moving, changes = _move({alert_id: asked}, move, by)
    if alert_id in moving.refused:
        raise moving.refused[alert_id]
    if not changes:
        raise Alert.DoesNotExist
    return Alert.objects.get(pk=alert_id)


def move_many(*, ids: Collection[int], move: str, by: Mover, given: Given | None = None) -> list[MoveResult]:
    """Moves each alert that can be moved, in the order given; the others say why not. A statement, not a loop.

    Raises ``MoveRefused`` when what was given is not enough for any of them.
    """
    asked = Asked(given or Given())
    check_given(_known(move), asked.given)
    return _results(ids, *_move(dict.fromkeys(ids, asked), move, by))


def move_each(*, asked: Mapping[int, Asked], move: str, by: Mover) -> list[MoveResult]:
    """As ``move_many``, with something else given for each: fifty verdicts in as many statements as one.

    What is not enough for one is that one's answer. Not for moves to another village.
    """
    enough, refused = {}, {}
    for pk, one in asked.items():
        try:
            check_given(_known(move), one.given)
            enough[pk] = one
        except MoveRefused as refusal:
            refused[pk] = refusal
    moving, changes = _move(enough, move, by)
    moving.refused.update(refused)
    return _results(asked, moving, changes)


def _results(ids: Collection[int], moving: Moving, changes: list[Change]) -> list[MoveResult]:
    moved = {change.alert.pk for change in changes}
    gone = _("It is not in your area any more.")
    return [
        MoveResult(pk, True) if pk in moved else MoveResult(pk, False, str(moving.refused.get(pk, gone)))
        for pk in dict.fromkeys(ids)
    ]


def _known(code: str) -> Move:
    if code not in MOVES or code not in EVENT_KINDS:
        raise MoveRefused(_("There is no such move."))
    return MOVES[code]


@transaction.atomic
def _move(asked: Mapping[int, Asked], code: str, by: Mover) -> tuple[Moving, list[Change]]:
    """``asked`` says the same village for all, or none."""
    # Locked in the order of their ids, as raising locks them; whoever comes second sees what the first one did.
    alerts = list(
        Alert.objects.visible_to(by).filter(pk__in=sorted(asked)).order_by("pk").select_for_update(of=("self",))
    )
    given = next((one.given for one in asked.values()), Given())
    moving = _moving(_known(code), given, by, alerts)
    changes = []
    for alert in alerts:
        try:
            _check_possible(alert, moving, asked[alert.pk].seen)
            changes.append(change_of(alert, replace(moving, given=asked[alert.pk].given)))
        except MoveRefused as refusal:
            moving.refused[alert.pk] = refusal
    _save(changes, moving)
    return moving, changes


def _moving(move: Move, given: Given, by: Mover, alerts: list[Alert]) -> Moving:
    now = timezone.now()
    today = timezone.localdate(now)
    village = Area.objects.filter(code=given.village, level="village").first() if given.village else None
    places = {code for alert in alerts for code in (alert.village, alert.handled_in, alert.township, alert.county)}
    people = people_at({*places, given.village})
    return Moving(move, given, by, now, today, due_days(today, WorkCalendar()), people, village)


def _check_possible(alert: Alert, moving: Moving, seen: str) -> None:
    if seen and seen != alert.stamp:
        raise MoveRefused(
            _("Somebody changed this alert meanwhile. It is %(status)s now, with the %(holder)s: look again.")
            % {"status": alert.get_status_display(), "holder": alert.get_holder_display()},
            code="alert_changed",
        )
    level, alone = moving.by.level_at(alert), is_alone(alert, moving.people)
    allowed = (
        alert.status in moving.move.sources and SYSTEM in moving.move.by
        if level == SYSTEM
        else may_make(moving.move, status=alert.status, holder=alert.holder, level=level, alone=alone)
    )
    if not allowed and alert.status in moving.move.alone and level == alert.holder:
        raise MoveRefused(_("Somebody is posted there: dispatch it."))
    if not allowed:
        raise MoveRefused(
            _("This is not possible now: the alert is %(status)s, with the %(holder)s.")
            % {"status": alert.get_status_display(), "holder": alert.get_holder_display()}
        )


def _save(changes: list[Change], moving: Moving) -> None:
    """One UPDATE for all alerts that change alike, one INSERT for all events."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    for change in changes:
        alike[tuple(sorted(change.columns.items(), key=lambda item: item[0]))].append(change.alert.pk)
    for columns, ids in alike.items():
        Alert.objects.filter(pk__in=ids).update(**dict(columns), changed_at=moving.now)
    events = Event.objects.bulk_create([event for change in changes for event in _events(change, moving)])
    if changes:
        tell_people(changes=changes, moving=moving, key=f"{moving.move.code}:{events[0].pk}")
        ids = [change.alert.pk for change in changes]
        alert_moved.send(Alert, alert_ids=ids, move=moving.move.code, on=moving.today)


def _events(change: Change, moving: Moving) -> list[Event]:
    """One event; two where it leaves a village, as with a household that moves: each village is told."""
    alert, columns = change.alert, change.columns
    shared: dict[str, Any] = {
        "subject": "alert",
        "subject_id": alert.pk,
        "status_before": alert.status,
        "status_after": columns.get("status", alert.status),
        "level_before": alert.level,
        "level_after": alert.level,
        "county": alert.county,
        "township": alert.township,
        "actor": moving.by.user,
        "client_id": moving.by.client_id,
    }
    event = Event(
        kind=EVENT_KINDS[moving.move.code],
        village=change.village_after,
        note=change.note,
        detail=change.detail,
        **shared,
    )
    if change.village_after == change.village_before:
        return [event]
    event.village_before = change.village_before
    return [event, Event(kind="alert_left", village=change.village_before, **shared)]
