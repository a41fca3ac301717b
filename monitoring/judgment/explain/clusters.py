"""A village in which many households have the same finding: who they are, and how many of how many."""

from django.urls import reverse
from django.utils.translation import gettext as _

from households.areas.scope import Placed
from households.models import Area, Household
from monitoring.judgment.explain.derivation import Column, Derivation, Outcome, Row, Section, Verdict
from monitoring.judgment.explain.figures import evaluate, period
from monitoring.judgment.explain.judged import judged, thresholds_of
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.explain.verdicts import (
    base_of,
    fired,
    in_both,
    refused,
    say_not_reached,
    shown_threshold,
)
from monitoring.judgment.labels import compared_values, in_english, in_rule_order, rule_name, threshold_row
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.rules import BY_CODE, Rule

MOST_HOUSEHOLDS = 400


def derive_cluster(run: JudgmentRun, village: str, code: str, who: Placed | None = None) -> Derivation:
    """Why ``CLU01.INC01`` fired in a village, or did not."""
    rule, base = BY_CODE[code.partition(".")[0]], BY_CODE[base_of(code)]
    found = Finding.objects.filter(run=run, village=village, household__isnull=True, rule=code).first()
    of_households = Finding.objects.filter(run=run, village=village, household__isnull=False, rule=base.code)
    if found is not None:
        values = in_rule_order(found.values, rule)
    else:
        households = HouseholdMonth.objects.filter(run=run, village=village).count()
        row = {"found": of_households.count(), "households": households}
        values = {name: evaluate(expression, row) for name, expression in rule.values.items()}
    copied = shown_threshold(rule, run) if found is None else found.threshold
    threshold = threshold_row(copied)
    return Derivation(
        verdict=_verdict(run, rule, base, found, values),
        judged=judged(run),
        subject=Area.objects.get(code=village).short_name,
        when=rule.when_en if in_english() else rule.when_zh,
        basis=rule.basis,
        values=compared_values(values, copied, rule),
        threshold=threshold,
        other_thresholds=thresholds_of(rule, run, besides=threshold),
        figures=[],
        members=[],
        left_out=[],
        sections=[_households(run, village, base, who)],
    )


def _verdict(
    run: JudgmentRun, rule: Rule, base: Rule, found: Finding | None, values: dict[str, object]
) -> Verdict:
    if found is not None:
        return fired(found, rule)
    name = f"{rule_name(rule)}{_(': ')}{rule_name(base)}"
    outcome, say = refused(run, rule) or (
        Outcome.NOT_REACHED,
        lambda: say_not_reached(values, rule, run),
    )
    return Verdict(f"{rule.code}.{base.code}", name, outcome, "", in_both(say))


def _households(run: JudgmentRun, village: str, base: Rule, who: Placed | None) -> Section:
    """The households with the finding, each with a link to its alert; who moved out of sight is only counted."""
    found = list(
        Finding.objects.filter(run=run, village=village, household__isnull=False, rule=base.code)
        .select_related("household", "alert")
        .order_by("household_id")
    )
    seen = {row.household_id for row in found}
    if who is not None:
        seen = set(Household.objects.visible_to(who).filter(pk__in=seen).values_list("pk", flat=True))
    shown = [row for row in found if row.household_id in seen]
    rows = [_household(row) for row in shown[:MOST_HOUSEHOLDS]]
    month = found[0].month if found else run.event_month
    away = len(found) - len(shown)
    note = _("%(count)s more have moved to another area since.") % {"count": away} if away else ""
    columns = (
        Column(_("Household")),
        Column(_("Household number")),
        Column(_("Level"), is_short=True),
        Column(_("What was found")),
    )
    return Section(
        "cluster",
        f"{base.code} {rule_name(base)}",
        period(month, month),
        columns,
        rows,
        note=note,
        is_cut=len(shown) > MOST_HOUSEHOLDS,
    )


def _household(found: Finding) -> Row:
    household = found.household
    assert household is not None  # noqa: S101
    url = reverse("pages:alert", args=[found.alert_id]) if found.alert_id else ""
    sentence = found.sentence_en if in_english() else found.sentence_zh
    level = str(found.get_level_display())
    return Row((household.head_name, household.code or f"#{household.pk}", level, sentence), url=url)


def cluster_verdict(reading: Reading, rule: Rule) -> Verdict:
    """For the list of all rules of one household: whether its village is a cluster of anything."""
    of_village = list(reading.clusters)
    if of_village:
        first = fired(of_village[0], rule)
        return Verdict(rule.code, first.name, first.outcome, first.level, first.sentences)
    outcome, say = refused(reading.run, rule) or (
        Outcome.NOT_REACHED,
        lambda: _("Not found: no rule found enough households of the village."),
    )
    return Verdict(rule.code, rule_name(rule), outcome, "", in_both(say))
