"""What is given with a move, and whether it is enough. Sentences name the field."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alerts.kinds import Risk
from alerts.transitions import CONFIRMED, LEVELS, NO_RISK, Move
from alerts.travel.models import Outcome, Reason, Verdict
from households.refusal import Refused

LONGEST_NOTE = 500
# Outcomes that say whether there is a risk, and the verdict from which they follow; the others go with any.
FOLLOWS_FROM = {Outcome.TO_IDENTIFY: CONFIRMED, Outcome.NO_RISK: NO_RISK}


class MoveRefused(Refused):
    """``field`` names what is missing or wrong in the form; empty when the move itself is not possible."""

    def __init__(self, sentence: str, field: str = "", code: str = "move_not_possible"):
        super().__init__(sentence)
        self.field = field
        self.code = code


@dataclass(frozen=True)
class Given:
    """``to`` is a level, ``village`` a code; the others are words of the plain tables in ``alerts``."""

    to: str = ""
    village: str = ""
    note: str = ""
    verdict: str = ""
    risks: tuple[str, ...] = ()
    reason: str = ""
    outcome: str = ""


def _missing(sentence: str, field: str) -> MoveRefused:
    return MoveRefused(sentence, field, "move_needs")


def check_given(move: Move, given: Given) -> None:
    """Raises ``MoveRefused`` naming the first field that is missing or not one of its words."""
    if len(given.note) > LONGEST_NOTE:
        raise _missing(_("At most %(count)s characters.") % {"count": LONGEST_NOTE}, "note")
    checks = {
        "to": _check_level,
        "village": _check_village,
        "verdict": _check_verdict,
        "outcome": _check_outcome,
        "note": _check_note,
    }
    for need in move.needs:
        checks[need](given)


def _check_level(given: Given) -> None:
    if given.to not in LEVELS[1:]:
        raise _missing(_("Say to whom: the township or the village."), "to")


def _check_village(given: Given) -> None:
    if not given.village:
        raise _missing(_("Choose the village."), "village")


def _check_note(given: Given) -> None:
    if not given.note.strip():
        raise _missing(_("Say why."), "note")


def _check_verdict(given: Given) -> None:
    if given.verdict not in Verdict.values:
        raise _missing(_("Say what you found: a risk, no risk, or cannot tell yet."), "verdict")
    if given.verdict == CONFIRMED:
        if not given.risks or not set(given.risks) <= set(Risk.values):
            raise _missing(_("Say which risk it is, one or more."), "risks")
    elif given.verdict == NO_RISK:
        _check_reason(given)
    else:
        _check_note(given)


def _check_reason(given: Given) -> None:
    if given.reason not in Reason.values:
        raise _missing(_("Say why there is no risk."), "reason")
    if given.reason == Reason.OTHER:
        _check_note(given)


def _check_outcome(given: Given) -> None:
    if given.outcome not in Outcome.values:
        raise _missing(_("Say what was decided."), "outcome")


def surprising_outcomes(verdict: str) -> list[str]:
    """Outcomes that do not follow from what was found: whoever decides so says why."""
    if not verdict:
        return []
    return [outcome.value for outcome, follows_from in FOLLOWS_FROM.items() if follows_from != verdict]
