"""What a visit says beside what the register says: each answer gets its state.

A visit adds and overwrites nothing. What the register leaves open is added; what it says otherwise is asked of the
township. Answers of one line are one statement: where one of them must be asked, the others wait with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from households.visits.checking import Checked, Line
from households.visits.declaration import BY_NAME
from households.visits.models import AnswerState
from households.visits.register import NONE, WORDS, Register, amount_text

ADDED, ASKED, NOTED, SAME = AnswerState.ADDED, AnswerState.ASKED, AnswerState.NOTED, AnswerState.SAME


@dataclass
class Said:
    """One answer: what ``VisitAnswer`` holds of it."""

    line: Line
    field: str
    said: Any
    state: AnswerState = NOTED
    stood: Any = None
    month: date | None = None
    kind: str = ""
    item: str = ""


@dataclass
class Comparing:
    """One visit against the register of its household. ``may_add``: nobody else writes into the register now."""

    register: Register
    may_add: bool = True
    # Lines of the ledger that this visit added: another item of the month is no contradiction to them.
    own_keys: set[tuple[date, str, str]] = field(default_factory=set)

    def answers(self, checked: Checked) -> Iterator[Said]:
        for line in checked.lines:
            evidence = BY_NAME[line.section].evidence
            if evidence == "income":
                yield self._income(line)
            elif evidence == "household":
                yield from self._settled(self._facts(line, self.register.household))
            elif evidence == "person" and line.person in self.register.persons:
                yield from self._settled(self._facts(line, self.register.persons[line.person]))
            else:
                yield from (Said(line, name, value) for name, value in line.values.items())

    def _income(self, line: Line) -> Said:
        values = line.values
        month, kind, item = date.fromisoformat(f"{values['month']}-01"), values["kind"], values["item"]
        said = Said(line, "amount", values["amount"], month=month, kind=kind, item=item)
        of_kind = [row for row in self.register.lines if (row.month, row.kind) == (month, kind)]
        amounts = [row.amount for row in of_kind if row.item == item]
        foreign = [row for row in of_kind if (row.month, row.kind, row.item) not in self.own_keys]
        if amounts:
            said.stood = amount_text(sum(amounts, Decimal()))
            said.state = SAME if Decimal(said.said) in amounts else ASKED
        elif foreign or not self.may_add:
            said.state = ASKED
        else:
            said.state = ADDED
            self.own_keys.add((month, kind, item))
        return said

    def _facts(self, line: Line, register: dict[str, Any]) -> list[Said]:
        return [
            Said(line, name, value, self._state(name, value, line, register), register[name])
            for name, value in line.values.items()
        ]

    def _state(self, name: str, said: Any, line: Line, register: dict[str, Any]) -> AnswerState:
        stood = register[name]
        if name == "dropout_reason" and line.values.get("schooling", register["schooling"]) not in (None, NONE):
            # Who goes to school has no reason not to.
            return NOTED
        if said == stood:
            return SAME
        if stood is None:
            # The register has no word for it.
            return NOTED if name in WORDS and said == NONE else ADDED
        if name in WORDS and stood == NONE and not (name == "schooling" and register["dropout_reason"]):
            # A blank of the register contradicts nobody, unless it says why there is none.
            return ADDED
        return ASKED

    def _settled(self, line: list[Said]) -> list[Said]:
        if any(said.state == ASKED for said in line) or not self.may_add:
            for said in line:
                said.state = ASKED if said.state == ADDED else said.state
        return line
