"""What a rule said of a household in a run, and why, in one sentence of each language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from alerts.kinds import Risk
from monitoring.judgment.explain.derivation import Outcome, Sentences, Verdict
from monitoring.judgment.explain.figures import evaluate, names_read, why_not_concerned, why_unknown
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.labels import (
    INDICATOR_OF,
    compared_values,
    in_english,
    indicator_label,
    rule_name,
    threshold_label,
    threshold_row,
)
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.rules import BY_CODE, Rule
from monitoring.rules.declaration import FINDINGS

LANGUAGES = ("zh-hans", "en")


def in_both(say: Callable[[], str]) -> Sentences:
    """The same sentence in both languages."""
    sentences = []
    for language in LANGUAGES:
        with translation.override(language):
            sentences.append(say())
    return Sentences(*sentences)


def verdict(reading: Reading, rule: Rule) -> Verdict:
    """What the run said of the household by this rule."""
    found = reading.found(rule)
    if found is not None:
        return fired(found, rule)
    outcome, say = _why_not(reading, rule)
    return Verdict(rule.code, rule_name(rule), outcome, "", in_both(say))


def fired(found: Finding, rule: Rule) -> Verdict:
    sentences = Sentences(found.sentence_zh, found.sentence_en)
    name = rule_name(rule)
    if found.rule != rule.code:
        name += f"{_(': ')}{_of_family(base_of(found.rule))}"
    return Verdict(found.rule, name, Outcome.FIRED, found.level, sentences)


def base_of(code: str) -> str:
    """``INC01`` of ``CLU01.INC01``: what a cluster is a cluster of; the risk that a visit found."""
    return code.partition(".")[2]


def _of_family(base: str) -> str:
    return rule_name(BY_CODE[base]) if base in BY_CODE else str(Risk(base).label)


Why = tuple[Outcome, Callable[[], str]]


def _why_not(reading: Reading, rule: Rule) -> Why:
    run, month = reading.run, reading.month
    if (why := refused(run, rule)) is not None:
        return why
    if month is None:
        return Outcome.NOT_JUDGED, lambda: _("This judgment did not look at the household.")
    names = [name for name in names_read(rule) if getattr(month, name) is None]
    apart = [name for name in names if why_not_concerned(name, month)]
    unknown = [name for name in names if name not in apart]
    if rule.reads == FINDINGS and not reading.findings_now:
        return Outcome.NOT_REACHED, lambda: _("Not found: this judgment found nothing else for the household.")
    holds = reading.holds[rule.code]
    if holds is None and unknown:
        return Outcome.UNKNOWN, lambda: _say_unknown(unknown, month, run)
    if apart:
        return Outcome.NOT_CONCERNED, lambda: _say_not_concerned(apart, month)
    if holds:
        return Outcome.NOT_JUDGED, lambda: _("Not found then; by today's declaration of the rule it would be.")
    return Outcome.NOT_REACHED, lambda: say_not_reached(values_of(reading, rule), rule, run)


def refused(run: JudgmentRun, rule: Rule) -> Why | None:
    """When the rule said nothing in the whole run: it was not asked, or a threshold had no value."""
    if rule.code not in run.rules:
        return Outcome.NOT_JUDGED, lambda: _("This judgment did not ask this rule.")
    missing = run.refused_rules.get(rule.code)
    if missing:
        return (
            Outcome.REFUSED,
            lambda: (
                _("The rule refuses: no value in this month for %(thresholds)s.")
                % {"thresholds": _(", ").join(str(threshold_label(code)) for code in missing)}
            ),
        )
    return None


def _say_unknown(names: list[str], month: HouseholdMonth, run: JudgmentRun) -> str:
    reasons = [f"{indicator_label(INDICATOR_OF[name])} ({why_unknown(name, month, run)})" for name in names]
    return _("Cannot be judged, unknown: %(figures)s.") % {"figures": _("; ").join(reasons)}


def _say_not_concerned(names: list[str], month: HouseholdMonth) -> str:
    reasons = dict.fromkeys(why_not_concerned(name, month) for name in names)
    return _("Does not apply: %(reasons)s.") % {"reasons": _("; ").join(reasons)}


def say_not_reached(values: Mapping[str, object], rule: Rule, run: JudgmentRun) -> str:
    """The values, the thresholds, and the condition that they do not meet."""
    compared = compared_values(values, shown_threshold(rule, run), rule)
    parts = [f"{row.label} {_shown(row.shown, row.unit)}" for row in compared]
    for code in rule.thresholds:
        if (copied := threshold_row(run.thresholds.get(code, {}))) is not None:
            parts.append(f"{_('Threshold')} {copied.label} {_shown(copied.shown, copied.unit)}")
    condition = rule.when_en if in_english() else rule.when_zh
    return _("Not found: %(values)s. The condition is not met: %(condition)s.") % {
        "values": _("; ").join(parts),
        "condition": condition,
    }


def _shown(value: str | None, unit: object) -> str:
    return f"{_('Unknown') if value is None else value} {unit}".strip()


def shown_threshold(rule: Rule, run: JudgmentRun) -> dict[str, str]:
    """The threshold to show where nothing was found: the one named, else the first that the rule reads."""
    named = rule.shown_threshold if isinstance(rule.shown_threshold, str) else rule.thresholds[-1]
    return run.thresholds.get(named, {})


def values_of(reading: Reading, rule: Rule) -> dict[str, object]:
    """The rule's values for a household, computed from what the run stored of it."""
    row: dict[str, Any] = {}
    if reading.month is not None:
        row = {name: getattr(reading.month, name) for name in INDICATOR_OF}
    if rule.reads == FINDINGS:
        row["findings"] = len(reading.findings_now)
        row["departments"] = len(reading.departments)
    return {name: evaluate(expression, row) for name, expression in rule.values.items()}
