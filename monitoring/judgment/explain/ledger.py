"""The income ledger as a table: a row a month, a column a kind, the net beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from households.models import IncomeKind, IncomeLine
from monitoring.judgment.explain.source import Source, source_of

Sums = Mapping[date, Mapping[str, Decimal]]
INCOME = (IncomeKind.WAGE, IncomeKind.BUSINESS, IncomeKind.PROPERTY, IncomeKind.TRANSFER)


@dataclass(frozen=True)
class LedgerLine:
    """One line of the ledger with its file and row."""

    pk: int
    kind: str
    item: str
    amount: Decimal
    source: Source


@dataclass(frozen=True)
class LedgerMonth:
    """``cells`` in the order of the table's kinds; None where the month has no line of the kind."""

    month: date
    cells: list[Decimal | None]
    net: Decimal
    lines: list[LedgerLine]


@dataclass(frozen=True)
class LedgerTable:
    """Kinds without any line are left out. Amounts in yuan."""

    kinds: list[IncomeKind]
    months: list[LedgerMonth]
    totals: list[Decimal]
    net: Decimal


def net_of(kinds: Mapping[str, Decimal]) -> Decimal:
    """Four kinds of income less the cost of business; claims are no part of it."""
    income = sum((kinds.get(kind, Decimal(0)) for kind in INCOME), Decimal(0))
    return income - kinds.get(IncomeKind.COST, Decimal(0))


def ledger_table(sums: Sums, lines: Iterable[IncomeLine] = ()) -> LedgerTable:
    """Newest month first. ``lines`` come with their batch."""
    lines_of: dict[date, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        kind = str(IncomeKind(line.kind).label)
        lines_of[line.month].append(LedgerLine(line.pk, kind, line.item, line.amount, source_of(line)))
    kinds = [kind for kind in IncomeKind if any(kind in month for month in sums.values())]
    months = [
        LedgerMonth(month, [sums[month].get(kind) for kind in kinds], net_of(sums[month]), lines_of[month])
        for month in sorted(sums, reverse=True)
    ]
    totals = [sum((month.get(kind, Decimal(0)) for month in sums.values()), Decimal(0)) for kind in kinds]
    return LedgerTable(kinds, months, totals, sum((month.net for month in months), Decimal(0)))
