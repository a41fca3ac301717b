"""What is wrong with a visit, before anybody looks into the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, str | Promise] = {
    "required": _("Please answer this."),
}


@dataclass(frozen=True)
class Problem:
    """``field`` is a path into the payload, "income.0.amount"; ``sentence`` in the language of now."""

    field: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """One line of a section. ``values`` and ``seen`` by field, in the form's writing; seen null: nothing known."""

    section: str
    index: int
    person: int | None
    values: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """One visit that keeps to the form. ``household`` and ``person`` are ids that nobody has looked up yet."""

    uid: UUID
    household: int
    form: int
    method: str
    on: date
    unchanged: bool = False
    words: str = ""
    needs: str = ""
    risks: tuple[str, ...] = ()
    began_at: datetime | None = None
    ended_at: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    # Each with alert, stamp, verdict, risks, reason and note; empty ones as "" and [].
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


def check_visit(payload: object) -> tuple[Checked | None, list[Problem]]:
    """The visit of a payload, or None and everything that is wrong with it."""
    raise NotImplementedError
