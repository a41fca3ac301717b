"""The life of an alert as one plain table: who may make which move, from where to where, and what must be given.

Both directions of travel use it: what the judgment found and what a villager reported. A move that is not in the
table does not exist.
"""

from dataclasses import dataclass

RAISED = "raised"
DISPATCHED = "dispatched"
ACKNOWLEDGED = "acknowledged"
VERIFIED = "verified"
REVIEWED = "reviewed"
CLOSED = "closed"
WITHDRAWN = "withdrawn"

# An alert is open until it stands in one of these.
FINAL = (CLOSED, WITHDRAWN)

COUNTY, TOWNSHIP, VILLAGE = "county", "township", "village"
LEVELS = (COUNTY, TOWNSHIP, VILLAGE)
# Whoever holds the alert; the system itself (rules, undo, sweeps).
HERE, SYSTEM = "here", "system"

CONFIRMED, NO_RISK, UNCLEAR = "confirmed", "no_risk", "unclear"

# Where the alert lies after the move; ``GIVEN`` is the level that whoever dispatches names.
UP, GIVEN, STAYS = "up", "given", "stays"


@dataclass(frozen=True)
class Move:
    """One line of the table.

    ``by``: levels that may make it (``HERE``: the one that holds it, ``SYSTEM``: no person). ``needs``: what must
    be given: ``to`` (a level), ``village``, ``note``, ``verdict``, ``outcome``. ``holder``: who holds it then.
    ``restarts``: the step gets a deadline of its own; otherwise the clock goes on. ``alone``: from these only
    where nobody is posted below whoever holds it.
    """

    code: str
    sources: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    holder: str = STAYS
    restarts: bool = True
    alone: tuple[str, ...] = ()


TABLE = (
    # Down: county to township or straight to the village, township to village; also what one has acknowledged.
    Move("dispatch", (RAISED, DISPATCHED, ACKNOWLEDGED), DISPATCHED, (COUNTY, TOWNSHIP, SYSTEM), ("to",), GIVEN),
    # Whoever holds it says: I have it. The county takes so what it can send to nobody.
    Move("acknowledge", (RAISED, DISPATCHED), ACKNOWLEDGED, (HERE,), alone=(RAISED,)),
    # Not mine, with a reason: back to the level above, and the clock goes on.
    Move("refuse", (DISPATCHED, ACKNOWLEDGED), DISPATCHED, (VILLAGE, TOWNSHIP), ("note",), UP, restarts=False),
    # Another village of the township looks into it, with a reason; the clock goes on.
    Move(
        "transfer",
        (DISPATCHED, ACKNOWLEDGED),
        DISPATCHED,
        (VILLAGE, TOWNSHIP, COUNTY),
        ("village", "note"),
        VILLAGE,
        restarts=False,
    ),
    # Whoever looked says what it is: risk confirmed with its types, no risk with the reason, cannot tell yet.
    Move("verify", (ACKNOWLEDGED,), VERIFIED, (HERE,), ("verdict",), TOWNSHIP),
    # The township; the county where a township has nobody.
    Move("review", (VERIFIED,), REVIEWED, (HERE,), (), COUNTY),
    # Back to who verified, or to who reviewed, with a reason.
    Move("send_back", (VERIFIED,), ACKNOWLEDGED, (HERE,), ("note",), VILLAGE),
    Move("return", (REVIEWED,), VERIFIED, (COUNTY,), ("note",), TOWNSHIP),
    Move("close", (REVIEWED,), CLOSED, (COUNTY,), ("outcome",), COUNTY),
    # With its area event, at whatever step it stands; the county closes the event (``alerts.areawide``).
    Move(
        "close_together",
        (RAISED, DISPATCHED, ACKNOWLEDGED, VERIFIED, REVIEWED),
        CLOSED,
        (SYSTEM,),
        ("outcome",),
        COUNTY,
    ),
    # Plainly no matter for a visit: closed before it was sent to anybody, with a reason.
    Move("dismiss", (RAISED,), CLOSED, (COUNTY,), ("outcome", "note"), COUNTY),
    # New evidence (the system: clearly worse than what was dismissed), or a person with a reason.
    Move("reopen", (CLOSED,), RAISED, (COUNTY, SYSTEM), ("note",), COUNTY),
    # The evidence was taken back and nobody had acted on it (``alerts.travel.withdrawing``).
    Move("withdraw", (RAISED, DISPATCHED), WITHDRAWN, (SYSTEM,)),
)
MOVES: dict[str, Move] = {move.code: move for move in TABLE}


def level_above(level: str) -> str:
    """``village`` → ``township`` → ``county``; there is nothing above the county."""
    return LEVELS[max(LEVELS.index(level) - 1, 0)]


def may_make(move: Move, *, status: str, holder: str, level: str, alone: bool = False) -> bool:
    """Whether somebody of ``level`` may make the move on an alert that stands at ``status`` with ``holder``.

    A level moves what it holds itself; only a transfer may also be ordered from above. ``alone``: nobody is posted
    below whoever holds it.
    """
    if status not in move.sources or (status in move.alone and not alone):
        return False
    if HERE in move.by:
        return holder == level
    if level not in move.by:
        return False
    return holder == level or (move.code == "transfer" and LEVELS.index(level) < LEVELS.index(holder))


def possible_moves(*, status: str, holder: str, level: str, alone: bool = False) -> list[Move]:
    """The moves somebody of ``level`` may make now, in the order of the table; none that would lead to nobody."""
    return [
        move
        for move in TABLE
        if may_make(move, status=status, holder=holder, level=level, alone=alone)
        and not (alone and move.holder == GIVEN)
    ]
