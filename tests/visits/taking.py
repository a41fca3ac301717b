"""Visits as a tablet sends them, checked and recorded in one batch."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from households.evidence.services import open_batch
from households.models import BatchKind, Household, Visit, VisitAnswer
from households.staff.models import User
from households.visits.checking import Checked, check_visit
from households.visits.recording import Incoming, Recorded, record_visits

JULY_8 = "2022-07-08"


def checked(household: Household, **said: Any) -> Checked:
    """A visit that keeps to the form; ``said`` are keys of the payload."""
    payload = {"uid": str(uuid.uuid4()), "form": 1, "household": household.pk, "method": "home", "on": JULY_8}
    visit, problems = check_visit(payload | said)
    assert visit is not None, problems
    return visit


def coming(household: Household, *, visitor: User | None = None, **said: Any) -> Incoming:
    visit = checked(household, **said)
    return Incoming(visit, household, visitor, clock_behind=3, on=visit.on)


@transaction.atomic
def take(incoming: Sequence[Incoming], *, by: User | None = None) -> list[Recorded]:
    """One batch of a tablet, the households locked as an upload locks them."""
    pks = [one.household.pk for one in incoming]
    list(Household.objects.filter(pk__in=pks).order_by("pk").select_for_update())
    return record_visits(incoming=incoming, batch=open_batch(kind=BatchKind.TABLET, source="visit", by=by))


def visited(household: Household, *, by: User | None = None, **said: Any) -> Visit:
    (recorded,) = take([coming(household, visitor=by, **said)], by=by)
    return recorded.visit


def states(visit: Visit) -> dict[str, tuple[str, Any, Any]]:
    """Field → state, what was said, what the register said; an item of income by its name."""
    rows = VisitAnswer.objects.filter(visit=visit)
    return {row.item or row.field: (str(row.state), row.said, row.stood) for row in rows}
