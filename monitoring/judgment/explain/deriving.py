"""Run, household and rule → derivation. The page, the printout and the command call these functions."""

from households.areas.scope import Placed
from households.models import Household
from monitoring.judgment.explain.clusters import cluster_verdict, derive_cluster
from monitoring.judgment.explain.derivation import Derivation, Figure, Section, Verdict
from monitoring.judgment.explain.figures import (
    names_read,
    period_of,
    sections_of,
    why_not_concerned,
    why_unknown,
)
from monitoring.judgment.explain.judged import judged, thresholds_of
from monitoring.judgment.explain.members import as_member
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.explain.sections import section
from monitoring.judgment.explain.verdicts import base_of, shown_threshold, values_of, verdict
from monitoring.judgment.explain.visits import derive_visits, visits_verdict
from monitoring.judgment.labels import compared_values, in_english, in_rule_order, indicator_row, threshold_row
from monitoring.judgment.models import Finding, JudgmentRun
from monitoring.rules import RULES, Rule, family_of
from monitoring.rules.declaration import VILLAGE, VISITS


def derive_finding(found: Finding, who: Placed, *, shows_health: bool) -> Derivation:
    """The derivation of a finding as ``who`` may see it. ``found`` comes with its run and household."""
    if found.household is None:
        return derive_cluster(found.run, found.village, found.rule, who)
    return _of_household(Reading(found.run, found.household, who, shows_health), found.rule)


def derive(run: JudgmentRun, household: Household, code: str) -> Derivation:
    """The derivation of a rule; of a cluster (``CLU01.INC01``), that of the village of then."""
    reading = Reading(run, household)
    if family_of(code).reads == VILLAGE and base_of(code):
        return derive_cluster(run, reading.month.village if reading.month else household.village, code)
    return _of_household(reading, code)


def _of_household(reading: Reading, code: str) -> Derivation:
    rule = family_of(code)
    return derive_visits(reading, rule, code) if rule.reads == VISITS else _derive(reading, rule)


def cluster_codes(run: JudgmentRun, household: Household, code: str) -> list[str]:
    """``CLU01`` of a household: ``CLU01.INC01`` and so on for each rule that was found for it."""
    return [f"{code}.{found.rule}" for found in Reading(run, household).findings_now]


def derive_all(run: JudgmentRun, household: Household) -> list[Verdict]:
    """What each rule said of a household, in the order of the rules."""
    reading = Reading(run, household)
    verdicts = {VILLAGE: cluster_verdict, VISITS: visits_verdict}
    return [verdicts.get(rule.reads, verdict)(reading, rule) for rule in RULES]


def _derive(reading: Reading, rule: Rule) -> Derivation:
    found = reading.found(rule)
    values = in_rule_order(found.values, rule) if found else values_of(reading, rule)
    copied = found.threshold if found else shown_threshold(rule, reading.run)
    threshold = threshold_row(copied)
    sections = {name: section(name, reading, rule) for name in _section_names(rule)}
    return Derivation(
        verdict=verdict(reading, rule),
        judged=judged(reading.run),
        subject=reading.household.head_name,
        when=rule.when_en if in_english() else rule.when_zh,
        basis=rule.basis,
        values=compared_values(values, copied, rule),
        threshold=threshold,
        other_thresholds=thresholds_of(rule, reading.run, besides=threshold),
        figures=_figures(reading, rule, sections),
        members=[as_member(member) for member in reading.members],
        left_out=[as_member(member) for member in reading.everybody if member.why],
        sections=list(sections.values()),
    )


def _section_names(rule: Rule) -> list[str]:
    """What the rule declares, and whatever else one of its figures is read from."""
    names = list(rule.rows)
    for name in names_read(rule):
        names += sections_of(name)
    return list(dict.fromkeys(names))


def _figures(reading: Reading, rule: Rule, sections: dict[str, Section]) -> list[Figure]:
    month = reading.month
    if month is None:
        return []
    figures = []
    for name in names_read(rule):
        value = getattr(month, name)
        reason = ""
        if value is None:
            reason = why_not_concerned(name, month) or why_unknown(name, month, reading.run)
        of_figure = [sections[key] for key in sections_of(name)]
        figures.append(
            Figure(
                value=indicator_row(name, value),
                period=period_of(name, reading.window),
                section=of_figure[0] if of_figure else None,
                reason=reason,
            )
        )
    return figures
