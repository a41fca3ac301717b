"""The township decides what a visit said against the register."""

from collections.abc import Sequence

from households.staff.models import User
from households.visits.models import VisitAnswer


def decide(*, answers: Sequence[int], accept: bool, reason: str, by: User) -> list[VisitAnswer]:
    """Accepts or declines change requests, all or none. Raises ``NotPossible`` with a sentence."""
    raise NotImplementedError
