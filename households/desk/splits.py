"""A household splits, or joins another."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change, lock_households, open_change, take_turn
from households.desk.memberships import (
    HEAD,
    Succession,
    begin_membership,
    end_membership,
    present_members,
    retire_household,
    settle_after_leaving,
)
from households.desk.new_households import create_household
from households.desk.places import village_for
from households.evidence.models import EvidenceBatch
from households.registry.models import Household, HouseholdFact, Membership
from households.registry.moving import matters_of

# What a household was recognised as goes with whoever leaves; what is known of the house, within the village only.
STANDING = ("kind", "lifted_year", "category", "monitored_since", "risk_eliminated", "eliminated_on")
DWELLING = ("house_grade", "safe_water")


@transaction.atomic
def split_household(
    *,
    household_id: int,
    on: date,
    members: Mapping[int, str],
    head: int,
    village: str,
    code: str,
    copy_facts: bool,
    heir: int | None,
    reason: str,
    token: str,
    by,
) -> Household:
    """Some members leave and are a household of their own from ``on``. Returns the new one.

    ``members``: ids of the persons who leave → relation to the new head; ``head``: which of them is head;
    ``heir``: who heads those who stay, needed when the head leaves. ``code``: the new 户编号, or "". Memberships
    end the day before. Ledger lines and alerts stay with the household they were written for.

    Raises ``NotPossible`` (fields ``on``, ``members``, ``head``, ``heir``, ``village``, ``code``).
    """
    if done := take_turn(cause=Cause.SPLIT, token=token, by=by):
        return done
    (household,) = lock_households(household_id, by=by)
    leaving = _leaving(household, set(members), head)
    batch = open_change(cause=Cause.SPLIT, reason=reason, on=on, by=by)
    area = village_for(village, on=on, by=by)
    new_head = next(row.person for row in leaving if row.person_id == head)
    new = create_household(
        area=area, head=new_head.name, phone=new_head.phone_sealed, code=code, on=on, batch=batch
    )
    for row in leaving:
        _transfer(row, new, HEAD if row.person_id == head else members[row.person_id], on, batch)
    former = next((row for row in leaving if row.is_head), None)
    if former is not None:
        settle_after_leaving(household=household, left=former, succession=Succession(heir), on=on, batch=batch)
    if copy_facts:
        _copy_facts(household, new, on, batch)
    close_change(batch=batch, households=[new, household], token=token, on=on, members=len(leaving))
    return new


def _leaving(household: Household, chosen: set[int], head: int) -> list[Membership]:
    present = present_members(household)
    leaving = [row for row in present if row.person_id in chosen]
    if not leaving or len(leaving) < len(chosen):
        raise NotPossible(_("Choose who leaves among today's members."), "members")
    if len(leaving) == len(present):
        raise NotPossible(_("Somebody must stay. When all leave together, the household moves."), "members")
    if head not in chosen:
        raise NotPossible(_("The head of the new household must be one of those who leave."), "head")
    return leaving


def _transfer(row: Membership, to: Household, relation: str, on: date, batch: EvidenceBatch) -> None:
    end_membership(membership=row, on=on, batch=batch)
    begin_membership(
        person=row.person, household=to, relation=relation, is_head=relation == HEAD, on=on, batch=batch
    )


def _copy_facts(source: Household, new: Household, on: date, batch: EvidenceBatch) -> None:
    """What held of the former household on that day, else what was first known of it."""
    facts = HouseholdFact.objects.current().filter(household=source)
    fact = (
        facts.filter(as_of__lte=on).order_by("as_of", "batch_id", "id").last() or facts.order_by("as_of").first()
    )
    if fact is None:
        return
    names = (*STANDING, *(DWELLING if new.village == source.village else ()))
    values = {name: getattr(fact, name) for name in names}
    HouseholdFact.objects.create(household=new, as_of=on, batch=batch, **values)


@transaction.atomic
def merge_households(
    *, household_id: int, into: int, on: date, relations: Mapping[int, str], reason: str, token: str, by
) -> Household:
    """All members belong to the household ``into`` from ``on``; this one is no more. Returns the other.

    ``relations``: person's id → relation to the other's head (其他 where nothing is said). Ledger lines and alerts
    stay with the household they were written for. Refused while somebody works on one of its alerts: what he finds
    would reach a household that is no more.

    Raises ``NotPossible`` (fields ``on``, ``into``).
    """
    if done := take_turn(cause=Cause.MERGE, token=token, by=by):
        return done
    if into == household_id:
        raise NotPossible(_("A household cannot join itself."), "into")
    household, other = lock_households(household_id, into, by=by)
    if in_hand := [matter.sentence for matter in matters_of(household) if matter.in_hand]:
        listed = _("; ").join(in_hand)
        raise NotPossible(_("First finish what somebody is working on: %(alerts)s.") % {"alerts": listed})
    batch = open_change(cause=Cause.MERGE, reason=reason, on=on, by=by)
    members = present_members(household)
    for row in members:
        _transfer(row, other, relations.get(row.person_id, "其他"), on, batch)
    if members:
        settle_after_leaving(household=household, left=members[0], succession=Succession(), on=on, batch=batch)
    else:
        retire_household(household=household, on=on, batch=batch)
    close_change(batch=batch, households=[other, household], token=token, on=on, members=len(members))
    return other
