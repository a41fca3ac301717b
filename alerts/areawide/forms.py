"""Declaring an event: what happened, when, and in which villages, or in whole townships; and closing it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel
from alerts.travel.given import LONGEST_NOTE
from alerts.travel.models import Outcome
from households.areas.choices import ScopeAreas
from households.desk.forms import DayField
from households.risks import Risk


@dataclass(frozen=True)
class TownshipChoice:
    """A township of the form: one box for all of it, and one for each of its villages."""

    name: str
    whole: Any
    villages: list[Any]
    is_open: bool


class EventForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the event"),
        max_length=60,
        help_text=_("As people speak of it, for example “9·12 暴雨洪涝”. No names of persons."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    risk = forms.ChoiceField(label=_("Risk"), choices=Risk, initial=Risk.DISASTER)
    happened_on = DayField(
        label=_("Day it happened"),
        initial=timezone.localdate,
        help_text=_("A household counts as visited by a visit on this day or later."),
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=AlertLevel, initial=AlertLevel.RED, help_text=_("It sets the deadlines.")
    )
    words = forms.CharField(
        label=_("What is to be looked at"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    townships = forms.MultipleChoiceField(choices=(), required=False, widget=forms.CheckboxSelectMultiple)
    villages = forms.MultipleChoiceField(
        label=_("Villages"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, areas: ScopeAreas, **kwargs):
        super().__init__(*args, **kwargs)
        self.areas = areas
        self.fields["townships"].choices = areas.townships()
        self.fields["villages"].choices = [
            (area.code, area.short_name) for area in areas.areas if area.level == "village"
        ]

    @property
    def by_township(self) -> list[TownshipChoice]:
        """The boxes in order of code. A township in which something is chosen shows its villages."""
        boxes: dict[str, list[Any]] = {}
        chosen = {code[:9] for code in self["villages"].value() or ()}
        for box in self["villages"].subwidgets:
            boxes.setdefault(box.data["value"][:9], []).append(box)
        return [
            TownshipChoice(whole.choice_label, whole, boxes.get(code, []), code in chosen)
            for whole in self["townships"].subwidgets
            if (code := whole.data["value"])
        ]

    def asked(self) -> dict[str, Any]:
        """What ``declare_event`` takes: whole townships stand for their villages."""
        asked = dict(self.cleaned_data)
        whole = set(asked.pop("townships"))
        known = [code for code, _name in self.fields["villages"].choices]
        asked["villages"] = sorted({*asked["villages"], *(code for code in known if code[:9] in whole)})
        return asked


class ClosingForm(forms.Form):
    # Nothing is chosen beforehand: it closes many at once.
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *Outcome.choices])
    note = forms.CharField(
        label=_("Remark"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, decided: bool = False, **kwargs):
        """``decided``: none of its alerts is open any more, so the event alone is closed and nothing is asked."""
        super().__init__(*args, **kwargs)
        if decided:
            self.fields.clear()
