"""A member of a household dies."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import Succession, end_membership, member_of, settle_after_leaving
from households.registry.models import Household, Person
from households.staff.models import User


@transaction.atomic
def register_death(
    *,
    household: Household,
    person: Person,
    on: date,
    succession: Succession,
    reason: str,
    token: str,
    by: User,
) -> Household:
    """``on`` is the day of death: the person was a member until the day before, and counts no more on that day.

    Raises ``NotPossible`` when a new head is missing (field ``heir``) or the day lies before birth (``on``).
    """
    if done := take_turn(cause=Cause.DEATH, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by)
    left = member_of(household, person)
    if left.person.born_on is not None and on < left.person.born_on:
        raise NotPossible(_("This day lies before the birth."), "on")
    batch = open_change(cause=Cause.DEATH, reason=reason, on=on, by=by)
    end_membership(membership=left, on=on, batch=batch)
    Person.objects.filter(pk=person.pk).update(died_on=on)
    settle_after_leaving(household=household, left=left, succession=succession, on=on, batch=batch)
    close_change(batch=batch, households=[household], on=on, token=token)
    return household
