"""What the register says now, in the form's own writing: beside what a visit says, on the tablet and on pages.

A blank word of the register may be "none" or may be unknown: it reads "none" where other facts of the person are
known, and null where nothing is. Null always means that nothing is known.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from households.evidence.models import IncomeLine
from households.registry.models import HouseholdFact, Membership, PersonFact
from households.visits.declaration import NOT_IN_SCHOOL, SECTIONS, Section

NONE = NOT_IN_SCHOOL
# Words of the register in which nothing stands where there is none.
WORDS = ("schooling", "work_place")
# What a row of the member export says of a person; a birth date is known of everybody.
KNOWN_OF_PERSON = (
    *("resident_insurance", "employee_insurance", "education", "schooling", "dropout_reason", "labour", "health"),
    *("disability", "work_place", "work_months", "dibao", "tekun", "other"),
)

Fact = TypeVar("Fact", HouseholdFact, PersonFact)


def columns_of(section: Section) -> list[str]:
    return [one.register for one in section.fields if one.register]


OF_HOUSEHOLD = [name for section in SECTIONS if section.evidence == "household" for name in columns_of(section)]
OF_PERSON = [name for section in SECTIONS if section.evidence == "person" for name in columns_of(section)]


@dataclass
class Register:
    """One household. ``household``: field → value; ``persons``: id → field → value, of present members only.

    ``lines``: those of the ledger that stand, of the months asked for. The facts are the rows that were read.
    """

    household: dict[str, Any] = field(default_factory=dict)
    persons: dict[int, dict[str, Any]] = field(default_factory=dict)
    lines: list[IncomeLine] = field(default_factory=list)
    household_fact: HouseholdFact | None = None
    person_facts: dict[int, PersonFact] = field(default_factory=dict)

    @property
    def income(self) -> dict[tuple[date, str], dict[str, str]]:
        """(month, kind) → item → amount; two lines of one item count together."""
        sums: dict[tuple[date, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for line in self.lines:
            sums[line.month, line.kind][line.item] += line.amount
        return {key: {item: amount_text(one) for item, one in items.items()} for key, items in sums.items()}


def amount_text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def register_values(households: Sequence[int], months: Collection[date] = ()) -> dict[int, Register]:
    """Household id → what stands there today. Four statements, three when no ``months`` (first days) are asked."""
    registers = {pk: Register() for pk in households}
    for household, fact in newest_facts(HouseholdFact, "household", households).items():
        registers[household].household_fact = fact
    for register in registers.values():
        register.household = household_values(register.household_fact)
    members = Membership.objects.current().filter(household__in=households, until__isnull=True)
    home = dict(members.order_by().values_list("person_id", "household_id"))
    facts = newest_facts(PersonFact, "person", list(home))
    for person, pk in home.items():
        register = registers[pk]
        if person in facts:
            register.person_facts[person] = facts[person]
        register.persons[person] = person_values(facts.get(person))
    if months:
        lines = IncomeLine.objects.current().filter(household__in=households, month__in=sorted(set(months)))
        for line in lines.order_by("id"):
            registers[line.household_id].lines.append(line)
    return registers


def newest_facts(model: type[Fact], owner: str, ids: Sequence[int]) -> dict[int, Fact]:
    """Owner's id → the fact that the register shows: of the latest day, and of that day the one written last."""
    rows = model._default_manager.filter(**{f"{owner}__in": ids}, replaced_in__isnull=True)
    column = f"{owner}_id"
    newest = rows.order_by(column, "-as_of", "-batch_id", "-pk").distinct(column)
    return {getattr(row, column): row for row in newest}


def household_values(fact: HouseholdFact | None) -> dict[str, Any]:
    """A fact in the form's writing; without one nothing is known."""
    return {name: getattr(fact, name, None) for name in OF_HOUSEHOLD}


def person_values(fact: PersonFact | None) -> dict[str, Any]:
    blank = NONE if fact is not None and any(_is_known(getattr(fact, name)) for name in KNOWN_OF_PERSON) else None
    values = {name: getattr(fact, name, None) for name in OF_PERSON}
    return {
        name: (blank if name in WORDS else None) if value == "" or value is None else value
        for name, value in values.items()
    }


def _is_known(value: object) -> bool:
    return value is not None and value not in ("", [], {})
