"""Who counted as a member in a run, who did not and why: the same conditions as the statement of ``building``."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from households.ages import age_on
from households.evidence.models import Evidence
from households.models import HouseholdFact, Membership, PersonFact
from households.privacy.mask import mask_identity
from households.privacy.seal import unseal
from monitoring.judgment.explain.derivation import Member
from monitoring.judgment.explain.source import source_of


@dataclass(frozen=True)
class Counted:
    """A membership as a run saw it, with the newest fact of the person; ``why`` is empty when it counted."""

    membership: Membership
    fact: PersonFact | None
    age: int | None
    why: str = ""

    @property
    def name(self) -> str:
        return self.membership.person.name

    @property
    def person_id(self) -> int:
        return self.membership.person_id


def counts_at(row: Evidence, cutoff: int) -> bool:
    """Whether a row counts for a cut-off; it comes with its batch and what replaced it."""
    position = row.batch.position
    if position is None or position > cutoff:
        return False
    replaced = row.replaced_in
    return replaced is None or replaced.position is None or replaced.position > cutoff


@dataclass(frozen=True)
class Known:
    """What a run knew of a person: the newest fact, and the birth date that was recorded last."""

    fact: PersonFact
    born_on: date | None


def known_of(persons: Iterable[int], *, cutoff: int, end: date) -> dict[int, Known]:
    """By person, one query. What was first known later stands for the time before."""
    facts: dict[int, list[PersonFact]] = defaultdict(list)
    rows = PersonFact.objects.counted_at(cutoff).filter(person_id__in=list(persons))
    for fact in rows.defer("other", "health"):
        facts[fact.person_id].append(fact)
    known = {}
    for person, own in facts.items():
        dated = [fact for fact in own if fact.born_on is not None]
        born_on = max(dated, key=lambda fact: fact.pk).born_on if dated else None
        known[person] = Known(max(own, key=lambda fact: rank_of(fact, end)), born_on)
    return known


def rank_of(fact: PersonFact | HouseholdFact, end: date) -> tuple[bool, int, int]:
    """The highest is the newest fact of a month, as ``counting.NEWEST`` sorts them."""
    day = fact.as_of.toordinal()
    known_then = fact.as_of <= end
    return known_then, day if known_then else -day, fact.pk


def members_of(household_id: int, *, cutoff: int, end: date) -> list[Counted]:
    """Everybody whom the register ever named in the household, the counted first, then the others. Two queries."""
    rows = list(
        Membership.objects.filter(household_id=household_id)
        .select_related("person", "batch", "replaced_in")
        .order_by("-is_head", "id")
    )
    known = known_of({row.person_id for row in rows}, cutoff=cutoff, end=end)
    counted: list[Counted] = []
    others: dict[int, Counted] = {}
    for row in rows:
        person = known.get(row.person_id)
        fact, born_on = (person.fact, person.born_on) if person else (None, None)
        why = _why_not(row, born_on, cutoff, end)
        if why is None:
            continue
        member = Counted(row, fact, age_on(born_on, end), why)
        if why:
            others[row.person_id] = member
        else:
            counted.append(member)
    here = {member.person_id for member in counted}
    return counted + [member for person, member in others.items() if person not in here]


def _why_not(row: Membership, born_on: date | None, cutoff: int, end: date) -> str | None:
    """Empty when the membership counted; None when it was corrected before the run and says nothing any more."""
    if not counts_at(row, cutoff):
        is_later = row.replaced_in is None and (row.until is None or row.until >= end)
        return _("entered after this judgment") if is_later else None
    if row.until is not None and row.until < end:
        return _("left on %(day)s") % {"day": f"{row.until:%Y-%m-%d}"}
    if row.since is not None and row.since > end:
        return _("joined on %(day)s") % {"day": f"{row.since:%Y-%m-%d}"}
    if born_on is not None and born_on > end:
        return _("not yet born: %(day)s") % {"day": f"{born_on:%Y-%m-%d}"}
    return ""


def as_member(counted: Counted) -> Member:
    """As a page shows one: numbers masked."""
    person = counted.membership.person
    sealed = person.identity_sealed
    return Member(
        name=person.name,
        relation=counted.membership.relation,
        is_head=counted.membership.is_head,
        age=counted.age,
        is_verified=person.identity_verified,
        identity=mask_identity(unseal(sealed)) if person.identity_verified and sealed else "",
        source=source_of(counted.membership),
        why=counted.why,
    )
