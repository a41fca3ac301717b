"""A rule's predicate as people write a condition: ``net < members × income_line``."""

from decimal import Decimal

from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression

COMPARED = {"exact": "=", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "∈"}
COMBINED = {"*": "×", "-": "−"}
YES_NO = {True: "yes", False: "no"}


def formula(part: object) -> str:
    """A predicate, or an expression inside it. Raises ``TypeError`` for what has no short form yet."""
    if isinstance(part, Q):
        return f" {part.connector.lower()} ".join(_joined(child, part.connector) for child in part.children)
    if isinstance(part, tuple):
        return _comparison(*part)
    if isinstance(part, CombinedExpression):
        return f"{formula(part.lhs)} {COMBINED.get(part.connector, part.connector)} {formula(part.rhs)}"
    if isinstance(part, F):
        return str(part.deconstruct()[1][0])
    return _constant(part.value if isinstance(part, Value) else part)


def _joined(child: object, connector: str) -> str:
    text = formula(child)
    return f"({text})" if isinstance(child, Q) and child.connector != connector else text


def _comparison(lookup: str, value: object) -> str:
    name, _sep, how = lookup.partition("__")
    if isinstance(value, bool):
        return f"{name} = {YES_NO[value]}"
    return f"{name} {COMPARED[how or 'exact']} {formula(value)}"


def _constant(value: object) -> str:
    if isinstance(value, tuple | list):
        return "{" + ", ".join(_constant(each) for each in value) + "}"
    if isinstance(value, str | int | Decimal):
        return str(value)
    raise TypeError(f"{value!r} has no short form")
