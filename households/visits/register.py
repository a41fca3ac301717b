"""What the register says now, in the form's own writing: beside what a visit says, and on the tablet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Register:
    """``household``: field → value. ``persons``: person id → field → value, of present members only.

    Null: nothing is known. ``income``: (month, kind) → item → amount, of the months asked for.
    """

    household: dict[str, Any] = field(default_factory=dict)
    persons: dict[int, dict[str, Any]] = field(default_factory=dict)
    income: dict[tuple[date, str], dict[str, str]] = field(default_factory=dict)


def register_values(households: Sequence[int], months: Collection[date] = ()) -> dict[int, Register]:
    """Household id → what stands there today, in four statements."""
    raise NotImplementedError
