"""Filters of lists, for the page and the feed alike: an unknown parameter or value is an error, never ignored.

A filter that is silently dropped shows more rows than were asked for, and nobody notices.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy

HIGHEST_ID = 2**63 - 1
# Longer names are cut where they are repeated to whoever sent them.
NAME_SHOWN = 40


@dataclass(frozen=True)
class ParameterProblem:
    """What is wrong with one parameter, and what would be right. The value itself is never repeated."""

    parameter: str
    # A key of PROBLEM_TEXTS.
    code: str
    text: str | Promise
    allowed: tuple[str, ...]


class BadParameters(ValueError):
    """The query of a request does not say what it should; ``problems`` names each parameter."""

    def __init__(self, problems: list[ParameterProblem]):
        super().__init__(", ".join(f"{problem.code}" for problem in problems))
        self.problems = tuple(problems)

    def sentences(self) -> Iterator[str]:
        """One sentence a problem, for a page."""
        for problem in self.problems:
            yield gettext("%(parameter)s: %(problem)s Allowed: %(allowed)s") % {
                "parameter": problem.parameter,
                "problem": problem.text,
                "allowed": gettext(", ").join(problem.allowed),
            }


PROBLEM_TEXTS = {
    "unknown_parameter": gettext_lazy("There is no such parameter."),
    "invalid_value": gettext_lazy("This value is not allowed."),
    "missing_parameter": gettext_lazy("This must be given."),
    "repeated_parameter": gettext_lazy("This parameter may be given once."),
    "conflicting_parameters": gettext_lazy("Give one of these, not both."),
}


def problem(code: str, parameter: str, allowed: tuple[str, ...]) -> ParameterProblem:
    return ParameterProblem(parameter[:NAME_SHOWN], code, PROBLEM_TEXTS[code], allowed)


def odd_parameters(query: QueryDict, allowed: tuple[str, ...]) -> list[ParameterProblem]:
    """Parameters that nobody knows, and those that were given twice."""
    problems = [problem("unknown_parameter", name, allowed) for name in query if name not in allowed]
    return problems + [
        problem("repeated_parameter", name, (name,))
        for name, values in query.lists()
        if name in allowed and len(values) > 1
    ]


def parse_whole_number(text: str, *, lowest: int = 1, highest: int = HIGHEST_ID) -> int:
    """ASCII digits within bounds; anything else is a ``ValueError`` (``int`` takes "１２", "1_0" and " 7")."""
    if not re.fullmatch(r"[0-9]{1,19}", text) or not lowest <= int(text) <= highest:
        raise ValueError("not a whole number within bounds")
    return int(text)


class QuickSelect(forms.Select):
    """A select put together at once. Django renders a template for every option, and a bar of filters
    has hundreds; that was a third of the time of a list.
    """

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        parts = []
        for key, label in self.choices:
            if isinstance(label, list | tuple):
                parts.append(format_html('<optgroup label="{}">', key))
                parts += [self._option(inner, text, chosen) for inner, text in label]
                parts.append("</optgroup>")
            else:
                parts.append(self._option(key, label, chosen))
        shared = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", shared, mark_safe("".join(parts)))  # noqa: S308 escaped above

    def _option(self, key, label, chosen: set[str]) -> str:
        selected = " selected" if str(key) in chosen else ""
        return f'<option value="{escape(key)}"{selected}>{escape(label)}</option>'


class ChoiceFilter(django_filters.ChoiceFilter):
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("widget", QuickSelect)
        super().__init__(*args, **kwargs)


class MonthField(forms.Field):
    """``2022-06``; the value is the first day of the month."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "YYYY-MM"})
    allowed = ("YYYY-MM",)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", value):
            raise forms.ValidationError(PROBLEM_TEXTS["invalid_value"], code="invalid_value")
        return dt.date(int(value[:4]), int(value[5:]), 1)


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class DayField(forms.Field):
    """``2022-06-30``."""

    widget = forms.DateInput(attrs={"type": "date"})
    allowed = ("YYYY-MM-DD",)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError("not a day")
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise forms.ValidationError(PROBLEM_TEXTS["invalid_value"], code="invalid_value") from error


class DayFilter(django_filters.Filter):
    """The first or the last day of a span: ``__gte`` and ``__lte`` in its ``lookup_expr``, on a moment."""

    field_class = DayField

    def filter(self, qs, value):
        """Days of Asia/Shanghai: the last one ends where the next begins."""
        if value is None:
            return qs
        if self.lookup_expr == "lte":
            return qs.filter(**{f"{self.field_name}__lt": _midnight(value + dt.timedelta(days=1))})
        return qs.filter(**{f"{self.field_name}__gte": _midnight(value)})


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class IdField(forms.Field):
    """The id of a row."""

    allowed = ("1 – 9223372036854775807",)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            return parse_whole_number(value)
        except ValueError as error:
            raise forms.ValidationError(PROBLEM_TEXTS["invalid_value"], code="invalid_value") from error


class IdFilter(django_filters.Filter):
    field_class = IdField


def _choices_of(field: Any) -> tuple[str, ...]:
    """The values a choice field accepts, groups opened, the empty choice left out."""
    values: list[str] = []
    for value, label in field.choices:
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        values += [str(word) for word, _label in inner if word != ""]
    return tuple(values)


class StrictFilterSet(django_filters.FilterSet):
    """A FilterSet that refuses what it does not know.

    ``also`` names parameters that somebody else reads (the pager). ``blank_is_error``: a form sends its empty
    fields, a program that sends ``level=`` has lost a value and would be answered with everything.
    ``RARE`` names the fields that a page keeps behind "more filters"; ``SPAN`` the first and the last day of a
    span, which is a mistake and no empty list when it ends before it begins.
    """

    RARE: tuple[str, ...] = ()
    SPAN: tuple[str, str] | None = None

    def __init__(self, query: QueryDict, queryset, *, also: tuple[str, ...] = (), blank_is_error: bool = False):
        super().__init__(query, queryset)
        self.also = also
        self.blank_is_error = blank_is_error

    def find_problems(self) -> list[ParameterProblem]:
        """Everything that is wrong with the query at once."""
        problems = odd_parameters(self.data, (*self.filters, *self.also))
        wrong = set(self.form.errors)
        if self.blank_is_error:
            wrong |= {name for name in self.filters if self.data.get(name) == ""}
        problems += [self._invalid(name) for name in self.filters if name in wrong]
        return problems + self._backward_span()

    def _backward_span(self) -> list[ParameterProblem]:
        if self.SPAN is None:
            return []
        first, last = (self.form.cleaned_data.get(name) for name in self.SPAN)
        return [problem("invalid_value", self.SPAN[1], (f"≥ {first}",))] if first and last and last < first else []

    @property
    def rare_in_use(self) -> int:
        return sum(1 for name in self.RARE if name in self.filters and self.data.get(name))

    def _invalid(self, name: str) -> ParameterProblem:
        field = self.form.fields[name]
        allowed = field.allowed if hasattr(field, "allowed") else _choices_of(field)
        return problem("invalid_value", name, allowed)

    @property
    def qs(self):
        """The filtered rows. Raises ``BadParameters`` instead of filtering by less than was asked."""
        if problems := self.find_problems():
            raise BadParameters(problems)
        return super().qs
