"""A child is born into a household of the register."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import begin_membership, present_members
from households.desk.persons import register_person
from households.registry.models import Household
from households.staff.models import User

# A birth entered later than this is a slip of the pen in the year; whoever is older came from somewhere.
OLDEST_BIRTH = 18


@transaction.atomic
def register_birth(
    *,
    household: Household,
    name: str,
    sex: str,
    relation: str,
    on: date,
    number: str,
    reason: str,
    token: str,
    by: User,
) -> Household:
    """A new person, member since the day of birth ``on``. ``number``: a checked identity number, or "".

    Insurance and all else stay unknown. Raises ``NotPossible`` for a known number, a child that stands there
    already, and a birth more than eighteen years ago.
    """
    if done := take_turn(cause=Cause.BIRTH, token=token, by=by):
        return done
    (household,) = lock_households(household.pk, by=by)
    if timezone.localdate().year - on.year > OLDEST_BIRTH:
        raise NotPossible(_("That was more than %(years)s years ago.") % {"years": OLDEST_BIRTH}, "on")
    if any((row.person.name, row.person.born_on) == (name, on) for row in present_members(household)):
        raise NotPossible(_("A member of this name and birth date is in the household already."), "name")
    batch = open_change(cause=Cause.BIRTH, reason=reason, on=on, by=by)
    child = register_person(name=name, sex=sex, born_on=on, number=number, since=on, batch=batch)
    begin_membership(person=child, household=household, relation=relation, on=on, batch=batch)
    close_change(batch=batch, households=[household], on=on, token=token)
    return household
