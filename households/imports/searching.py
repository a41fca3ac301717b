"""Finding the person or household that a waiting row belongs to, within one's own area."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Q, QuerySet, When

from households.areas.choices import ScopeAreas
from households.areas.models import Level
from households.areas.scope import Placed
from households.imports.cells import compact
from households.imports.models import StagedRow
from households.privacy.mask import mask_identity
from households.privacy.seal import lookup_hash, unseal
from households.registry.identity import birth_date
from households.registry.models import Household, Membership
from households.registry.searching import MOST_FOUND, NAME, NUMBER, Term, find_households

SUGGESTED = 10
# Persons of one name who are looked at to find the likeliest of them.
LOOKED_AT = 200


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a row may mean. ``subject_id`` is the person's or the household's, as the row waits for.

    ``same_name``, ``same_birth`` and ``same_village`` say what speaks for it, where the row says anything at all.
    """

    subject_id: int
    name: str
    number: str
    born_on: dt.date | None
    head_name: str
    place: str
    verified: bool = True
    same_name: bool = False
    same_birth: bool = False
    same_village: bool = False

    @property
    def likeness(self) -> int:
        """Name and birth outweigh a village; somebody whose own number is known has another one than the row."""
        return 4 * self.same_name + 4 * self.same_birth + 2 * self.same_village + (not self.verified)


@dataclass(frozen=True)
class Clues:
    """What a row says about whose it is. ``villages``: codes in the scope of whoever looks."""

    name: str
    born_on: dt.date | None
    villages: frozenset[str]


def find_candidates(*, term: Term, row: StagedRow, waits_for: str, who: Placed) -> list[Candidate]:
    """What a search by number or name finds, in the order of names."""
    areas = ScopeAreas(who.scope)
    if waits_for == "household":
        found = find_households(term=term, who=who).households
        return [_of_household(household, areas.short_names) for household in found]
    clues = _clues(row, areas)
    return [
        _of_member(member, areas.short_names, clues) for member in _present(who).filter(_asked(term))[:MOST_FOUND]
    ]


def suggest_candidates(*, row: StagedRow, waits_for: str, who: Placed) -> list[Candidate]:
    """At most ten persons in the scope of ``who`` whom a row may mean, the likeliest first; a person decides.

    Those of the same name; those born on the same day whose family name or village is the same. The birth date is
    read from the identity number of the row.
    """
    areas = ScopeAreas(who.scope)
    clues = _clues(row, areas)
    if waits_for == "household" or not (clues.name or clues.born_on):
        return []
    found: dict[int, Candidate] = {}
    for asked in _questions(clues):
        likeliest = Case(When(person__born_on=clues.born_on, then=0), default=1)
        for member in _present(who).filter(asked).order_by(likeliest, "id")[:LOOKED_AT]:
            found.setdefault(member.person_id, _of_member(member, areas.short_names, clues))
        if any(candidate.same_name and candidate.same_birth for candidate in found.values()):
            break
    return sorted(found.values(), key=lambda candidate: (-candidate.likeness, candidate.subject_id))[:SUGGESTED]


def _questions(clues: Clues) -> list[Q]:
    """Each walks an index of its own: the name, the households of a village, the beginning of the name.

    Only where the same name was not born on that day are the others asked.
    """
    questions = []
    if clues.name:
        questions.append(Q(person__name=clues.name))
    if clues.born_on and clues.villages:
        questions.append(Q(household__village__in=clues.villages, person__born_on=clues.born_on))
    if clues.born_on and clues.name:
        questions.append(Q(person__name__startswith=clues.name[0], person__born_on=clues.born_on))
    return questions


def _clues(row: StagedRow, areas: ScopeAreas) -> Clues:
    number = unseal(row.identity_sealed) if row.identity_hash else ""
    said = _place_name(compact(row.payload.get("village_said") or ""))
    villages = [area for area in areas.areas if area.level == Level.VILLAGE] if said else []
    return Clues(
        name=row.payload.get("name") or "",
        born_on=birth_date(number) if number else None,
        villages=frozenset(area.code for area in villages if _place_name(area.name) == said),
    )


def _place_name(name: str) -> str:
    """``长江`` for ``长江村``, ``长江村委会`` and ``长江村村民委员会``."""
    for end in ("村民委员会", "居民委员会", "居委会", "村委会", "村"):
        name = name.removesuffix(end)
    return name


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


def _of_member(row: Membership, places: dict[str, str], clues: Clues) -> Candidate:
    person, village = row.person, row.household.village
    return Candidate(
        subject_id=row.person_id,
        name=person.name,
        number=mask_identity(unseal(person.identity_sealed)) if person.identity_sealed else "",
        born_on=person.born_on,
        head_name=row.household.head_name,
        place=places.get(village, ""),
        verified=person.identity_verified,
        same_name=bool(clues.name) and person.name == clues.name,
        same_birth=clues.born_on is not None and person.born_on == clues.born_on,
        same_village=village in clues.villages,
    )


def _of_household(row: Household, places: dict[str, str]) -> Candidate:
    return Candidate(
        subject_id=row.pk,
        name=row.head_name,
        number=row.code or "",
        born_on=None,
        head_name=row.head_name,
        place=places.get(row.village, ""),
    )
