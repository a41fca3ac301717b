"""Situations in YAML → households made with the real models → judged by the real run.

One file a rule, ``situations/<CODE>.yaml``, a list of situations; what one may say stands in
``situations/README.md``. Those of a file that share month, lists, thresholds and earlier months share a run.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.judgment.window import add_months, parse_month
from monitoring.rules import BY_CODE
from monitoring.rules.declaration import VILLAGE

FOLDER = Path(__file__).parent / "situations"
EXPECTED = {"red", "yellow", "blue", "nothing", "unknown", "refused"}
HOUSEHOLDS: dict[str, dict[str, Any]] = {
    "unknown": {},
    "ordinary": {"kind": "ordinary", "category": ""},
    "lifted": {"kind": "lifted", "category": ""},
    "monitored": {
        "kind": "ordinary",
        "category": "marginal",
        "monitored_since": dt.date(2021, 1, 1),
        "risk_eliminated": False,
    },
    "eliminated": {
        "kind": "ordinary",
        "category": "marginal",
        "monitored_since": dt.date(2021, 1, 1),
        "risk_eliminated": True,
    },
}


class Unreadable(Exception):
    """A situation says something that nobody understands; the message says which and what."""


@dataclass(frozen=True)
class Line:
    """One line of the ledger."""

    month: dt.date
    kind: str
    amount: Decimal


@dataclass
class Situation:
    """One household in one month and what is expected of one rule."""

    rule: str
    name: str
    expect: str
    month: dt.date = dt.date(2022, 6, 1)
    household: Any = "unknown"
    members: Any = 1
    income: Any = field(default_factory=dict)
    bills: list[dict] = field(default_factory=list)
    entries: list[dict] = field(default_factory=list)
    visits: list[dt.date | dict[str, Any]] = field(default_factory=list)
    lists: Any = "all"
    thresholds: dict[str, Any] = field(default_factory=dict)
    sealed: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    village: dict[str, int] = field(default_factory=dict)
    of: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    says: str = ""

    @property
    def setting(self) -> tuple:
        """What the whole run shares: situations that agree in it are judged together."""
        overridden = tuple(sorted((code, str(value)) for code, value in self.thresholds.items()))
        return (self.month, tuple(self.received), overridden, tuple(self.sealed), tuple(self.judged))

    @property
    def received(self) -> list[str]:
        """The department lists of the month that came in."""
        return [*DEPARTMENT_LISTS] if self.lists == "all" else [] if self.lists == "none" else list(self.lists)

    @property
    def finding(self) -> str:
        """The rule as its finding names it: a cluster says what it is a cluster of, a visit what it found."""
        return f"{self.rule}.{self.of}" if self.of else self.rule

    @property
    def is_of_village(self) -> bool:
        return BY_CODE[self.rule].reads == VILLAGE

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What was known of the household, as of one day after another; later entries change what they name."""
        told = self.household if isinstance(self.household, list) else [self.household]
        known: dict[str, Any] = {}
        rows = []
        for entry in told:
            given = {"is": entry} if isinstance(entry, str) else dict(entry)
            known = known | HOUSEHOLDS[given.pop("is", "unknown")] | given
            rows.append(known)
        return rows

    @property
    def people(self) -> list[dict[str, Any]]:
        return [{} for _number in range(self.members)] if isinstance(self.members, int) else self.members

    @property
    def lines(self) -> Iterator[Line]:
        """``{wage: 6900 a year}``, ``{wage: 500 in 2021-07}``, ``{wage: 500}`` (in the month judged)."""
        for entry in self.income if isinstance(self.income, list) else [self.income]:
            for kind, said in entry.items():
                yield from self._lines(kind, str(said))

    def _lines(self, kind: str, said: str) -> Iterator[Line]:
        read = re.fullmatch(r"(\d+(?:\.\d+)?)(?: (a year|the year before)| in (\d{4}-\d{2}))?", said)
        if read is None:
            raise Unreadable(f"{self.rule}, {self.name}: income {said!r}")
        amount, span, month = Decimal(read[1]), read[2], read[3]
        if span is None:
            yield Line(parse_month(month) if month else self.month, kind, amount)
            return
        first = add_months(self.month, -11 if span == "a year" else -23)
        share = (amount / 12).quantize(Decimal("0.01"))
        for number in range(12):
            yield Line(add_months(first, number), kind, share if number else amount - 11 * share)


NAMES = {each.name for each in fields(Situation)} - {"rule"}


def read_situations(path: Path) -> list[Situation]:
    """The situations of one file. Raises ``Unreadable`` for words that mean nothing."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    situations = [_read(path.stem, entry) for entry in told]
    if len({situation.name for situation in situations}) != len(situations):
        raise Unreadable(f"{path.stem}: two situations have one name")
    return situations


def _read(rule: str, entry: dict[str, Any]) -> Situation:
    if unknown := set(entry) - NAMES:
        raise Unreadable(f"{rule}, {entry.get('name')}: {', '.join(sorted(unknown))}")
    given = dict(entry)
    if "month" in given:
        given["month"] = parse_month(given["month"])
    situation = Situation(rule=rule, **given)
    if situation.expect not in EXPECTED:
        raise Unreadable(f"{rule}, {situation.name}: expect {situation.expect!r}")
    return situation
