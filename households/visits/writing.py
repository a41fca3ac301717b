"""What visits add to the register, as rows of evidence: new ones only, nothing is stamped here."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from households.evidence.models import EvidenceBatch, IncomeLine
from households.registry.models import HouseholdFact, PersonFact
from households.visits.register import NONE, WORDS, Fact, Register, household_values, person_values

# A copy has its own, and no row of a file says it.
OWN = ("id", "batch_id", "replaced_in_id", "row_number")


class Additions:
    """Collects rows of one batch; the register of a household is told at once: the next visit finds them."""

    def __init__(self, batch: EvidenceBatch):
        self.batch = batch
        self.lines: list[IncomeLine] = []
        self.household_facts: list[HouseholdFact] = []
        self.person_facts: list[PersonFact] = []

    def add_line(self, register: Register, household: int, month: date, kind: str, item: str, amount: str) -> None:
        line = IncomeLine(
            household_id=household, month=month, kind=kind, item=item, amount=Decimal(amount), batch=self.batch
        )
        register.lines.append(line)
        self.lines.append(line)

    def add_household_fact(self, register: Register, household: int, on: date, said: Mapping[str, Any]) -> None:
        """``said``: field → value in the form's writing, true on the day ``on``."""
        old = register.household_fact or HouseholdFact(household_id=household)
        fact = _renewed(old, on, said, self.batch)
        register.household_fact, register.household = fact, household_values(fact)
        self.household_facts.append(fact)

    def add_person_fact(self, register: Register, person: int, on: date, said: Mapping[str, Any]) -> None:
        old = register.person_facts.get(person) or PersonFact(person_id=person)
        fact = _renewed(old, on, said, self.batch)
        if said.get("schooling", NONE) != NONE:
            # Who goes to school has no reason not to.
            fact.dropout_reason = ""
        register.person_facts[person], register.persons[person] = fact, person_values(fact)
        self.person_facts.append(fact)

    def write(self) -> None:
        """At most one statement a table."""
        IncomeLine.objects.bulk_create(self.lines)
        HouseholdFact.objects.bulk_create(self.household_facts)
        PersonFact.objects.bulk_create(self.person_facts)


def _renewed(old: Fact, on: date, said: Mapping[str, Any], batch: EvidenceBatch) -> Fact:
    """All that was known, with what was said; of the newest day, since nobody would see it behind that."""
    model = type(old)
    columns: Iterable[str] = (str(column.attname) for column in model._meta.concrete_fields)
    values = {name: getattr(old, name) for name in columns if name not in OWN}
    values |= {name: "" if name in WORDS and value == NONE else value for name, value in said.items()}
    values["as_of"] = max(on, old.as_of or on)
    return model(**values, batch=batch)
