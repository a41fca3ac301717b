"""Indicators → findings: one ``INSERT … SELECT`` a rule and shard."""

import json
from decimal import Decimal
from string import Formatter

from django.db import connection
from django.db.models import CharField, DecimalField, Expression, F, Func, Value
from django.db.models.functions import Cast, Concat, JSONObject, Round

from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.rules import RULES, Rule

INSERT = """
INSERT INTO monitoring_finding (run_id, household_id, county, township, village, rule, level, values, threshold,
                                sentence_zh, sentence_en)
SELECT %s, household_id, county, township, village, %s, found_level, found_values,
       coalesce(%s::jsonb -> found_threshold, '{{}}'::jsonb), found_zh, found_en
FROM ({found}) AS found
ON CONFLICT (run_id, household_id, rule) DO NOTHING
"""

PATTERNS = {"money": "FM999G999G999G990D00", "count": "FM999G999G990", "percent": "FM999990D0%"}


class ToChar(Func):
    function = "to_char"
    output_field = CharField()


def _shown(expression: Expression | F, form: str) -> Expression:
    """A number as people write it: ``5,120.33``, ``4``, ``61.5%``."""
    number: Expression = Cast(expression, DecimalField(max_digits=30, decimal_places=8))
    if form == "percent":
        number = number * Value(100)
    return ToChar(Round(number, precision={"money": 2, "count": 0, "percent": 1}[form]), Value(PATTERNS[form]))


def _sentence(template: str, names: dict[str, Expression | F]) -> Expression:
    """``"net {net:money} yuan"`` as an expression that the database fills in for each row."""
    parts: list[Expression] = []
    for text, name, form, _conversion in Formatter().parse(template):
        if text:
            parts.append(Value(text))
        if name == "year":
            parts.append(Cast(F("year"), CharField()))
        elif name:
            parts.append(_shown(names[name], form or "money"))
    return Concat(*parts, output_field=CharField()) if len(parts) > 1 else parts[0]


def _rounded(expression: Expression | F) -> Expression:
    """Quotients are stored with four places; money has two anyway."""
    return Round(Cast(expression, DecimalField(max_digits=30, decimal_places=8)), precision=4)


def threshold_columns(run: JudgmentRun, rule: Rule) -> dict[str, Value]:
    """The thresholds a rule reads, as columns beside the indicators."""
    field = DecimalField(max_digits=18, decimal_places=4)
    return {code: Value(Decimal(run.thresholds[code]["value"]), output_field=field) for code in rule.thresholds}


def firing(run: JudgmentRun, rule: Rule, township: str):
    """The household months of a shard in which a rule fires, thresholds beside them."""
    return (
        HouseholdMonth.objects.filter(run=run, township=township)
        .annotate(year=Value(run.month.year), **threshold_columns(run, rule))
        .filter(rule.predicate)
    )


def _threshold_code(rule: Rule) -> Expression:
    if isinstance(rule.shown_threshold, str):
        return Value(rule.shown_threshold, output_field=CharField())
    return rule.shown_threshold


def _names(run: JudgmentRun, rule: Rule) -> dict[str, Expression | F]:
    """What a sentence may name: values, thresholds, and the one threshold shown."""
    names: dict[str, Expression | F] = dict(rule.values) | {code: F(code) for code in rule.thresholds}
    values = {code: run.thresholds[code]["value"] for code in rule.thresholds}
    if values:
        # The value that belongs to the code which the rule says is shown for this household.
        known = Value(json.dumps({code: str(value) for code, value in values.items()}))
        names["shown_threshold"] = Cast(
            Func(
                Cast(known, output_field=_Json()),
                _threshold_code(rule),
                function="jsonb_extract_path_text",
                output_field=CharField(),
            ),
            DecimalField(max_digits=18, decimal_places=4),
        )
    return names


class _Json(CharField):
    def db_type(self, connection):
        return "jsonb"

    def cast_db_type(self, connection):
        return "jsonb"


def write_findings(run: JudgmentRun, rule: Rule, township: str) -> int:
    """Writes the findings of one rule in one township. Returns how many."""
    names = _names(run, rule)
    level = Value(rule.level, output_field=CharField()) if isinstance(rule.level, str) else rule.level
    found = (
        firing(run, rule, township)
        .annotate(
            found_level=level,
            found_values=JSONObject(**{name: _rounded(value) for name, value in rule.values.items()}),
            found_threshold=_threshold_code(rule),
            found_zh=_sentence(rule.sentence_zh, names),
            found_en=_sentence(rule.sentence_en, names),
        )
        .values(
            "household_id", "county", "township", "village",
            "found_level", "found_values", "found_threshold", "found_zh", "found_en",
        )
    )  # fmt: skip
    sql, parameters = found.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(found=sql), (run.pk, rule.code, json.dumps(run.thresholds), *parameters))
        return cursor.rowcount


def judging_rules(run: JudgmentRun) -> list[Rule]:
    """The rules of a run that did not refuse the month."""
    return [rule for rule in RULES if rule.code in run.rules and rule.code not in run.refused_rules]
