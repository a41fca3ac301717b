"""What each move changes on an alert: one plain function a move, from the row as it stands to new columns."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from alerts.transitions import (
    ACKNOWLEDGED,
    CONFIRMED,
    COUNTY,
    DISPATCHED,
    LEVELS,
    NO_RISK,
    RAISED,
    REVIEWED,
    SYSTEM,
    TOWNSHIP,
    VERIFIED,
    VILLAGE,
    level_above,
)
from alerts.travel.given import MoveRefused, surprising_outcomes
from alerts.travel.models import Alert, Outcome
from alerts.travel.mover import Moving

# A step begins: nobody was reminded of it yet. One that begins overdue is still the one that somebody was told of.
AFRESH = {"reminded_on": None, "escalated_to": ""}
NO_VERDICT = {"verdict": "", "verified_at": None, "risks": None, "reason": ""}


@dataclass(frozen=True)
class Change:
    """The columns an alert gets, where it lay and lies, the codes of its event and what was noted with it."""

    alert: Alert
    columns: dict[str, Any]
    village_before: str | None
    village_after: str | None
    detail: dict[str, Any]
    note: str = ""


def change_of(alert: Alert, moving: Moving) -> Change:
    """Raises ``MoveRefused`` where the alert cannot go where it should."""
    columns = CHANGES[moving.move.code](alert, moving)
    columns["status"] = moving.move.target
    due_on = columns.get("due_on")
    if moving.move.restarts and (due_on is None or due_on >= moving.today):
        columns |= AFRESH
    before = alert.working_village
    after = columns.get("handled_in", alert.handled_in) or columns.get("village", alert.village)
    note = moving.given.note.strip()
    return Change(alert, columns, before, after, _detail(alert, columns, moving), note)


def _detail(alert: Alert, columns: dict[str, Any], moving: Moving) -> dict[str, Any]:
    holder = columns.get("holder", alert.holder)
    due_on = columns.get("due_on", alert.due_on)
    given = moving.given
    detail: dict[str, Any] = {
        "holder": [alert.holder, holder],
        "due_on": due_on.isoformat() if due_on else None,
        "to": columns.get("assignee_id"),
        "verdict": given.verdict,
        "risks": list(given.risks),
        "reason": given.reason,
        "outcome": given.outcome,
    }
    return {key: value for key, value in detail.items() if value}


def _due(moving: Moving, status: str, alert: Alert) -> Any:
    return moving.due[status, alert.level]


def _due_again(alert: Alert, moving: Moving) -> date:
    """Handed back or over: the clock goes on, and whoever has it now has no more time than for a new one.

    So two that send it to and fro win nothing, and what is overdue stays overdue until somebody acts on it.
    """
    days = (alert.due_on, alert.verify_by, _due(moving, DISPATCHED, alert))
    return min(day for day in days if day is not None)


def _due_below(alert: Alert, moving: Moving) -> date:
    """Sent down in time, a level has its own days, but none behind the verification as a whole."""
    again = _due_again(alert, moving)
    fresh = _due(moving, DISPATCHED, alert)
    if alert.verify_by is None:
        return fresh
    return again if again < moving.today else min(fresh, alert.verify_by)


def _dispatch(alert: Alert, moving: Moving) -> dict[str, Any]:
    """To the village where somebody is posted, else to the township's list; never to nobody."""
    by, to = moving.by.level, moving.given.to
    if by != SYSTEM and LEVELS.index(to) <= LEVELS.index(by):
        raise MoveRefused(_("You can only dispatch downwards."), "to", "move_needs")
    village = alert.working_village
    if to == VILLAGE and moving.people.posted(village):
        holder, assignee = VILLAGE, moving.people.only_one(village)
    elif by != TOWNSHIP and moving.people.posted(alert.township):
        holder, assignee = TOWNSHIP, None
    elif by == TOWNSHIP:
        raise MoveRefused(_("Nobody is posted in this village: the township has to look into it itself."))
    elif moving.people.posted(village):
        raise MoveRefused(_("Nobody is posted in this township: dispatch it to the village."), "to")
    else:
        raise MoveRefused(_("Nobody is posted in this township: the county has to look into it itself."))
    columns: dict[str, Any] = {
        "holder": holder,
        "assignee_id": assignee,
        "due_on": _due_below(alert, moving),
    }
    if alert.dispatched_at is None:
        columns["dispatched_at"] = moving.now
    if alert.verify_by is None:
        # Counted from the first dispatch, whoever holds it meanwhile.
        columns["verify_by"] = _due(moving, ACKNOWLEDGED, alert)
    return columns


def _acknowledge(alert: Alert, moving: Moving) -> dict[str, Any]:
    verify_by = alert.verify_by or _due(moving, ACKNOWLEDGED, alert)
    user = moving.by.user
    return {"assignee_id": user.pk if user else alert.assignee_id, "due_on": verify_by, "verify_by": verify_by}


def _refuse(alert: Alert, moving: Moving) -> dict[str, Any]:
    """The level above has it again, and no more time: the household has waited as long."""
    holder = level_above(alert.holder)
    if holder == TOWNSHIP and not moving.people.posted(alert.township):
        holder = COUNTY
    return {"holder": holder, "assignee_id": None, "handled_in": None, "due_on": _due_again(alert, moving)}


def _transfer(alert: Alert, moving: Moving) -> dict[str, Any]:
    village = moving.village
    if village is None or village.township != alert.township or village.valid_until is not None:
        raise MoveRefused(
            _("Choose a village of the same township; for another one the household is moved in the register."),
            "village",
            "move_needs",
        )
    if village.code == alert.working_village:
        raise MoveRefused(_("It lies in this village already."), "village", "move_needs")
    if not moving.people.posted(village.code):
        raise MoveRefused(_("Nobody is posted in this village."), "village", "move_needs")
    place: dict[str, Any] = {"handled_in": None if village.code == alert.village else village.code}
    if alert.household_id is None and alert.area_id is None:
        # A report not matched yet lies where it is said to lie.
        place = {"village": village.code, "handled_in": None}
    return place | {
        "holder": VILLAGE,
        "assignee_id": moving.people.only_one(village.code),
        "due_on": _due_again(alert, moving),
    }


def _verify(alert: Alert, moving: Moving) -> dict[str, Any]:
    given = moving.given
    return {
        "holder": TOWNSHIP if moving.people.posted(alert.township) else COUNTY,
        "due_on": _due(moving, VERIFIED, alert),
        "verdict": given.verdict,
        "risks": tuple(given.risks) if given.verdict == CONFIRMED else None,
        "reason": given.reason if given.verdict == NO_RISK else "",
        "verified_at": moving.now,
    }


def _review(alert: Alert, moving: Moving) -> dict[str, Any]:
    return {"holder": COUNTY, "due_on": _due(moving, REVIEWED, alert)}


def _send_back(alert: Alert, moving: Moving) -> dict[str, Any]:
    """To the village again; where nobody is posted, whoever reviewed has to look."""
    village = alert.working_village
    posted = moving.people.posted(village)
    due_on = _due(moving, ACKNOWLEDGED, alert)
    assignee = alert.assignee_id if alert.assignee_id in posted else moving.people.only_one(village)
    return NO_VERDICT | {
        "holder": VILLAGE if posted else alert.holder,
        "assignee_id": assignee,
        "due_on": due_on,
        "verify_by": due_on,
    }


def _return(alert: Alert, moving: Moving) -> dict[str, Any]:
    holder = TOWNSHIP if moving.people.posted(alert.township) else COUNTY
    return {"holder": holder, "due_on": _due(moving, VERIFIED, alert)}


def _close(alert: Alert, moving: Moving) -> dict[str, Any]:
    outcome = moving.given.outcome
    if outcome in surprising_outcomes(alert.verdict) and not moving.given.note.strip():
        raise MoveRefused(
            _("“%(outcome)s” does not follow from the verdict “%(verdict)s”: say why.")
            % {"outcome": Outcome(outcome).label, "verdict": alert.get_verdict_display()},
            "note",
            "move_needs",
        )
    if alert.report is not None and outcome == Outcome.TO_IDENTIFY:
        raise MoveRefused(
            _("Nobody knows yet whose report this is: open it on the alert's page and say which household."),
            "outcome",
            "move_needs",
        )
    return {"holder": COUNTY, "closed_at": moving.now, "due_on": None, "outcome": outcome}


def _close_together(alert: Alert, moving: Moving) -> dict[str, Any]:
    """With its area event. What was found at this door stands: a risk is decided by itself, no risk stays none."""
    if alert.verdict == CONFIRMED:
        raise MoveRefused(_("A risk was confirmed here: decide on this one by itself first."))
    outcome = Outcome.NO_RISK if alert.verdict == NO_RISK else moving.given.outcome
    return {"holder": COUNTY, "closed_at": moving.now, "due_on": None, "outcome": outcome}


def _dismiss(alert: Alert, moving: Moving) -> dict[str, Any]:
    given = moving.given
    if given.outcome not in {Outcome.NO_RISK, Outcome.DUPLICATE}:
        raise MoveRefused(
            _("Without a visit an alert is closed only as no risk or a duplicate."), "outcome", "move_needs"
        )
    return _close(alert, moving) | {"reason": given.reason}


def _reopen(alert: Alert, moving: Moving) -> dict[str, Any]:
    same = Alert.objects.filter(kind_id=alert.kind_id, closed_at__isnull=True)
    subject = {"household_id": alert.household_id, "area_id": alert.area_id, "report": alert.report}
    if same.filter(**subject).exists():
        raise MoveRefused(_("Another alert of the same cause is open: go on with that one."))
    return NO_VERDICT | {
        "holder": COUNTY,
        "assignee_id": None,
        "closed_at": None,
        "outcome": "",
        "due_on": _due(moving, RAISED, alert),
        "verify_by": None,
    }


CHANGES: dict[str, Callable[[Alert, Moving], dict[str, Any]]] = {
    "dispatch": _dispatch,
    "acknowledge": _acknowledge,
    "refuse": _refuse,
    "transfer": _transfer,
    "verify": _verify,
    "review": _review,
    "send_back": _send_back,
    "return": _return,
    "close": _close,
    "close_together": _close_together,
    "dismiss": _dismiss,
    "reopen": _reopen,
}
