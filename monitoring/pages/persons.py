"""What pages say of a person."""

from dataclasses import dataclass
from itertools import groupby

from households.models import MedicalBill


@dataclass(frozen=True)
class Bills:
    """The bills of one person."""

    name: str
    rows: list[MedicalBill]


def bills_by_person(rows: list[MedicalBill]) -> list[Bills]:
    """Rows arrive sorted by person."""
    return [Bills(person.name, list(bills)) for person, bills in groupby(rows, key=lambda bill: bill.person)]
