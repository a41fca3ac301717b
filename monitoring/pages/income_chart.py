"""The income chart of a household: stacked months, cost below zero, the line beside them. Geometry only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from households.models import IncomeKind, IncomeLine
from monitoring.judgment.explain.ledger import INCOME as STACK
from monitoring.judgment.explain.ledger import Sums, net_of
from monitoring.judgment.window import add_months

WIDTH, HEIGHT = 880, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 872, 24, 256
TICKS = 4


@dataclass(frozen=True)
class Bar:
    """One kind in one month."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class Mark:
    """A height with words beside it: a tick, or the monitoring line."""

    y: float
    label: str


@dataclass
class Month:
    """One month: where it is hit, what its tip says, and its bars."""

    label: str
    center: float
    x: float
    width: float
    summary: str
    url: str
    net_y: float | None
    top: float = TOP
    height: float = BOTTOM - TOP
    bars: list[Bar] = field(default_factory=list)


@dataclass
class Chart:
    """What templates/components/income_chart.html draws; ``line`` is ``None`` when no line is known."""

    title: str
    months: list[Month]
    ticks: list[Mark]
    line: Mark | None
    zero_y: float
    legend: list[dict[str, object]]
    unit: str
    has_net: bool = True
    # The ledger stands below the chart and says the same in numbers.
    table: None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


@dataclass(frozen=True)
class Scale:
    """Yuan to pixels: the zero line lies where the largest cost still fits below it."""

    top: float
    bottom: float

    @property
    def per_yuan(self) -> float:
        return (BOTTOM - TOP) / (self.top + self.bottom)

    def y(self, yuan: Decimal | float) -> float:
        return round(TOP + (self.top - float(yuan)) * self.per_yuan, 1)


def sum_by_month(lines: Iterable[IncomeLine]) -> dict[date, dict[str, Decimal]]:
    """Month → kind → yuan."""
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        sums[line.month][line.kind] += line.amount
    return sums


def income_chart(*, sums: Sums, last_month: date, months: int, monthly_line: Decimal | None) -> Chart:
    """``monthly_line``: the monitoring line for the whole household and one month, or ``None`` when unknown."""
    shown = [add_months(last_month, index - months + 1) for index in range(months)]
    scale = _scale([sums.get(month, {}) for month in shown], monthly_line)
    line = None
    if monthly_line is not None:
        label = _("Monitoring line, a month of the household: %(amount)s yuan") % {"amount": _money(monthly_line)}
        line = Mark(scale.y(monthly_line), label)
    return Chart(
        title=_("Income by month and kind"),
        months=[_month(sums, month, index, months, scale) for index, month in enumerate(shown)],
        ticks=[Mark(scale.y(value), _money(value)) for value in _tick_values(scale.top)],
        line=line,
        zero_y=scale.y(0),
        legend=[{"kind": kind.value, "label": kind.label} for kind in (*STACK, IncomeKind.COST)],
        unit=_("yuan"),
    )


def _money(amount: Decimal | float) -> str:
    # Rounded: cut off, the kinds of a month would not add up to its net.
    return f"{amount:,.0f}"


def _scale(months: list[Mapping[str, Decimal]], monthly_line: Decimal | None) -> Scale:
    incomes = [sum(kinds.get(kind, Decimal(0)) for kind in STACK) for kinds in months]
    costs = [kinds.get(IncomeKind.COST, Decimal(0)) for kinds in months]
    return Scale(float(max([*incomes, monthly_line or 0, 100])), float(max([*costs, 0])))


def _tick_values(top: float) -> list[float]:
    """Round numbers from zero up: 0, 2,000, 4,000 …"""
    rough = top / TICKS
    power = 10.0 ** (len(str(int(rough))) - 1)
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [step * index for index in range(TICKS + 1) if step * index <= top]


def _month(sums: Sums, month: date, index: int, months: int, scale: Scale) -> Month:
    kinds = sums.get(month, {})
    step = (RIGHT - LEFT) / months
    x = round(LEFT + index * step, 1)
    text = [f"{month:%Y-%m}"]
    text += [f"{kind.label} {_money(kinds[kind])}" for kind in (*STACK, IncomeKind.COST) if kinds.get(kind)]
    if kinds:
        text.append(f"{_('Net income')} {_money(net_of(kinds))}")
    return Month(
        label=f"{month:%Y-%m}" if month.month in (1, 4, 7, 10) else "",
        center=round(x + step / 2, 1),
        x=x,
        width=round(step, 1),
        summary="\n".join(text),
        url=f"#m{month:%Y-%m}" if kinds else "",
        net_y=scale.y(net_of(kinds)) if kinds else None,
        bars=_bars(kinds, round(x + step * 0.16, 1), round(step * 0.68, 1), scale),
    )


def _bars(kinds: Mapping[str, Decimal], x: float, width: float, scale: Scale) -> list[Bar]:
    bars, stacked = [], Decimal(0)
    for kind in STACK:
        if amount := kinds.get(kind):
            stacked += amount
            bars.append(Bar(x, scale.y(stacked), width, round(float(amount) * scale.per_yuan, 1), kind.value))
    if cost := kinds.get(IncomeKind.COST):
        bars.append(Bar(x, scale.y(0), width, round(float(cost) * scale.per_yuan, 1), IncomeKind.COST.value))
    return bars
