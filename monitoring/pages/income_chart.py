"""The income chart of a household: stacked months, cost below zero, the line beside them. Geometry only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from households.models import IncomeKind, IncomeLine
from monitoring.judgment.window import add_months

WIDTH, HEIGHT = 860, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 28
STACK = (IncomeKind.WAGE, IncomeKind.BUSINESS, IncomeKind.PROPERTY, IncomeKind.TRANSFER)
TICKS = 4


@dataclass(frozen=True)
class Bar:
    """One kind in one month."""

    x: float
    y: float
    width: float
    height: float
    css_class: str
    label: str
    link: str


@dataclass(frozen=True)
class Tick:
    y: float
    label: str


@dataclass(frozen=True)
class MonthLabel:
    x: float
    label: str


@dataclass
class Chart:
    """What templates/components/income_chart.html draws. ``line_y`` is null when no line is known."""

    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    zero_y: float = 0
    bars: list[Bar] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    months: list[MonthLabel] = field(default_factory=list)
    line_y: float | None = None
    line_label: str = ""


def _money(amount: Decimal | float) -> str:
    return number_format(amount, decimal_pos=0, use_l10n=True, force_grouping=True)


def sum_by_month(lines: Iterable[IncomeLine]) -> dict[date, dict[str, Decimal]]:
    """Month → kind → yuan."""
    sums: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        sums[line.month][line.kind] += line.amount
    return sums


def _scale(sums: dict[date, dict[str, Decimal]], monthly_line: Decimal | None) -> tuple[float, float]:
    """The largest income (or line) and the largest cost of any month, at least one yuan."""
    incomes = [sum(kinds.get(kind, Decimal(0)) for kind in STACK) for kinds in sums.values()]
    costs = [kinds.get(IncomeKind.COST, Decimal(0)) for kinds in sums.values()]
    return float(max([*incomes, monthly_line or 0, 1])) * 1.05, float(max([*costs, 0]))


def income_chart(
    *, sums: dict[date, dict[str, Decimal]], last_month: date, months: int, monthly_line: Decimal | None
) -> Chart:
    """``monthly_line``: the monitoring line for the whole household and one month, or ``None`` when unknown."""
    top, bottom = _scale(sums, monthly_line)
    per_yuan = (HEIGHT - TOP - BOTTOM) / (top + bottom)
    chart = Chart(zero_y=round(TOP + top * per_yuan, 1))
    step = (WIDTH - LEFT - RIGHT) / months
    for index in range(months):
        month = add_months(last_month, index - months + 1)
        x = round(LEFT + index * step, 1)
        _add_month(chart, sums.get(month, {}), month, x, step, per_yuan)
    for index in range(TICKS + 1):
        value = top / 1.05 * index / TICKS
        chart.ticks.append(Tick(round(chart.zero_y - value * per_yuan, 1), _money(value)))
    if monthly_line is not None:
        chart.line_y = round(chart.zero_y - float(monthly_line) * per_yuan, 1)
        chart.line_label = _("Monitoring line, household and month: %(amount)s yuan") % {
            "amount": _money(monthly_line)
        }
    return chart


def _add_month(
    chart: Chart, kinds: dict[str, Decimal], month: date, x: float, step: float, per_yuan: float
) -> None:
    width = round(step * 0.68, 1)
    if month.month in (1, 4, 7, 10):
        chart.months.append(MonthLabel(round(x + width / 2, 1), f"{month:%Y-%m}"))
    y = chart.zero_y
    for kind in (*STACK, IncomeKind.COST):
        amount = kinds.get(kind)
        if not amount:
            continue
        height = round(float(amount) * per_yuan, 1)
        below = kind == IncomeKind.COST
        if not below:
            y = round(y - height, 1)
        label = f"{month:%Y-%m} {kind.label}: {_money(amount)}"
        chart.bars.append(
            Bar(x, chart.zero_y if below else y, width, height, str(kind.value), label, f"#m{month:%Y-%m}")
        )
