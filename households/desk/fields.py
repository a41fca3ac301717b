"""Fields that read what is typed as imports read a cell: names, numbers, months and amounts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.imports import cells
from households.imports.problems import ROW_PROBLEMS, CellProblem

# 与户主关系, in the order in which people look for them (domain.md §10.3). 户主 is settled by a succession.
RELATIONS = (
    ("配偶", "之子", "之女", "之儿媳", "之女婿")
    + ("之孙子", "之孙女", "之外孙子", "之外孙女", "之父", "之母")
    + ("之岳父", "之岳母", "之公公", "之婆婆", "之祖父", "之祖母", "之外祖父", "之外祖母")
    + ("之兄弟姐妹", "之曾孙子", "之曾孙女", "之侄儿", "之侄女", "之兄弟媳妇", "之叔伯", "其他")
)
# No month's line of a household, and no bill, comes near it; a slip of the pen does.
MOST_YUAN = Decimal("9999999.99")
EARLIEST_MONTH = date(2000, 1, 1)


class CellField(forms.CharField):
    """Reads its text with the parser of a cell; "" stays ""."""

    parse: Callable = staticmethod(cells.plain)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return text
        try:
            return type(self).parse(text)
        except CellProblem as problem:
            raise forms.ValidationError(capfirst(str(ROW_PROBLEMS[problem.code]))) from None


class NameField(CellField):
    parse = staticmethod(cells.name)

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput({"autocomplete": "off"}))
        super().__init__(label=gettext_lazy("Name"), max_length=40, **kwargs)


class IdentityField(CellField):
    """A resident identity number, check digit and all; optional where it is not given out yet."""

    parse = staticmethod(cells.identity)

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput({"autocomplete": "off", "inputmode": "text"}))
        super().__init__(label=gettext_lazy("Identity number"), max_length=30, required=False, **kwargs)


class MonthField(CellField):
    """The first day of a month that has begun."""

    parse = staticmethod(cells.month)

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput({"type": "month"}, "%Y-%m"))
        super().__init__(label=gettext_lazy("Month"), **kwargs)

    def clean(self, value):
        month = super().clean(value)
        if month and month > timezone.localdate():
            raise forms.ValidationError(_("This month has not come yet."))
        if month and month < EARLIEST_MONTH:
            raise forms.ValidationError(_("This month lies before 2000."))
        return month


class AmountField(forms.DecimalField):
    """Yuan to the cent, never negative."""

    def __init__(self, **kwargs):
        widget = forms.NumberInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(min_value=Decimal(0), max_value=MOST_YUAN, decimal_places=2, widget=widget, **kwargs)


class RelationField(forms.ChoiceField):
    """To the head of the household, in the words of the national form."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", gettext_lazy("Relation to the head"))
        super().__init__(choices=[("", "—"), *((word, word) for word in RELATIONS)], **kwargs)
