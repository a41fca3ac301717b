"""Visits become evidence: what each says of the register is added, the same, or a change request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from households.evidence.models import EvidenceBatch
from households.registry.models import Household
from households.staff.models import User
from households.visits.checking import Checked, Problem
from households.visits.models import Visit, VisitAnswer


@dataclass(frozen=True)
class Incoming:
    """One checked visit and what only the server knows of it.

    ``on``: the day that counts. ``tablet_day``: the day as a wrong clock had it, else None. ``clock_behind``:
    seconds that the tablet's clock was behind ours, None where there was no tablet.
    """

    checked: Checked
    household: Household
    visitor: User | None
    clock_behind: int | None
    on: date
    tablet_day: date | None = None


@dataclass(frozen=True)
class Recorded:
    visit: Visit
    answers: list[VisitAnswer]


def record_visits(*, incoming: Sequence[Incoming], batch: EvidenceBatch) -> list[Recorded]:
    """Writes the visits with all they say, in the order given, all in ``batch``."""
    raise NotImplementedError


def person_problems(incoming: Sequence[Incoming]) -> dict[UUID, list[Problem]]:
    """Visit's ``uid`` → lines about somebody who is no member of its household today."""
    raise NotImplementedError
