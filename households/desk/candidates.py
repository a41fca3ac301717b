"""Whom somebody at the desk may mean: persons of the own area, found by name or whole number."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.privacy.mask import mask_identity
from households.privacy.seal import lookup_hash, unseal
from households.registry.models import Household, Membership
from households.registry.searching import NAME, NUMBER, Term

MOST_FOUND = 50


@dataclass(frozen=True)
class Candidate:
    """``head_name`` is empty for somebody who belongs to no household today."""

    person_id: int
    name: str
    number: str
    born_on: date | None
    head_name: str
    place: str


def find_candidates(*, term: Term, who: Placed) -> list[Candidate]:
    """Living persons whose household, or last household, lies in the area of ``who``. Three queries."""
    return [_show(row, ScopeAreas(who.scope).short_names) for row in _last_memberships(_asked(term), who)]


def find_member(*, person_id: int, who: Placed) -> Membership | None:
    """Where a living person of the own area belongs, or belonged last."""
    rows = _last_memberships(Q(person_id=person_id), who)
    return rows[0] if rows else None


def _last_memberships(asked: Q, who: Placed) -> list[Membership]:
    """One a person, the present one first. Who belongs to a household elsewhere is not shown."""
    visible = Household.objects.visible_to(who)
    rows = (
        Membership.objects.current()
        .filter(asked, household__in=visible, person__died_on__isnull=True)
        .select_related("person", "household")
        .order_by("person__name", "person_id", F("until").desc(nulls_first=True))[:MOST_FOUND]
    )
    newest: dict[int, Membership] = {}
    for row in rows:
        newest.setdefault(row.person_id, row)
    left = [pk for pk, row in newest.items() if row.until is not None]
    elsewhere = Membership.objects.current().filter(person__in=left, until__isnull=True)
    hidden = set(elsewhere.values_list("person_id", flat=True)) if left else set()
    return [row for pk, row in newest.items() if pk not in hidden]


def _asked(term: Term) -> Q:
    if term.kind == NUMBER:
        return Q(person__identity_hash=lookup_hash(term.text)) | Q(person__code=term.text)
    if term.kind == NAME:
        return Q(person__name__startswith=term.text)
    return Q(person__pinyin__startswith=term.text) | Q(person__pinyin__contains=f" {term.text}")


def _show(row: Membership, places: dict[str, str]) -> Candidate:
    sealed = row.person.identity_sealed
    return Candidate(
        person_id=row.person_id,
        name=row.person.name,
        number=mask_identity(unseal(sealed)) if sealed else "",
        born_on=row.person.born_on,
        head_name=row.household.head_name if row.until is None else "",
        place=places.get(row.household.village, "") if row.until is None else "",
    )
