"""Words for what the judgment computes and compares: indicators, values, thresholds, rules, units."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from households.models import Standing
from monitoring.judgment.indicators import INDICATORS, Indicator
from monitoring.judgment.models import HouseholdMonth
from monitoring.rules import BY_CODE, Rule

Words = str | Promise

# Units as indicators and threshold rows carry them.
UNITS: dict[str, Words] = {
    "元": _("yuan"),
    "人": _("persons"),
    "季": _("quarters"),
    "元/人·年": _("yuan per person and year"),
    "元/次": _("yuan per stay"),
    "元/人·月": _("yuan per person and month"),
    "比例": _("share"),
}

THRESHOLDS: dict[str, Words] = {
    "income_line": _("Monitoring line, net income per head"),
    "income_red_share": _("Share of the monitoring line below which an alert is red"),
    "income_fall_share": _("Share of the net income of the year before"),
    "inpatient_year_lifted": _("In-patient self-pay of a year, lifted or monitored households"),
    "inpatient_year_other": _("In-patient self-pay of a year, other households"),
    "single_stay_monitored": _("Self-pay of one stay, monitored households"),
    "single_stay_other": _("Self-pay of one stay, other households"),
}

SHARE = "比例"

# Values that a finding derives from indicators: label and unit.
DERIVED: dict[str, tuple[Words, str]] = {
    "net_per_head": (_("Net income per head"), "元"),
    "reference_per_head": (_("Income per head with claims, after self-pay"), "元"),
    "share": (_("Share of the year before"), SHARE),
}

INDICATOR_OF: dict[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}
YES_NO = {"lifted", "monitored", "monitored_open"}


@dataclass(frozen=True)
class Labelled:
    """A value as a person reads it. ``shown`` is None where the value is unknown."""

    name: str
    label: Words
    shown: str | None
    unit: Words
    meaning: str = ""
    # Amounts stand flush right, words do not.
    is_number: bool = True
    # The value that was held against the threshold.
    is_decisive: bool = False


@dataclass(frozen=True)
class ThresholdRow:
    """A threshold as a run or a finding copied it."""

    code: str
    label: Words
    shown: str
    unit: Words
    document: str
    standing: Words
    # A value that is not from a document is marked wherever it is shown.
    is_sourced: bool
    valid_from: str
    note: str


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def rule_name(rule: Rule) -> str:
    return rule.name_en if in_english() else rule.name_zh


def indicator_label(indicator: Indicator) -> str:
    return indicator.label_en if in_english() else indicator.label_zh


def unit_label(unit: str) -> Words:
    return UNITS.get(unit, unit)


def threshold_label(code: str) -> Words:
    return THRESHOLDS.get(code, code)


def money(amount: Decimal | float | str) -> str:
    """``12,345.60`` in either language."""
    return _rounded(Decimal(str(amount)), 2)


def _rounded(number: Decimal, places: int) -> str:
    """Halves away from zero, as the database rounds in the sentences: a page must not contradict itself."""
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"


def _number(value: object, unit: str) -> str:
    number = Decimal(str(value))
    if unit == SHARE:
        return f"{_rounded(number * 100, 1)}%"
    return _rounded(number, 2 if unit.startswith("元") else 0)


def _unit_beside(unit: str) -> Words:
    """A share is written with its percent sign and needs no unit."""
    return "" if unit == SHARE else unit_label(unit)


def compared_values(values: dict[str, object], threshold_unit: str) -> list[Labelled]:
    """The values that a finding stored, in the order given.

    Decisive is the first that compares with the threshold: a share with a share, an amount with an amount.
    """
    rows: list[Labelled] = []
    for name, value in values.items():
        if name in DERIVED:
            label, unit = DERIVED[name]
        elif name in INDICATOR_OF:
            label, unit = indicator_label(INDICATOR_OF[name]), INDICATOR_OF[name].unit
        else:
            label, unit = name, ""
        shown = None if value is None else _number(value, unit)
        comparable = (unit == SHARE) == (threshold_unit == SHARE)
        decisive = comparable and not any(row.is_decisive for row in rows)
        rows.append(Labelled(name, label, shown, _unit_beside(unit), is_decisive=decisive))
    return rows


def in_rule_order(values: dict[str, object], rule: Rule | None) -> dict[str, object]:
    """JSON columns lose the order of their keys; the rule still has it."""
    names = [name for name in rule.values if name in values] if rule else []
    return {name: values[name] for name in [*names, *(name for name in values if name not in names)]}


def indicator_rows(month: HouseholdMonth) -> list[Labelled]:
    """Every indicator of one household and month, with its meaning."""
    return [_indicator_row(indicator, getattr(month, indicator.name)) for indicator in INDICATORS]


def _indicator_row(indicator: Indicator, value: object) -> Labelled:
    is_number = indicator.name not in YES_NO
    if value is None:
        shown = None
    elif is_number:
        shown = _number(value, indicator.unit)
    else:
        shown = gettext("Yes") if value else gettext("No")
    meaning = indicator.counts_en if in_english() else indicator.counts
    return Labelled(
        indicator.name, indicator_label(indicator), shown, _unit_beside(indicator.unit), meaning, is_number
    )


def threshold_row(copied: dict[str, str]) -> ThresholdRow | None:
    """What a run or a finding kept of a threshold; None for a rule that compares with none."""
    if not copied:
        return None
    standing = copied.get("standing", "")
    return ThresholdRow(
        code=copied["code"],
        label=threshold_label(copied["code"]),
        shown=_number(copied["value"], copied["unit"]),
        unit=_unit_beside(copied["unit"]),
        document=copied.get("document", ""),
        standing=Standing(standing).label if standing in Standing.values else standing,
        is_sourced=standing == Standing.SOURCED,
        valid_from=copied.get("valid_from", ""),
        note=copied.get("note", ""),
    )


@dataclass(frozen=True)
class Refusals:
    """One missing threshold, and all the rules that refuse because of it."""

    threshold: Words
    rules: list[tuple[str, str]]


def refusals(refused_rules: dict[str, list[str]]) -> list[Refusals]:
    """Said once for each threshold, however many rules wait for it."""
    waiting: dict[str, list[tuple[str, str]]] = {}
    for code, missing in sorted(refused_rules.items()):
        name = rule_name(BY_CODE[code]) if code in BY_CODE else ""
        for threshold in missing:
            waiting.setdefault(threshold, []).append((code, name))
    return [Refusals(threshold_label(code), rules) for code, rules in waiting.items()]
