"""Words for what the judgment computes and compares: indicators, values, thresholds, rules, units."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import BooleanField, CharField
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from households.models import Standing
from monitoring.judgment.indicators import INDICATORS, Indicator
from monitoring.judgment.models import HouseholdMonth
from monitoring.rules import BY_CODE, Rule
from monitoring.rules.declaration import LOWER

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
    "户": _("households"),
    "天": _("days"),
    "月": _("months"),
    "岁": _("years of age"),
    "个": _("departments"),
    "件": _("reports"),
    "次": _("visits"),
    "级": _("(1 by hand, 2 to the township, 3 to the village)"),
}

THRESHOLDS: dict[str, Words] = {
    "income_line": _("Monitoring line, net income per head"),
    "income_red_share": _("Share of the monitoring line below which an alert is red"),
    "income_fall_share": _("Share of the net income of the year before"),
    "inpatient_year_lifted": _("In-patient self-pay of a year, lifted or monitored households"),
    "inpatient_year_other": _("In-patient self-pay of a year, other households"),
    "single_stay_monitored": _("Self-pay of one stay, monitored households"),
    "single_stay_other": _("Self-pay of one stay, other households"),
    "outpatient_month_line": _("Out-patient pool and chronic self-pay of one person and month"),
    "rural_income_last_year": _("Rural income per head of the province, last year"),
    "students_above_line": _("Members in schools above compulsory education"),
    "outage_days_line": _("Days without water in a year"),
    "stable_work_months": _("Months of work that count as stable"),
    "old_age": _("Age from which a member counts as old"),
    "visit_interval": _("Interval between visits"),
    "visit_interval_red": _("Interval between visits, household with a red alert"),
    "visit_interval_yellow": _("Interval between visits, household with a yellow alert"),
    "visit_interval_blue": _("Interval between visits, household with a blue alert"),
    "visit_interval_eliminated": _("Interval between visits, risk eliminated"),
    "composite_departments": _("Departments whose findings add up"),
    "relapse_months": _("Months after elimination in which a finding is a relapse"),
    "cluster_households": _("Households of a village that make a cluster"),
    "cluster_share": _("Share of a village's households that makes a cluster"),
    "cluster_least": _("Least number of households of a cluster by share"),
    "auto_dispatch_red": _("How far red alerts are dispatched on their own"),
    "auto_dispatch_yellow": _("How far yellow alerts are dispatched on their own"),
    "auto_dispatch_blue": _("How far blue alerts are dispatched on their own"),
    "report_phone_day": _("Reports from one phone that are accepted unchecked in a day"),
    "report_village_day": _("Reports from one village that are accepted unchecked in a day"),
    "report_county_hour": _("Reports from the county that are accepted unchecked in an hour"),
    "report_words_day": _("Reports in the same words that are accepted unchecked in a day"),
    "quiet_days_dismissed": _("Days for which no risk keeps the same cause quiet"),
    "quiet_days_handled": _("Days for which another outcome keeps the same cause quiet"),
    "worse_share": _("Share by which a value is clearly worse than when it was closed"),
}

SHARE = "比例"

# Values that a finding derives from indicators: label and unit.
DERIVED: dict[str, tuple[Words, str]] = {
    "net_per_head": (_("Net income per head"), "元"),
    "reference_per_head": (_("Income per head with claims, after self-pay"), "元"),
    "share": (_("Share of the year before"), SHARE),
    "findings": (_("Findings of the month"), ""),
    "departments": (_("Departments with findings within three months"), "个"),
    "found": (_("Households with this finding"), "户"),
    "households": (_("Households of the village"), "户"),
    "visits": (_("Visits that found it"), "次"),
}
# A rule's own words for a value that another rule derives by the same name.
OF_RULE: dict[tuple[str, str], Words] = {("CLU01", "share"): _("Share of the village's households")}

INDICATOR_OF: dict[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}
_COLUMNS = HouseholdMonth._meta.get_fields()
YES_NO = {column.name for column in _COLUMNS if isinstance(column, BooleanField)}
TEXTS = {column.name for column in _COLUMNS if isinstance(column, CharField)}


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


def shown_value(name: str, value: object, unit: str) -> str | None:
    """A value as a person reads it; None where it is unknown."""
    if value is None:
        return None
    if name in YES_NO:
        return gettext("Yes") if value else gettext("No")
    return str(value) if name in TEXTS else _number(value, unit)


def label_and_unit(name: str, rule: Rule | None) -> tuple[Words, str]:
    """What a value of a rule is called, and its unit as the declarations write it."""
    if name in DERIVED:
        label, unit = DERIVED[name]
        return OF_RULE.get((rule.code if rule else "", name), label), unit
    if name in INDICATOR_OF:
        return indicator_label(INDICATOR_OF[name]), INDICATOR_OF[name].unit
    return name, ""


def compared_values(
    values: Mapping[str, object], threshold: Mapping[str, str], rule: Rule | None = None
) -> list[Labelled]:
    """The values that a finding stored, in the order given; ``threshold`` as it was copied, empty without one.

    Decisive is the first that compares with the threshold (a share with a share, an amount with an amount) and is
    beyond it; without a threshold the first that is not nothing.
    """
    decisive = _decisive(values, threshold, rule)
    rows: list[Labelled] = []
    for name, value in values.items():
        label, unit = label_and_unit(name, rule)
        shown = shown_value(name, value, unit)
        is_number = name not in YES_NO | TEXTS
        rows.append(
            Labelled(name, label, shown, _unit_beside(unit), is_number=is_number, is_decisive=name == decisive)
        )
    return rows


def _decisive(values: Mapping[str, object], threshold: Mapping[str, str], rule: Rule | None) -> str | None:
    if not threshold:
        return next((name for name, value in values.items() if value), None)
    of_share = threshold["unit"] == SHARE
    for name, value in values.items():
        if value is not None and name not in YES_NO and (label_and_unit(name, rule)[1] == SHARE) == of_share:
            number, line = Decimal(str(value)), Decimal(threshold["value"])
            beyond = number <= line if rule is not None and rule.worse == LOWER else number >= line
            return name if beyond else None
    return None


def in_rule_order(values: Mapping[str, object], rule: Rule | None) -> dict[str, object]:
    """JSON columns lose the order of their keys; the rule still has it."""
    names = [name for name in rule.values if name in values] if rule else []
    return {name: values[name] for name in [*names, *(name for name in values if name not in names)]}


# The register's page shows what a run saw by subject; a column that no group names stands in the last.
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (_("Household"), ("members", "lifted", "monitored", "monitored_open")),
    (
        _("Income"),
        ("net", "wage", "business", "property", "transfer", "cost", "claims", "previous_net", "income_quarters"),
    ),
    (
        _("Medical care and insurance"),
        (
            "self_pay", "inpatient_year", "largest_stay", "outpatient_month", "paid_year", "uninsured_members",
            "insurance_unknown",
        ),
    ),
    (_("Children and school"), ("dropouts_listed", "dropouts_registered", "students_above")),
    (_("House and water"), ("house_grade", "safe_water", "water_quality", "outages", "outage_days")),
    (
        _("Lists of departments"),
        (
            "accidents", "accidents_severe", "disasters", "disasters_severe", "civil_aid", "severe_disabilities",
            "jobs_lost", "months_worked",
        ),
    ),
    (_("Care and visits"), ("youngest_age", "without_labour", "days_unvisited", "months_since_elimination")),
)  # fmt: skip


def indicator_groups(month: HouseholdMonth) -> list[tuple[Words, list[Labelled]]]:
    """Every indicator of one household and month with its meaning, by subject."""
    named = [name for _title, names in GROUPS for name in names]
    others = tuple(name for name in INDICATOR_OF if name not in named)
    groups = [*GROUPS, (_("Other"), others)] if others else GROUPS
    return [(title, [indicator_row(name, getattr(month, name)) for name in names]) for title, names in groups]


def indicator_row(name: str, value: object) -> Labelled:
    """One indicator with its meaning."""
    indicator = INDICATOR_OF[name]
    return Labelled(
        name,
        indicator_label(indicator),
        shown_value(name, value, indicator.unit),
        _unit_beside(indicator.unit),
        indicator.counts_en if in_english() else indicator.counts,
        is_number=name not in YES_NO | TEXTS,
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
