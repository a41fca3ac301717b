"""What a posting must be like, said in sentences before the database's constraints would refuse it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from households.areas.models import Area
from households.staff.models import LEVEL_OF_ROLE, Posting, Role


@dataclass(frozen=True)
class Problem:
    """Why not, and at which field: ``role``, ``area``, ``department``, ``valid_from`` or ``valid_until``."""

    field: str
    sentence: str


def _fits_role(posting: Posting, area: Area) -> Problem | None:
    if area.level != LEVEL_OF_ROLE[Role(posting.role)]:
        sentence = {
            "county": _("This role works for the whole county, not for a township or village."),
            "township": _("This role is posted to a township."),
            "village": _("This role is posted to villages."),
        }[LEVEL_OF_ROLE[Role(posting.role)]]
        return Problem("area", sentence)
    if area.valid_until is not None and area.valid_until < posting.valid_from:
        return Problem("area", _("%(area)s does not exist any more.") % {"area": area.name})
    if posting.role == Role.DEPARTMENT_OFFICER and not posting.department:
        return Problem("department", _("A department officer needs a department."))
    if posting.role != Role.DEPARTMENT_OFFICER and posting.department:
        return Problem("department", _("Only a department officer has a department."))
    return None


def overlaps(one: Posting, other: Posting) -> bool:
    one_ends = one.valid_until or dt.date.max
    other_ends = other.valid_until or dt.date.max
    return one.valid_from <= other_ends and other.valid_from <= one_ends


def span(posting: Posting) -> str:
    """``2024-01-01 – 2024-12-31``, or with an open end."""
    return f"{posting.valid_from} – {posting.valid_until or '…'}"


def problem_of(posting: Posting, *, area: Area, others: Iterable[Posting]) -> Problem | None:
    """Why ``posting``, not saved yet, is not possible beside the ``others`` of the same person; None if it is.

    The rules are the constraints of ``Posting``: the role fits the area, the end is not before the start, one role
    at a time, no area twice at a time.
    """
    if posting.valid_until is not None and posting.valid_until < posting.valid_from:
        return Problem("valid_until", _("The end lies before the start."))
    if problem := _fits_role(posting, area):
        return problem
    for other in others:
        if not overlaps(posting, other):
            continue
        if other.role != posting.role:
            return Problem(
                "role",
                _("In this time the person already works as %(role)s (%(span)s). End that posting first.")
                % {"role": Role(other.role).label, "span": span(other)},
            )
        if other.area_id == posting.area_id:
            return Problem(
                "area",
                _("In this time the person is already posted to %(area)s (%(span)s).")
                % {"area": area.name, "span": span(other)},
            )
    return None
