"""Somebody marries into a household of the county, or marries out of the county."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import (
    Succession,
    begin_membership,
    end_membership,
    member_of,
    settle_after_leaving,
)
from households.desk.persons import register_person
from households.registry.models import Household, Membership, Person
from households.staff.models import User


@transaction.atomic
def marry_in(
    *,
    household: Household,
    person: Person,
    relation: str,
    on: date,
    succession: Succession,
    reason: str,
    token: str,
    by: User,
) -> Household:
    """Somebody of the register becomes a member on ``on`` and leaves the former household the day before.

    ``succession`` is about the former household, if its head leaves. Raises ``NotPossible`` for who is dead,
    belongs to this household already, or lives outside the area of ``by``: then the county does it.
    """
    if done := take_turn(cause=Cause.MARRIAGE, token=token, by=by):
        return done
    person = Person.objects.get(pk=person.pk)
    if person.died_on is not None:
        raise NotPossible(_("This person has died."))
    former = Membership.objects.current().filter(person=person, until__isnull=True).first()
    if former is None:
        (household,) = lock_households(household.pk, by=by)
        touched = [household]
    elif former.household_id == household.pk:
        raise NotPossible(_("This person belongs to the household already."))
    elif former.since is not None and former.since >= on:
        came = f"{former.since:%Y-%m-%d}"
        raise NotPossible(_("The person came into the present household only on %(day)s.") % {"day": came}, "on")
    else:
        touched = lock_households(household.pk, former.household_id, by=by)
    batch = open_change(cause=Cause.MARRIAGE, reason=reason, on=on, by=by)
    if former is not None:
        end_membership(membership=former, on=on, batch=batch)
        settle_after_leaving(household=touched[1], left=former, succession=succession, on=on, batch=batch)
    begin_membership(person=person, household=touched[0], relation=relation, on=on, batch=batch)
    close_change(batch=batch, households=touched, on=on, token=token)
    return touched[0]


@transaction.atomic
def marry_in_from_outside(
    *,
    household: Household,
    name: str,
    sex: str,
    born_on: date,
    number: str,
    relation: str,
    on: date,
    reason: str,
    token: str,
    by: User,
) -> Household:
    """A new person, member from ``on``. Raises ``NotPossible`` (field ``number``) for who is known already."""
    if done := take_turn(cause=Cause.MARRIAGE, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by)
    if born_on > on:
        raise NotPossible(_("This day lies before the birth."), "on")
    batch = open_change(cause=Cause.MARRIAGE, reason=reason, on=on, by=by)
    person = register_person(name=name, sex=sex, born_on=born_on, number=number, since=on, batch=batch)
    begin_membership(person=person, household=household, relation=relation, on=on, batch=batch)
    close_change(batch=batch, households=[household], on=on, token=token)
    return household


@transaction.atomic
def marry_out(
    *,
    household: Household,
    person: Person,
    on: date,
    succession: Succession,
    reason: str,
    token: str,
    by: User,
) -> Household:
    """Somebody leaves for a household outside the county: a member until the day before ``on``."""
    if done := take_turn(cause=Cause.MARRIAGE, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by)
    left = member_of(household, person)
    batch = open_change(cause=Cause.MARRIAGE, reason=reason, on=on, by=by)
    end_membership(membership=left, on=on, batch=batch)
    settle_after_leaving(household=household, left=left, succession=succession, on=on, batch=batch)
    close_change(batch=batch, households=[household], on=on, token=token)
    return household
