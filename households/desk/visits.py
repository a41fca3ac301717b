"""A visit written down at the desk."""

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change
from households.desk.days import day_problem
from households.evidence.models import BatchKind
from households.evidence.services import open_batch
from households.registry.models import Household
from households.staff.models import User
from households.visits.models import Visit


@transaction.atomic
def enter_visit(
    *,
    household: Household,
    on: date,
    method: str,
    words: str,
    visitor: User | None,
    token: str,
    by: User,
    risks: Collection[str] = (),
) -> Household:
    """``token`` is the visit's ``uid``: the same form twice is one visit. Each of the ``risks`` raises an alert
    when the visit is judged.

    A visit adds and changes nothing, so it waits for no import: only forms about the same household follow each
    other. Raises ``NotPossible`` for a household out of sight, and a day that has not come.
    """
    row = Household.objects.visible_to(by).filter(pk=household.pk).select_for_update().first()
    if row is None:
        raise NotPossible(_("This household is not in your area any more."))
    uid = uuid.UUID(token)
    if Visit.objects.filter(uid=uid).exists():
        return row
    if problem := day_problem(on):
        raise NotPossible(problem, "on")
    batch = open_batch(kind=BatchKind.DESK, source=Cause.VISIT, by=by)
    Visit.objects.create(
        uid=uid,
        household=row,
        county=row.county,
        township=row.township,
        village=row.village,
        visited_on=on,
        method=method,
        words=words,
        risks=sorted(set(risks)),
        visitor=visitor,
        batch=batch,
    )
    close_change(batch=batch, households=[row], on=on, token=token)
    return row
