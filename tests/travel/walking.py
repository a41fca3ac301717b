"""What the table of moves says, said a second time: who may, what must be given, and how an alert stands then."""

import datetime as dt

from django.utils import timezone

from alerts.models import Alert, AlertStatus
from alerts.transitions import CLOSED, COUNTY, FINAL, HERE, LEVELS, MOVES, REVIEWED, VERIFIED
from tests.conftest import VILLAGES

# Enough for each move to be taken, whoever makes it.
ENOUGH = {
    "dispatch": {"to": "village"},
    "acknowledge": {},
    "refuse": {"note": "不属于本村"},
    "transfer": {"village": VILLAGES[1], "note": "住在邻村"},
    "verify": {"verdict": "confirmed", "risks": ["illness"]},
    "review": {},
    "send_back": {"note": "请补充"},
    "return": {"note": "请核对"},
    "close": {"outcome": "watch"},
    "dismiss": {"outcome": "duplicate", "note": "重复"},
    "reopen": {"note": "新情况"},
    "withdraw": {},
    "close_together": {"outcome": "no_risk"},
}
STANDINGS = [(status, holder) for status in AlertStatus.values for holder in LEVELS]


def may(move: str, *, status: str, holder: str, level: str) -> bool:
    """Whether the table lets somebody of ``level`` make it, wherever it lies, with somebody in its village."""
    line = MOVES[move]
    if status not in line.sources or status in line.alone:
        return False
    if HERE in line.by:
        return level == holder
    if level not in line.by:
        return False
    orders_from_above = move == "transfer" and LEVELS.index(level) < LEVELS.index(holder)
    return level == holder or orders_from_above


def stand(alert: Alert, *, status: str, holder: str = COUNTY, **fields) -> None:
    """Puts the alert there, with what an alert that has come so far carries."""
    now = timezone.now()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    is_final = status in FINAL
    is_verified = status in (VERIFIED, REVIEWED, CLOSED)
    columns = {
        "status": status,
        "holder": holder,
        "handled_in": None,
        "assignee": None,
        "closed_at": now if is_final else None,
        "due_on": None if is_final else tomorrow,
        "verify_by": tomorrow,
        "dispatched_at": now,
        "verdict": "confirmed" if is_verified else "",
        "risks": ["illness"] if is_verified else None,
        "verified_at": now if is_verified else None,
        "outcome": "watch" if status == CLOSED else "",
        "changed_at": now,
    }
    Alert.objects.filter(pk=alert.pk).update(**columns | fields)
