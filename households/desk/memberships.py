"""Who belongs to a household from which day: rows are begun and ended, and nothing that stood is overwritten.

All functions are called inside a change (``households.desk.changes``), which holds the register's lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from households.desk.changes import NotPossible
from households.evidence.models import EvidenceBatch
from households.registry.models import Household, HouseholdMove, Membership, Person
from households.registry.pinyin import pinyin_key

HEAD = "户主"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Succession:
    """Who is head when the former one is not any more, and what the others are to the new one.

    ``heir`` is a person's id; ``relations``: person's id → relation, for those whose relation changes.
    """

    heir: int | None = None
    relations: Mapping[int, str] = field(default_factory=dict)


def present_members(household: Household) -> list[Membership]:
    """Who belongs to it with no end in sight, the head first."""
    rows = Membership.objects.current().filter(household=household, until__isnull=True)
    return list(rows.select_related("person").order_by("-is_head", "id"))


def member_of(household: Household, person: Person | int) -> Membership:
    """Raises ``NotPossible`` when the person does not belong to it any more."""
    pk = person if isinstance(person, int) else person.pk
    for row in present_members(household):
        if row.person_id == pk:
            return row
    raise NotPossible(_("This person does not belong to the household any more."))


def begin_membership(
    *, person: Person, household: Household, relation: str, on: date, batch: EvidenceBatch, is_head: bool = False
) -> Membership:
    """Raises ``NotPossible`` when the person belongs to a household on that day or later."""
    overlaps = Membership.objects.current().filter(person=person).filter(Q(until__isnull=True) | Q(until__gte=on))
    if overlaps.exists():
        raise NotPossible(_("The person still belongs to another household on this day."), "on")
    return Membership.objects.create(
        person=person, household=household, relation=relation, is_head=is_head, since=on, batch=batch
    )


def end_membership(*, membership: Membership, on: date, batch: EvidenceBatch) -> None:
    """The person belonged to the household until the day before. Who came on that very day never belonged to it.

    Raises ``NotPossible`` for a day before the person came.
    """
    if membership.since is not None and membership.since > on:
        came = f"{membership.since:%Y-%m-%d}"
        raise NotPossible(_("The person came into the household only on %(day)s.") % {"day": came}, "on")
    _end(membership, on, batch)


def change_relation(
    *, membership: Membership, relation: str, is_head: bool, on: date, batch: EvidenceBatch
) -> Membership:
    """From ``on`` (or from when the person came, if later) the person is something else to the head."""
    _end(membership, on, batch)
    since = on if membership.since is None else max(membership.since, on)
    return Membership.objects.create(
        person_id=membership.person_id,
        household_id=membership.household_id,
        relation=relation,
        is_head=is_head,
        since=since,
        batch=batch,
    )


def _end(membership: Membership, on: date, batch: EvidenceBatch) -> None:
    """The old row is stamped before the new one comes: the constraints wait for nobody."""
    Membership.objects.filter(pk=membership.pk).update(replaced_in=batch)
    if membership.since is None or membership.since < on:
        Membership.objects.create(
            person_id=membership.person_id,
            household_id=membership.household_id,
            relation=membership.relation,
            is_head=membership.is_head,
            since=membership.since,
            until=on - ONE_DAY,
            batch=batch,
        )


def name_head(*, household: Household, head: Person) -> None:
    """The register lists a household under its head's name."""
    household.head_name, household.head_pinyin = head.name, pinyin_key(head.name)
    household.save(update_fields=["head_name", "head_pinyin"])


def settle_after_leaving(
    *, household: Household, left: Membership, succession: Succession, on: date, batch: EvidenceBatch
) -> None:
    """Somebody has left: a new head if it was the head, and no household any more if nobody is left.

    Raises ``NotPossible`` (field ``heir``) when a head is missing or does not belong to the household.
    """
    rest = present_members(household)
    if not rest:
        retire_household(household=household, on=_empty_from(household, on), batch=batch)
    elif left.is_head:
        _hand_over(household, rest, succession, on, batch)


def _hand_over(
    household: Household, rest: list[Membership], succession: Succession, on: date, batch: EvidenceBatch
) -> None:
    heir = next((row for row in rest if row.person_id == succession.heir), None)
    if heir is None:
        raise NotPossible(_("Say who is head of the household now."), "heir")
    for row in rest:
        relation = HEAD if row is heir else succession.relations.get(row.person_id, row.relation)
        if row is heir or relation != row.relation:
            change_relation(membership=row, relation=relation, is_head=row is heir, on=on, batch=batch)
    name_head(household=household, head=heir.person)


def _empty_from(household: Household, on: date) -> date:
    """The first day on which nobody belongs to the household: others may have left later than ``on``."""
    last = Membership.objects.current().filter(household=household).aggregate(Max("until"))["until__max"]
    return max(on, last + ONE_DAY) if last else on


def retire_household(*, household: Household, on: date, batch: EvidenceBatch) -> None:
    """The household is no more from ``on``; earlier months are judged as before."""
    HouseholdMove.objects.create(
        household=household, since=on, village_before=household.village, village=None, batch=batch
    )
    household.gone_on = on
    household.save(update_fields=["gone_on"])
