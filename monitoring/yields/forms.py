"""The form of a back-test: another value, how many months back, and how long a confirmation may take."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from households.areas.choices import ScopeAreas
from monitoring.judgment.models import JudgmentRun
from monitoring.thresholds.forms import ValueField, judged_runs

BACK = (6, 12, 24)
WITHIN = (3, 6, 12)


class BacktestForm(forms.Form):
    def __init__(self, query: QueryDict | None, *, unit: str, areas: ScopeAreas):
        super().__init__(query)
        widget = forms.NumberInput({"step": "any", "min": "0", "inputmode": "decimal", "autocomplete": "off"})
        self.fields["value"] = ValueField(unit=unit, label=_("Value"), widget=widget)
        self.fields["back"] = _months(_("Months back"), BACK)
        self.fields["within"] = _months(_("Confirmed within"), WITHIN)
        everything = ("", _("All"))
        self.fields["township"] = forms.ChoiceField(
            label=_("Township"), choices=[everything, *areas.townships()], required=False
        )

    @property
    def runs(self) -> list[JudgmentRun]:
        """The newest finished judgment of each of the months asked for."""
        return judged_runs()[: self.cleaned_data["back"]]


def _months(label: str, numbers: tuple[int, ...]) -> forms.TypedChoiceField:
    choices = [(n, ngettext("%(count)s month", "%(count)s months", n) % {"count": n}) for n in numbers]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, initial=numbers[1])
