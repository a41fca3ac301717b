"""Finding a household by number or by name, within one's own area. The term itself is kept nowhere."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from households.areas.scope import Placed
from households.privacy.seal import lookup_hash
from households.registry.models import Household, Membership

# A person reads no more; who finds this many asks more precisely.
MOST_FOUND = 50
SHORTEST_NAME = 2
LONGEST_TERM = 40

# Whoever moved out is found where they live now.
PRESENT = {"memberships__replaced_in__isnull": True, "memberships__until__isnull": True}
NUMBER, NAME, PINYIN = "number", "name", "pinyin"


@dataclass(frozen=True)
class Term:
    """What was asked for, and in which way it is looked up."""

    text: str
    kind: str


@dataclass(frozen=True)
class Found:
    """At most ``MOST_FOUND`` households; ``members`` are the names that matched besides the head's."""

    households: list[Household]
    members: dict[int, list[str]]
    has_more: bool


def read_term(text: str) -> Term | None:
    """A term as it is looked up: full-width digits, blanks inside, a lower-case x are understood.

    ``None`` for what is neither a whole number nor a name of at least two characters.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))[:LONGEST_TERM]
    if re.fullmatch(r"[0-9]{17}[0-9Xx]|[0-9]{20}", plain):
        return Term(plain.upper(), NUMBER)
    if len(plain) < SHORTEST_NAME or re.search(r"[0-9]", plain):
        return None
    return Term(plain.lower(), PINYIN) if plain.isascii() else Term(plain, NAME)


def find_households(*, term: Term, who: Placed) -> Found:
    """Households in the scope of ``who`` whose number, head or member is asked for. Two queries."""
    visible = Household.objects.visible_to(who)
    matching = _by_number(visible, term) if term.kind == NUMBER else _by_name(visible, term)
    found = list(visible.filter(pk__in=matching[: MOST_FOUND + 1]).order_by("village", "id"))
    return Found(found[:MOST_FOUND], _members(found, term), len(found) > MOST_FOUND)


def _by_number(visible: QuerySet, term: Term) -> QuerySet:
    """The national 户编号, the number of a person in the register, or an identity number. Whole numbers only."""
    person = Q(memberships__person__identity_hash=lookup_hash(term.text)) | Q(memberships__person__code=term.text)
    by_member = visible.filter(person, **PRESENT)
    return _ids(visible.filter(code=term.text)).union(_ids(by_member))


def _by_name(visible: QuerySet, term: Term) -> QuerySet:
    """Each part walks an index of its own; one OR over the join would read the whole register."""
    head = visible.filter(_named("head_name", "head_pinyin", term))
    member = visible.filter(_named("memberships__person__name", "memberships__person__pinyin", term), **PRESENT)
    return _ids(head).union(_ids(member))


def _ids(households: QuerySet) -> QuerySet:
    return households.order_by().values("pk")


def _named(name: str, pinyin: str, term: Term) -> Q:
    """A name from its beginning; pinyin by its syllables (``wangwei``) or its initials (``ww``)."""
    if term.kind == NAME:
        return Q(**{f"{name}__startswith": term.text})
    return Q(**{f"{pinyin}__startswith": term.text}) | Q(**{f"{pinyin}__contains": f" {term.text}"})


def _members(households: list[Household], term: Term) -> dict[int, list[str]]:
    """Why a household is on the list whose head has another name. A number says it by itself."""
    if term.kind == NUMBER or not households:
        return {}
    rows = (
        Membership.objects.current()
        .filter(household__in=households, is_head=False, until__isnull=True)
        .filter(_named("person__name", "person__pinyin", term))
        .values_list("household_id", "person__name")
    )
    names: dict[int, list[str]] = {}
    for household_id, name in rows:
        names.setdefault(household_id, []).append(name)
    return names
