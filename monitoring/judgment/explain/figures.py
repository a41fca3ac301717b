"""What a rule reads, from its own declaration: names, values, the time of each, and why one is unknown."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import add, mul, sub, truediv
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext as _

from households.models import Department
from monitoring.judgment.labels import INDICATOR_OF
from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.judgment.window import Window
from monitoring.rules import Rule

ARITHMETIC = {"+": add, "-": sub, "*": mul, "/": truediv}

# Lists (forms) by the department that sends them.
SENDERS = {
    "medical": Department.MEDICAL,
    "education": Department.EDUCATION,
    "disability": Department.DISABLED,
    "housing": Department.HOUSING,
    "water": Department.WATER,
    "traffic": Department.TRAFFIC,
    "emergency": Department.EMERGENCY,
    "civil": Department.CIVIL,
    "employment": Department.LABOUR,
}
# Where the rows of an indicator stand, when they do not stand where its source says.
SECTIONS = {
    "previous_net": "ledger_before",
    "self_pay": "bills",
    "inpatient_year": "inpatient_year",
    "largest_stay": "stays",
    "outpatient_month": "outpatient",
    "paid_year": "bills_of_year",
    "uninsured_members": "insurance",
    "insurance_unknown": "insurance",
    "dropouts_registered": "schooling",
    "students_above": "schooling",
    "dropouts_listed": "list:education",
    "months_worked": "work",
    "without_labour": "work",
    "outage_days": "list:water",
    "accidents_severe": "list:traffic",
    "disasters_severe": "list:emergency",
    "house_grade": "list:housing",
    "days_unvisited": "visits",
    "members": "",
    "youngest_age": "",
}
# Further sections of an indicator that is read from two kinds of evidence.
ALSO = {"house_grade": ("household_facts",), "days_unvisited": ("household_facts",), "accidents_severe": ("work",)}


def names_read(rule: Rule) -> list[str]:
    """The indicators of a rule, each once: what it needs, then what its predicate, values and level name."""
    names = list(rule.needs)
    for expression in (rule.predicate, *rule.values.values(), rule.level):
        names += _names(expression)
    return [name for name in dict.fromkeys(names) if name in INDICATOR_OF]


def _names(expression: Any) -> Iterator[str]:
    if isinstance(expression, F):
        yield _column(expression)
    elif isinstance(expression, Q):
        for child in expression.children:
            if isinstance(child, tuple):
                yield child[0].split("__")[0]
                yield from _names(child[1])
            else:
                yield from _names(child)
    elif hasattr(expression, "get_source_expressions"):
        for part in expression.get_source_expressions():
            yield from _names(part)


def _column(reference: Any) -> str:
    return reference.name


def evaluate(expression: Any, row: Mapping[str, Any]) -> Any:
    """A value of a rule over one household's indicators; None where a part is unknown or divides by 0."""
    if isinstance(expression, F):
        return row.get(_column(expression))
    if isinstance(expression, Value):
        return expression.value
    if not isinstance(expression, CombinedExpression):
        raise TypeError(f"a value of a rule is {type(expression).__name__}")
    left, right = (evaluate(part, row) for part in (expression.lhs, expression.rhs))
    if left is None or right is None or expression.connector == "/" and not right:
        return None
    return ARITHMETIC[expression.connector](Decimal(left), Decimal(right))


def sections_of(name: str) -> tuple[str, ...]:
    """The sections that hold the rows of an indicator; none where the list of members says all."""
    indicator = INDICATOR_OF[name]
    if name in SECTIONS:
        first = SECTIONS[name]
    elif indicator.source == "ledger":
        first = "ledger"
    elif indicator.source == "facts":
        first = "household_facts"
    else:
        first = indicator.zero_when.replace("list_", "list:")
    return (*((first,) if first else ()), *ALSO.get(name, ()))


def period(start: date, end: date) -> str:
    """``2021-07 – 2022-06``, or the one month."""
    first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
    return first if first == last else f"{first} – {last}"


def period_of(name: str, window: Window) -> str:
    """The months an indicator counts, or the day as of which it is read."""
    indicator = INDICATOR_OF[name]
    if name == "previous_net":
        return period(window.previous_start, window.previous_end)
    if indicator.source == "ledger" or indicator.zero_when == "list_medical_window":
        return period(window.start, window.month)
    if indicator.zero_when == "list_medical_year" or name == "outage_days":
        return period(window.year_start, window.events)
    if indicator.zero_when:
        return period(window.events, window.events)
    return f"{window.end:%Y-%m-%d}"


def why_unknown(name: str, month: HouseholdMonth, run: JudgmentRun) -> str:
    """The reason in words, for an indicator that has no value."""
    indicator, window = INDICATOR_OF[name], Window(run.month, run.event_month)
    if month.members is None and indicator.source == "members":
        return _("no member is known at the end of the month")
    if indicator.source == "ledger":
        return _("the ledger has no line of %(period)s") % {"period": period_of(name, window)}
    if indicator.zero_when.startswith("list_medical_"):
        return _("no medical list of %(period)s was received") % {"period": period_of(name, window)}
    if indicator.zero_when:
        source = indicator.zero_when.removeprefix("list_")
        return _("the list of %(department)s for %(month)s was not received") % {
            "department": SENDERS[source].label,
            "month": f"{window.events:%Y-%m}",
        }
    if indicator.source == "members":
        return _("it is not known of every member")
    return _("the register does not say")


def why_not_concerned(name: str, month: HouseholdMonth) -> str:
    """Why a figure cannot be had of such a household; empty where it could be and is unknown."""
    if name in ("days_unvisited", "months_since_elimination") and month.monitored is False:
        return _("the household is not monitored")
    if name == "days_unvisited" and month.monitored and month.monitored_open is False:
        return _("the risk of the household is eliminated")
    if name == "months_since_elimination" and month.monitored_open:
        return _("the risk of the household is not eliminated")
    if name == "months_worked" and month.jobs_lost == 0:
        return _("no member is on the employment list")
    return ""
