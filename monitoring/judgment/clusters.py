"""Findings of households → clusters: the same rule, one village, within the month."""

from typing import Any

from django.db.models import Case, CharField, Count, Expression, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Concat

from households.models import Household
from monitoring.judgment.finding import (
    COUNTED,
    found_columns,
    insert_findings,
    threshold_columns,
)
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunKind
from monitoring.rules import Rule


def clusters(run: JudgmentRun, rule: Rule, township: str) -> QuerySet[Finding, Any]:
    """One row a village and rule in which the cluster rule fires, with ``found`` of ``households``."""
    if run.kind == RunKind.MONTHLY:
        households: QuerySet = HouseholdMonth.objects.filter(run=run, township=township)
    else:
        # An immediate run judges few and asks the register.
        households = Household.objects.filter(gone_on__isnull=True, township=township)
    return clusters_among(run, rule, Finding.objects.filter(run=run, township=township), households)


def clusters_among(
    run: JudgmentRun, rule: Rule, findings: QuerySet[Finding], households: QuerySet
) -> QuerySet[Finding, Any]:
    """The same among the findings of a run in some place; ``households`` are all that live there."""
    return (
        findings.filter(household__isnull=False, rule__in=COUNTED)
        .values("county", "township", "village", "rule", "month")
        .annotate(found=Count("household"), households=_by_village(households), **threshold_columns(run, rule))
        .filter(rule.predicate)
    )


def _by_village(households: QuerySet) -> Expression:
    """How many households live in the village of a row, counted once.

    As a subquery it would be counted anew for every finding: Django groups by it.
    """
    counted = households.order_by().values_list("village").annotate(Count("pk"))
    return Case(*(When(village=code, then=Value(n)) for code, n in counted), output_field=IntegerField())


def write_clusters(run: JudgmentRun, rule: Rule, township: str) -> int:
    """Writes the clusters of one township. Returns how many."""
    columns = found_columns(run, rule) | {
        "found_month": F("month"),
        "found_rule": Concat(Value(f"{rule.code}."), F("rule"), output_field=CharField()),
    }
    for language in ("zh", "en"):
        named = _rule_name(language)
        columns[f"found_{language}"] = Concat(
            named, Value(": " if language == "en" else "："), columns[f"found_{language}"]
        )
    found = clusters(run, rule, township).annotate(**columns).values("county", "township", "village", *columns)
    sql, parameters = found.query.sql_with_params()
    return insert_findings(run, sql, parameters, "NULL::bigint")


def _rule_name(language: str) -> Expression:
    return Case(
        *(When(rule=code, then=Value(getattr(rule, f"name_{language}"))) for code, rule in COUNTED.items()),
        output_field=CharField(),
    )
