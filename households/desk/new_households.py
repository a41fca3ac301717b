"""A household that no export has named yet, and the national number it gets later."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import HEAD, begin_membership
from households.desk.persons import register_person
from households.desk.places import Village, village_for
from households.evidence.models import EvidenceBatch
from households.privacy.seal import lookup_hash, seal
from households.registry.identity import birth_date, sex_of
from households.registry.models import Household, HouseholdFact, HouseholdMove, Membership, Person
from households.registry.pinyin import pinyin_key

# Where a household lived before it was: in no village, so that no earlier month judges it.
NOWHERE = ""


@dataclass(frozen=True)
class Head:
    """The first person of a new household. ``number``: a checked identity number, or "" (identity unverified)."""

    name: str
    number: str
    born_on: date | None
    sex: str | None
    phone: str


def create_household(
    *, area: Village, head: str, phone: bytes | memoryview | None, code: str, on: date, batch: EvidenceBatch
) -> Household:
    """The household's row and its beginning, inside a change. Raises ``NotPossible`` (field ``code``)."""
    if code:
        check_code_is_free(code, by=batch.actor)
    household = Household.objects.create(
        code=code or None,
        county=area.county,
        township=area.township,
        village=area.code,
        head_name=head,
        head_pinyin=pinyin_key(head),
        phone_sealed=phone,
        batch=batch,
    )
    HouseholdMove.objects.create(
        household=household, since=on, village_before=NOWHERE, village=area.code, batch=batch
    )
    return household


def check_code_is_free(code: str, *, by) -> None:
    """Raises ``NotPossible`` (field ``code``); the household is named to those who may see it."""
    taken = Household.objects.filter(code=code).first()
    if taken is not None:
        raise NotPossible(_naming(_("Another household has this number."), taken, by), "code")


def _naming(sentence: str, household: Household, by) -> str:
    """The sentence, with a way to the household for whoever may see it."""
    if not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        return _("%(sentence)s It lies outside your area: ask the county.") % {"sentence": sentence}
    url = reverse("pages:household", args=[household.pk])
    return format_html('{} <a href="{}">{}</a>', sentence, url, _("Open that household"))


@transaction.atomic
def enter_household(
    *,
    on: date,
    village: str,
    head: Head,
    code: str,
    kind: str | None,
    category: str | None,
    reason: str,
    token: str,
    by,
) -> Household:
    """A household with its head, in the register from ``on``. Without ``code`` it is known by its own id.

    A person whose number is known and who belongs to no household becomes its head; nobody is entered twice.
    ``kind``, ``category``: values of HouseholdKind and Category, "" not monitored, None unknown.

    Raises ``NotPossible`` (fields ``on``, ``village``, ``code``, ``number``).
    """
    if done := take_turn(cause=Cause.NEW_HOUSEHOLD, token=token, by=by):
        return done
    batch = open_change(cause=Cause.NEW_HOUSEHOLD, reason=reason, on=on, by=by)
    area = village_for(village, on=on, by=by)
    phone = seal(head.phone) if head.phone else None
    household = create_household(area=area, head=head.name, phone=phone, code=code, on=on, batch=batch)
    HouseholdFact.objects.create(household=household, as_of=on, kind=kind, category=category, batch=batch)
    person = _known_person(head, on, by) or register_person(
        name=head.name,
        sex=sex_of(head.number) if head.number else head.sex,
        born_on=birth_date(head.number) if head.number else head.born_on,
        number=head.number,
        since=on,
        batch=batch,
    )
    begin_membership(person=person, household=household, relation=HEAD, is_head=True, on=on, batch=batch)
    close_change(batch=batch, households=[household], token=token, on=on, village=area.code)
    return household


def _known_person(head: Head, on: date, by) -> Person | None:
    """The person with this number, free to head a household. Raises ``NotPossible`` (field ``number``)."""
    person = Person.objects.filter(identity_hash=lookup_hash(head.number)).first() if head.number else None
    if person is None:
        return None
    if person.name != head.name:
        raise NotPossible(_("This number is that of a person with another name in the register."), "number")
    if person.died_on is not None:
        raise NotPossible(_("This person is entered as dead."), "number")
    ends_later = Q(until__isnull=True) | Q(until__gte=on)
    elsewhere = Membership.objects.current().filter(ends_later, person=person).select_related("household").first()
    if elsewhere is not None:
        sentence = _("This person belongs to another household: split that one instead.")
        raise NotPossible(_naming(sentence, elsewhere.household, by), "number")
    return person


@transaction.atomic
def give_code(*, household_id: int, code: str, reason: str, token: str, by) -> Household:
    """The national 户编号 of a household that had none. Earlier findings keep the name they were signed with.

    Raises ``NotPossible`` (field ``code``) when it has one already or another household has this one.
    """
    if done := take_turn(cause=Cause.HOUSEHOLD_CODE, token=token, by=by):
        return done
    (household,) = lock_households(household_id, by=by)
    if household.code:
        raise NotPossible(_("This household has a number already."), "code")
    check_code_is_free(code, by=by)
    batch = open_change(cause=Cause.HOUSEHOLD_CODE, reason=reason, by=by)
    household.code = code
    household.save(update_fields=["code"])
    close_change(batch=batch, households=[household], token=token, code=code)
    return household
