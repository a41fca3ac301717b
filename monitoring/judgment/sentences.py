"""Sentences that the database fills in: ``"net {net:money} yuan"`` as an expression over a row's columns."""

import json
from collections.abc import Mapping
from decimal import Decimal
from string import Formatter

from django.db.models import BooleanField, Case, CharField, DecimalField, Expression, F, Func, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Round

Names = Mapping[str, Expression | F]

PATTERNS = {"money": "FM999G999G999G990D00", "count": "FM999G999G990", "percent": "FM999990D0%"}
PLACES = {"money": 2, "count": 0, "percent": 1}
# What is unknown in one of several things that a sentence names.
UNKNOWN = {"zh": "未知", "en": "unknown"}
YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


class ToChar(Func):
    function = "to_char"
    output_field = CharField()


class Jsonb(CharField):
    """A text that the database reads as JSON."""

    def db_type(self, connection):
        return "jsonb"

    def cast_db_type(self, connection):
        return "jsonb"


def sentence(template: str, names: Names, language: str) -> Expression:
    """The template with every ``{name:form}`` replaced; forms are money, count, percent, text and yes_no."""
    parts: list[Expression] = []
    for text, name, form, _conversion in Formatter().parse(template):
        if text:
            parts.append(Value(text))
        if name == "year":
            parts.append(Cast(F("year"), CharField()))
        elif name:
            parts.append(Coalesce(_shown(names[name], form or "money", language), Value(UNKNOWN[language])))
    return Concat(*parts, output_field=CharField()) if len(parts) > 1 else parts[0]


def _shown(expression: Expression | F, form: str, language: str) -> Expression:
    """A value as people write it: ``5,120.33``, ``4``, ``61.5%``, ``C``, ``否``."""
    if form == "text":
        return Cast(expression, CharField())
    if form == "yes_no":
        yes, no = YES_NO[language]
        known = Cast(expression, BooleanField())
        return Case(
            When(Exactly(known, Value(True)), then=Value(yes)), When(Exactly(known, Value(False)), then=Value(no))
        )
    number: Expression = Cast(expression, DecimalField(max_digits=30, decimal_places=8))
    if form == "percent":
        number = number * Value(100)
    return ToChar(Round(number, precision=PLACES[form]), Value(PATTERNS[form]))


class Exactly(Func):
    """``a = b`` as a condition."""

    template = "(%(expressions)s)"
    arg_joiner = " = "
    output_field = BooleanField()


def value_of_code(values: Mapping[str, str], code: Expression) -> Expression:
    """The value that belongs to the threshold which the rule says is shown for this row."""
    known = Cast(Value(json.dumps(dict(values))), output_field=Jsonb())
    text = Func(known, code, function="jsonb_extract_path_text", output_field=CharField())
    return Cast(text, DecimalField(max_digits=18, decimal_places=4))


def threshold_value(value: str) -> Value:
    return Value(Decimal(value), output_field=DecimalField(max_digits=18, decimal_places=4))
