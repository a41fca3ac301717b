"""Opening a campaign, and ending it early."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.areas.choices import ScopeAreas
from households.areas.models import Level
from households.filtering import QuickSelect

LONGEST_REASON = 300


def _day(**given: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **given)


class CampaignForm(forms.Form):
    """``areas``: those of whoever opens it; a campaign of a whole area reaches every village in it."""

    name = forms.CharField(
        label=_("Name of the campaign"),
        max_length=60,
        help_text=_("As people speak of it, for example “2026年冬季集中排查”. No names of persons."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    area = forms.ChoiceField(label=_("Area"), choices=(), widget=QuickSelect)
    starts_on = _day(label=_("First day"), initial=timezone.localdate)
    ends_on = _day(label=_("Last day"), help_text=_("A visit on one of these days makes a household done."))
    everybody = forms.ChoiceField(
        label=_("Households concerned"),
        choices=[
            ("yes", _("All households of the area")),
            ("no", _("Monitored households and those lifted out of poverty")),
        ],
        initial="yes",
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What is to be looked at"),
        max_length=300,
        required=False,
        help_text=_("A few words for whoever stands at the door."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args, areas: ScopeAreas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _places(areas)

    def asked(self) -> dict[str, Any]:
        """What ``open_campaign`` takes."""
        return self.cleaned_data | {"everybody": self.cleaned_data["everybody"] == "yes"}


def _places(areas: ScopeAreas) -> list[Any]:
    """The own area and those in it, townships as groups; what lies around is nobody's here to open one for."""
    scope = areas.scope
    found: list[Any] = [("", "—")]
    if scope is None:
        return found
    if scope.level == Level.COUNTY:
        found += [(code, areas.names[code]) for code in scope.codes if code in areas.names]
    villages: dict[str, list[Any]] = {}
    for area in areas.areas:
        if area.level == Level.VILLAGE:
            villages.setdefault(area.code[:9], []).append((area.code, area.short_name))
    for code, name in areas.townships():
        whole = [(code, _("%(township)s, the whole township") % {"township": name})]
        found.append((name, (whole if scope.level != Level.VILLAGE else []) + villages.get(code, [])))
    return found


class EndingForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 2}))
