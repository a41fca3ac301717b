"""Forms of the thresholds page: a value to try on a month, a value to enter, the last day of one."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.areas.choices import ScopeAreas
from households.models import Standing
from monitoring.judgment.labels import SHARE
from monitoring.judgment.models import JudgmentRun, RunState
from monitoring.thresholds.rehearsing import CHANGE_LABELS

MONTHS_OFFERED = 24
# Units of what is counted: there is no half of them.
WHOLE = {"人", "户", "天", "月", "岁", "个", "级", "件"}
ENTERED_STANDINGS = [(standing.value, standing.label) for standing in Standing if standing != Standing.DEMO]


def _day_field(label, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **kwargs)


class ValueField(forms.DecimalField):
    """A value in the unit of its threshold: above zero, a share at most 1, counts whole."""

    def __init__(self, *, unit: str, **kwargs):
        self.unit = unit
        super().__init__(max_digits=14, decimal_places=0 if unit in WHOLE else 4, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if value <= 0:
            raise forms.ValidationError(_("Give a value above zero."))
        if self.unit == SHARE and value > 1:
            raise forms.ValidationError(_("Write a share as a fraction: 0.8 is 80 %."))


def _value_field(unit: str, **attrs: str) -> ValueField:
    step = "1" if unit in WHOLE else "any"
    help_text = _("As a fraction: 0.8 is 80 %.") if unit == SHARE else ""
    widget = forms.NumberInput({"step": step, "min": "0", "inputmode": "decimal", "autocomplete": "off", **attrs})
    return ValueField(unit=unit, label=gettext_lazy("Value"), widget=widget, help_text=help_text)


def while_typing(url: str, target: str) -> dict[str, str]:
    """What a typed value would change is shown below it, a moment after the last key."""
    return {
        "hx-get": url,
        "hx-trigger": "input changed delay:400ms",
        "hx-target": f"#{target}",
        "hx-swap": "outerHTML",
        "hx-sync": "this:replace",
    }


def judged_runs() -> list[JudgmentRun]:
    """The newest finished judgment of each of the last months, newest month first."""
    runs = JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE, state=RunState.DONE)
    return list(runs.order_by("-month", "-revision").distinct("month")[:MONTHS_OFFERED])


class RehearsalForm(forms.Form):
    """A value, the judged month to try it on (the newest when none is named), and what of the list to show."""

    def __init__(self, query: QueryDict | None, *, unit: str, areas: ScopeAreas, url: str):
        super().__init__(query)
        runs = judged_runs()
        self.areas = areas
        self.runs = {f"{run.month:%Y-%m}": run for run in runs}
        everything = ("", _("All"))
        self.fields["value"] = _value_field(unit, **while_typing(url, "tried"), **{"hx-include": "closest form"})
        self.fields["month"] = _choice_field(_("Month"), [(month, month) for month in self.runs])
        self.fields["change"] = _choice_field(_("What changes"), [everything, *CHANGE_LABELS.items()])
        self.fields["township"] = _choice_field(_("Township"), [everything, *areas.townships()])

    @property
    def run(self) -> JudgmentRun | None:
        """The judgment to try the value on; None when no month was judged."""
        return self.runs.get(self.cleaned_data["month"]) or next(iter(self.runs.values()), None)


def _choice_field(label: str, choices: list[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


class ThresholdForm(forms.Form):
    """A new value of the county, from a day on."""

    def __init__(self, *args, unit: str, url: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {"value": _value_field(unit, **while_typing(url, "rehearsal"))} | self.fields

    valid_from = _day_field(
        gettext_lazy("First day"),
        initial=timezone.localdate,
        help_text=gettext_lazy("An open-ended value of the county ends on the day before."),
    )
    valid_until = _day_field(
        gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: until another value follows. After a last day the rules refuse."),
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"), choices=ENTERED_STANDINGS, initial=Standing.SOURCED
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=200,
        help_text=gettext_lazy("Name, number and date, so that anybody can look it up."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def what_was_typed(self) -> dict[str, Decimal | date | str]:
        """The fields as ``enter_threshold`` takes them."""
        return dict(self.cleaned_data)


class LastDayForm(forms.Form):
    last_day = _day_field(gettext_lazy("Last day"))
