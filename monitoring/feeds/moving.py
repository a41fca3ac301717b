"""What a client may do with an alert, and how it says so: the table of moves, put into the words of the API."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from alerts.kinds import Risk
from alerts.transitions import CONFIRMED, LEVELS, MOVES, NO_RISK, SYSTEM, TABLE, UNCLEAR, Move, possible_moves
from alerts.travel.given import LONGEST_NOTE, Given, surprising_outcomes
from alerts.travel.models import Alert, Outcome, Reason, Verdict
from alerts.travel.move_forms import areas_around
from alerts.travel.people import is_alone, people_below
from households.areas.models import Level
from households.filtering import BadParameters, problem
from monitoring.feeds.bodies import Field, read_body

# The system's own moves are nobody's to ask for.
OFFERED = tuple(move.code for move in TABLE if set(move.by) != {SYSTEM})
ALWAYS = ("move", "seen", "note")
# Names that belong to one that the table of moves calls needed.
WITH = {"verdict": ("verdict", "risks", "reason")}

FIELDS = (
    Field("move", required=True, allowed=OFFERED),
    Field("seen", longest=40),
    Field("to", allowed=LEVELS[1:]),
    Field("village", longest=12),
    # Longer ones reach the move itself, which says how long a note may be.
    Field("note", longest=10 * LONGEST_NOTE),
    Field("verdict", allowed=tuple(Verdict.values)),
    Field("risks", allowed=tuple(Risk.values), many=True),
    Field("reason", allowed=tuple(Reason.values)),
    Field("outcome", allowed=tuple(Outcome.values)),
)


@dataclass(frozen=True)
class Wanted:
    """A move as it was asked for; ``seen`` in the form of ``Alert.stamp``, empty when it was not given."""

    move: str
    given: Given
    seen: str


def names_of(move: Move) -> tuple[str, ...]:
    """What a body may hold for this move, and nothing else: a verdict with an acknowledgement means a mix-up."""
    needed = tuple(name for need in move.needs if need != "note" for name in WITH.get(need, (need,)))
    return (*ALWAYS, *needed, *(("reason",) if move.code == "dismiss" else ()))


def read_move(data: Any) -> Wanted:
    """Raises ``BadParameters``: an unknown name or word, or a name that this move has no use for."""
    values = read_body(data, FIELDS)
    move = MOVES[values.pop("move")]
    names = names_of(move)
    problems = [problem("unknown_parameter", name, names) for name in values if name not in names]
    verdict = values.get("verdict")
    if "risks" in values and verdict in (NO_RISK, UNCLEAR):
        problems.append(problem("conflicting_parameters", "risks", (f"verdict={CONFIRMED}",)))
    if "reason" in values and verdict in (CONFIRMED, UNCLEAR):
        problems.append(problem("conflicting_parameters", "reason", (f"verdict={NO_RISK}",)))
    seen = ""
    if "seen" in values:
        try:
            seen = _stamp(values.pop("seen"))
        except ValueError:
            problems.append(problem("invalid_value", "seen", ("changed_at",)))
    if problems:
        raise BadParameters(problems)
    return Wanted(move.code, Given(**values), seen)


def _stamp(text: str) -> str:
    """``changed_at`` as the feed writes it, as ``Alert.stamp`` writes it. Raises ``ValueError``."""
    at = dt.datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    try:
        return at.astimezone(dt.UTC).isoformat()
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error


@dataclass(frozen=True)
class Asked:
    """One name of the body for one move. ``when``: values of other names, any of which makes it needed."""

    name: str
    required: bool = False
    allowed: tuple[str, ...] | None = None
    when: dict[str, list[str]] = field(default_factory=dict)


def possible_as_data(alert: Alert, level: str) -> dict[str, Any]:
    """How the alert stands, and the moves a client of ``level`` may make, each with what must be given."""
    alone = is_alone(alert, people_below([alert]))
    moves = possible_moves(status=alert.status, holder=alert.holder, level=level, alone=alone)
    return {
        "id": alert.pk,
        "status": alert.status,
        "holder": alert.holder,
        "seen": alert.changed_at,
        "moves": [
            {
                "move": move.code,
                "leads_to": move.target,
                "fields": [vars(asked) for asked in _asked(move, alert, level)],
            }
            for move in moves
        ],
    }


def _asked(move: Move, alert: Alert, level: str) -> list[Asked]:
    asked = []
    if "to" in move.needs:
        asked.append(Asked("to", True, LEVELS[LEVELS.index(level) + 1 :]))
    if "village" in move.needs:
        asked.append(Asked("village", True, _villages(alert)))
    if "verdict" in move.needs:
        asked += [
            Asked("verdict", True, tuple(Verdict.values)),
            Asked("risks", False, tuple(Risk.values), {"verdict": [CONFIRMED]}),
            Asked("reason", False, tuple(Reason.values), {"verdict": [NO_RISK]}),
        ]
    if "outcome" in move.needs:
        asked.append(Asked("outcome", True, _outcomes(move)))
    if move.code == "dismiss":
        asked.append(Asked("reason", False, tuple(Reason.values)))
    return [*asked, Asked("note", "note" in move.needs, None, _note_when(move, alert))]


def _outcomes(move: Move) -> tuple[str, ...]:
    if move.code == "dismiss":
        return (Outcome.NO_RISK.value, Outcome.DUPLICATE.value)
    return tuple(Outcome.values)


def _note_when(move: Move, alert: Alert) -> dict[str, list[str]]:
    if "verdict" in move.needs:
        return {"verdict": [UNCLEAR], "reason": [Reason.OTHER.value]}
    if move.code == "close" and (surprising := surprising_outcomes(alert.verdict)):
        return {"outcome": surprising}
    return {}


def _villages(alert: Alert) -> tuple[str, ...]:
    """Where it can be handed over to, whether somebody is posted there or not."""
    return tuple(
        area.code
        for area in areas_around(alert)
        if area.level == Level.VILLAGE and area.code != alert.working_village
    )
