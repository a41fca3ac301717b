"""What is entered on the pages of imports."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.imports import cells
from households.imports.problems import CellProblem
from households.imports.readers import READERS
from households.staff.models import Role, User


class MonthField(forms.CharField):
    """A month as ``2022-06``; also as people write it in spreadsheets. Its value is the first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: str) -> dt.date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return cells.month(text)
        except CellProblem as problem:
            raise forms.ValidationError(_("Write the month as 2022-06.")) from problem


class UploadForm(forms.Form):
    """One file; what it says about itself may be said better here."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=gettext_lazy(
            "XLSX, XLS or CSV, up to 50 MB and 300,000 rows. The form is told by its column names."
        ),
    )
    form = forms.ChoiceField(label=gettext_lazy("Form"), required=False)
    month = MonthField(
        label=gettext_lazy("Month of the list"),
        required=False,
        help_text=gettext_lazy(
            "For lists of departments. If empty, the title or the file name says it, else the dates of its rows."
        ),
    )
    as_of = forms.DateField(
        label=gettext_lazy("Day of the export"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("For exports of the register. If empty, the title says it, else it is today."),
    )
    partial = forms.BooleanField(
        label=gettext_lazy("A part of the register only: whoever is not in it is not missing"), required=False
    )

    def __init__(self, *args, who: User, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = [
            (reader.kind, reader.title)
            for reader in READERS.values()
            if who.role != Role.DEPARTMENT_OFFICER or reader.department == who.department
        ]
        self.fields["form"].choices = [("", gettext_lazy("Told by its column names")), *allowed]


class SearchForm(forms.Form):
    term = forms.CharField(
        label=gettext_lazy("Household number, identity number, name or pinyin initials"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class DismissForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
