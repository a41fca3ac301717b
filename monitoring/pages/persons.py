"""What pages say of a person."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from households.models import MedicalBill


@dataclass(frozen=True)
class Bills:
    """The bills of one person, and what they come to."""

    name: str
    rows: list[MedicalBill]
    self_pay: Decimal


def bills_by_person(rows: list[MedicalBill]) -> list[Bills]:
    """Rows arrive sorted by person; a rule speaks of one person's sum."""
    grouped = ((person, list(bills)) for person, bills in groupby(rows, key=lambda bill: bill.person))
    return [
        Bills(person.name, bills, sum((bill.self_pay for bill in bills), Decimal(0))) for person, bills in grouped
    ]
