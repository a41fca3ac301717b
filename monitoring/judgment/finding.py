"""Indicators → findings: one ``INSERT … SELECT`` a rule and shard."""

import json
from functools import lru_cache

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DecimalField,
    Expression,
    ExpressionWrapper,
    F,
    Field,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject, Round

from monitoring.judgment.compiling import KEPT, Compiled, TurnsOn, any_run, any_shard, filled_in, turns_on
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.sentences import sentence, threshold_value, value_of_code
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import FINDINGS, INDICATORS, VILLAGE, VISITS

INSERT = """
INSERT INTO monitoring_finding (run_id, household_id, county, township, village, month, rule, level, values,
                                threshold, sentence_zh, sentence_en)
SELECT %s, {subject}, county, township, village, found_month, found_rule, found_level, found_values,
       coalesce(%s::jsonb -> found_threshold, '{{}}'::jsonb), found_zh, found_en
FROM ({found}) AS found
ON CONFLICT DO NOTHING
"""

NOT_NUMBERS = {
    field.name for field in HouseholdMonth._meta.get_fields() if isinstance(field, CharField | BooleanField)
}
RANKS = {"red": 1, "yellow": 2, "blue": 3}
COUNTED = {rule.code: rule for rule in RULES if rule.counted}
DEPARTMENTS = sorted({rule.department for rule in COUNTED.values()})

# What ``_with_findings`` tells of each household, for a whole township at once: the months of the shard under
# their own name, what was found beside the indicators. As subqueries it would be counted for every mention of it.
BESIDE: dict[str, Field] = {"findings": IntegerField(), "departments": IntegerField(), "highest": CharField()}
FOUND_BESIDE = f"""
WITH beside AS MATERIALIZED (
    SELECT finding.household_id, count(*) FILTER (WHERE finding.run_id = %s) AS findings,
           count(DISTINCT counted.department) AS departments,
           (ARRAY['red', 'yellow', 'blue'])[
               min(CASE finding.level WHEN 'red' THEN 1 WHEN 'yellow' THEN 2 ELSE 3 END)
               FILTER (WHERE finding.run_id = %s)] AS highest
    FROM monitoring_finding AS finding
    JOIN (VALUES {", ".join(f"('{code}', '{rule.department}')" for code, rule in COUNTED.items())})
        AS counted (rule, department) ON counted.rule = finding.rule
    WHERE finding.run_id = ANY(%s) AND finding.household_id IN (
        SELECT household_id FROM monitoring_finding WHERE run_id = %s AND township = %s AND rule = ANY(%s))
    GROUP BY finding.household_id
), monitoring_householdmonth AS MATERIALIZED (
    SELECT month.*, beside.findings, beside.departments, beside.highest
    FROM monitoring_householdmonth AS month JOIN beside USING (household_id)
    WHERE month.run_id = %s AND month.township = %s
)
"""


def threshold_columns(run: JudgmentRun, rule: Rule) -> dict[str, Value]:
    """The thresholds a rule reads, as columns beside the indicators."""
    return {code: threshold_value(run.thresholds[code]["value"]) for code in rule.thresholds}


def month_of(run: JudgmentRun, rule: Rule) -> Value:
    """The month a finding of this rule speaks of."""
    return Value(run.month if rule.of_ledger else run.event_month)


def firing_among(
    run: JudgmentRun, rule: Rule, months: QuerySet[HouseholdMonth], findings: QuerySet[Finding]
) -> QuerySet[HouseholdMonth]:
    """Those of some months of a run in which a rule fires, thresholds beside them; ``findings`` are those of the
    run in the same place.
    """
    if rule.reads == FINDINGS:
        months = _with_findings(months, findings, run)
    return _fired(run, rule, months)


def _fired(run: JudgmentRun, rule: Rule, months: QuerySet[HouseholdMonth]) -> QuerySet[HouseholdMonth]:
    year = run.month.year if rule.of_ledger else run.event_month.year
    return months.annotate(year=Value(year), **threshold_columns(run, rule)).filter(rule.predicate)


def not_firing(run: JudgmentRun, rule: Rule, township: str) -> Compiled:
    """Selects the households of a shard that a rule on indicators does not fire for, and everything it turns on is
    known: the predicate is false, not null. Who is not monitored has nothing unknown about days without a visit.
    """
    return filled_in(_select_not_firing(rule, turns_on(run, rule)), run, township)


@lru_cache(maxsize=KEPT)
def _select_not_firing(rule: Rule, on: TurnsOn) -> Compiled:
    fires = ExpressionWrapper(rule.predicate, output_field=BooleanField())
    months = any_shard().annotate(**threshold_columns(any_run(on), rule)).annotate(fires=fires).filter(fires=False)
    return months.values("household_id").query.sql_with_params()


def _with_findings(
    months: QuerySet[HouseholdMonth], findings: QuerySet[Finding], run: JudgmentRun
) -> QuerySet[HouseholdMonth]:
    """What other rules found for the household: how many this month, the highest level, how many departments.

    Departments also count what the sealed runs of the two months before found.
    """
    # Not by the index on runs: of one that is being judged the planner knows no row yet, and would go through all
    # of its findings for each household.
    counted = Finding.objects.filter(rule__in=COUNTED).annotate(of_run=F("run_id") + 0)
    same = counted.filter(of_run=run.pk, household=OuterRef("household"))
    some = findings.filter(rule__in=COUNTED, household__isnull=False)
    recent = counted.filter(of_run__in=[run.pk, *run.sealed_before], household=OuterRef("household"))
    rank = Case(*(When(level=level, then=Value(rank)) for level, rank in RANKS.items()))
    department = Case(
        *(
            When(rule__in=[code for code, rule in COUNTED.items() if rule.department == name], then=Value(name))
            for name in DEPARTMENTS
        )
    )
    return months.filter(household__in=some.values("household")).annotate(
        findings=Subquery(same.values("household").annotate(n=Count("pk")).values("n")),
        highest=Subquery(same.order_by(rank).values("level")[:1]),
        departments=Subquery(recent.values("household").annotate(n=Count(department, distinct=True)).values("n")),
    )


def threshold_code(rule: Rule) -> Expression:
    if isinstance(rule.shown_threshold, str):
        return Value(rule.shown_threshold, output_field=CharField())
    return rule.shown_threshold


def names_of(run: JudgmentRun, rule: Rule) -> dict[str, Expression | F]:
    """What a sentence may name: values, thresholds, and the one threshold shown."""
    names: dict[str, Expression | F] = dict(rule.values) | {code: F(code) for code in rule.thresholds}
    if rule.thresholds:
        values = {code: run.thresholds[code]["value"] for code in rule.thresholds}
        names["shown_threshold"] = value_of_code(values, threshold_code(rule))
    return names


def stored(name: str, expression: Expression | F) -> Expression | F:
    """Quotients are stored with four places; money has two anyway."""
    if name in NOT_NUMBERS:
        return expression
    return Round(Cast(expression, DecimalField(max_digits=30, decimal_places=8)), precision=4)


def found_columns(run: JudgmentRun, rule: Rule) -> dict[str, Expression | F]:
    """The columns of a finding, as expressions over what fires."""
    names = names_of(run, rule)
    return {
        "found_month": month_of(run, rule),
        "found_rule": Value(rule.code, output_field=CharField()),
        "found_level": (
            Value(rule.level, output_field=CharField()) if isinstance(rule.level, str) else rule.level
        ),
        "found_values": JSONObject(**{name: stored(name, value) for name, value in rule.values.items()}),
        "found_threshold": threshold_code(rule),
        "found_zh": sentence(rule.sentence_zh, names, "zh"),
        "found_en": sentence(rule.sentence_en, names, "en"),
    }


def found_in_months(run: JudgmentRun, rule: Rule, township: str) -> Compiled:
    """What a rule about households finds in one township: a select and its parameters."""
    sql, parameters = filled_in(_select_found(rule, turns_on(run, rule)), run, township)
    if rule.reads != FINDINGS:
        return sql, parameters
    shard = (run.pk, township)
    recent = [run.pk, *run.sealed_before]
    return FOUND_BESIDE + sql, (run.pk, run.pk, recent, *shard, list(COUNTED), *shard, *parameters)


def write_findings(run: JudgmentRun, rule: Rule, township: str) -> int:
    """Writes the findings of one rule about households in one township. Returns how many."""
    return insert_findings(run, *found_in_months(run, rule, township), "household_id")


@lru_cache(maxsize=KEPT)
def _select_found(rule: Rule, on: TurnsOn) -> Compiled:
    """Place and columns of the findings of a rule; of one that reads findings, to stand after ``FOUND_BESIDE``."""
    run, months = any_run(on), any_shard()
    if rule.reads == FINDINGS:
        for name, field in BESIDE.items():
            column = RawSQL(f"monitoring_householdmonth.{name}", (), field)  # noqa: S611 our own words
            months = months.annotate(**{name: column})
    columns = found_columns(run, rule)
    found = _fired(run, rule, months).annotate(**columns)
    return found.values("household_id", "county", "township", "village", *columns).query.sql_with_params()


def insert_findings(run: JudgmentRun, sql: str, parameters: tuple, subject: str) -> int:
    """``sql`` selects the columns of ``found_columns`` and the place; ``subject`` says whose finding it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT.format(found=sql, subject=subject), (run.pk, json.dumps(run.thresholds), *parameters)
        )
        return cursor.rowcount


def judging_rules(run: JudgmentRun) -> list[Rule]:
    """The rules of a run that did not refuse the month, those that read findings after the others."""
    order = (INDICATORS, VISITS, FINDINGS, VILLAGE)
    rules = [rule for rule in RULES if rule.code in run.rules and rule.code not in run.refused_rules]
    return sorted(rules, key=lambda rule: order.index(rule.reads))
