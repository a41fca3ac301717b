"""Finding the person or household that a waiting row belongs to, within one's own area."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.imports.models import StagedRow
from households.privacy.mask import mask_identity
from households.privacy.seal import lookup_hash, unseal
from households.registry.models import Household, Membership
from households.registry.searching import MOST_FOUND, NAME, NUMBER, Term, find_households

SUGGESTED = 10


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a row may mean. ``subject_id`` is the person's or the household's, as the row waits for."""

    subject_id: int
    name: str
    number: str
    born_on: dt.date | None
    head_name: str
    place: str


def find_candidates(*, term: Term, waits_for: str, who: Placed) -> list[Candidate]:
    """What a search by number or name finds."""
    if waits_for == "household":
        places = ScopeAreas(who.scope).short_names
        return [_of_household(row, places) for row in find_households(term=term, who=who).households]
    return _persons(_present(who).filter(_asked(term))[:MOST_FOUND], who)


def suggest_candidates(*, row: StagedRow, waits_for: str, who: Placed) -> list[Candidate]:
    """Persons of exactly the name in the row; nothing is matched by it, a person decides."""
    name = row.payload.get("name")
    if waits_for == "household" or not name:
        return []
    return _persons(_present(who).filter(person__name=name)[:SUGGESTED], who)


def find_member(*, person_id: int, who: Placed) -> Membership | None:
    """The membership of a person that one may see, if there is one."""
    return _present(who).filter(person_id=person_id).first()


def _present(who: Placed) -> QuerySet[Membership]:
    visible = Household.objects.visible_to(who)
    rows = Membership.objects.current().filter(until__isnull=True, household__in=visible)
    return rows.select_related("person", "household").order_by("person__name", "id")


def _asked(term: Term) -> Q:
    if term.kind == NUMBER:
        number = Q(person__identity_hash=lookup_hash(term.text)) | Q(person__code=term.text)
        return number | Q(household__code=term.text)
    if term.kind == NAME:
        return Q(person__name__startswith=term.text)
    return Q(person__pinyin__startswith=term.text) | Q(person__pinyin__contains=f" {term.text}")


def _persons(rows: QuerySet[Membership], who: Placed) -> list[Candidate]:
    places = ScopeAreas(who.scope).short_names
    return [
        Candidate(
            subject_id=row.person_id,
            name=row.person.name,
            number=mask_identity(unseal(row.person.identity_sealed)) if row.person.identity_sealed else "",
            born_on=row.person.born_on,
            head_name=row.household.head_name,
            place=places.get(row.household.village, ""),
        )
        for row in rows
    ]


def _of_household(row: Household, places: dict[str, str]) -> Candidate:
    return Candidate(
        subject_id=row.pk,
        name=row.head_name,
        number=row.code or "",
        born_on=None,
        head_name=row.head_name,
        place=places.get(row.village, ""),
    )
