"""Findings of households → clusters: the same rule, one village, within the month."""

from functools import lru_cache
from typing import Any

from django.db.models import Case, CharField, Count, Expression, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from monitoring.judgment.compiling import (
    ANY_RUN,
    ANY_TOWNSHIP,
    KEPT,
    Compiled,
    TurnsOn,
    any_run,
    filled_in,
    turns_on,
)
from monitoring.judgment.finding import (
    COUNTED,
    found_columns,
    insert_findings,
    threshold_columns,
)
from monitoring.judgment.models import Finding, JudgmentRun, RunKind
from monitoring.rules import Rule

# How many households live in each village, counted once and put beside the findings of the shard under their own
# name: Django groups by it, and as a subquery it would be counted anew for every finding.
LIVING = """
WITH living AS MATERIALIZED ({households}), monitoring_finding AS MATERIALIZED (
    SELECT finding.*, living.households FROM monitoring_finding AS finding
    LEFT JOIN living ON living.village = finding.village
    WHERE finding.run_id = %s AND finding.township = %s
)
"""
JUDGED = """
SELECT village, count(*) AS households FROM monitoring_householdmonth
WHERE run_id = %s AND township = %s GROUP BY village
"""
# An immediate run judges few and asks the register.
REGISTERED = """
SELECT village, count(*) AS households FROM households_household
WHERE gone_on IS NULL AND township = %s GROUP BY village
"""


def clusters_among(
    rule: Rule, findings: QuerySet[Finding], households: Expression, thresholds: dict[str, Value]
) -> QuerySet[Finding, Any]:
    """One row a village and rule in which the cluster rule fires: ``found`` of the ``households`` living there."""
    return (
        findings.filter(household__isnull=False, rule__in=COUNTED)
        .values("county", "township", "village", "rule", "month")
        .annotate(found=Count("household"), households=households, **thresholds)
        .filter(rule.predicate)
    )


def by_village(households: QuerySet) -> Expression:
    """How many of ``households`` live in the village of a row, counted once."""
    counted = households.order_by().values_list("village").annotate(Count("pk"))
    return Case(*(When(village=code, then=Value(n)) for code, n in counted), output_field=IntegerField())


def found_in_villages(run: JudgmentRun, rule: Rule, township: str) -> Compiled:
    """The clusters of one township: a select and its parameters."""
    sql, parameters = filled_in(_select_clusters(rule, turns_on(run, rule)), run, township)
    shard = (run.pk, township)
    households, of = (JUDGED, shard) if run.kind == RunKind.MONTHLY else (REGISTERED, (township,))
    return LIVING.format(households=households) + sql, (*of, *shard, *parameters)


def write_clusters(run: JudgmentRun, rule: Rule, township: str) -> int:
    """Writes the clusters of one township. Returns how many."""
    return insert_findings(run, *found_in_villages(run, rule, township), "NULL::bigint")


@lru_cache(maxsize=KEPT)
def _select_clusters(rule: Rule, on: TurnsOn) -> Compiled:
    """Place and columns of the clusters of a rule, to stand after ``LIVING``."""
    run = any_run(on)
    columns = found_columns(run, rule) | {
        "found_month": F("month"),
        "found_rule": Concat(Value(f"{rule.code}."), F("rule"), output_field=CharField()),
    }
    for language in ("zh", "en"):
        named = _rule_name(language)
        columns[f"found_{language}"] = Concat(
            named, Value(": " if language == "en" else "："), columns[f"found_{language}"]
        )
    living = RawSQL("monitoring_finding.households", (), IntegerField())
    findings = Finding.objects.filter(run=ANY_RUN, township=ANY_TOWNSHIP)
    found = clusters_among(rule, findings, living, threshold_columns(run, rule)).annotate(**columns)
    return found.values("county", "township", "village", *columns).query.sql_with_params()


def _rule_name(language: str) -> Expression:
    return Case(
        *(When(rule=code, then=Value(getattr(rule, f"name_{language}"))) for code, rule in COUNTED.items()),
        output_field=CharField(),
    )
