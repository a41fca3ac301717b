"""The form of a new API client."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.areas.choices import ScopeAreas
from households.models import Area, Level
from monitoring.feeds.models import FeedScope
from monitoring.feeds.services import LONGEST_DAYS

USUAL_DAYS = 180


class ClientForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the system"),
        max_length=80,
        help_text=_("Which system of which office pulls with this key."),
    )
    area = forms.ChoiceField(label=_("Area"), help_text=_("The key shows the alerts of this area and no others."))
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=FeedScope, widget=forms.CheckboxSelectMultiple, initial=[FeedScope.ALERTS]
    )
    last_day = forms.DateField(
        label=_("Valid through"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("A year at the longest."),
    )

    def __init__(self, *args, who, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = _areas(who)
        today = timezone.localdate()
        self.fields["last_day"].initial = today + dt.timedelta(days=USUAL_DAYS)
        limits = {"min": today.isoformat(), "max": (today + dt.timedelta(days=LONGEST_DAYS)).isoformat()}
        self.fields["last_day"].widget.attrs |= limits

    def clean_area(self) -> Area:
        return Area.objects.get(pk=self.cleaned_data["area"])


def _areas(who) -> list:
    """The counties of ``who``, their townships, and the villages in groups."""
    areas = ScopeAreas(who.scope)
    counties = [(area.code, area.name) for area in areas.areas if area.level == Level.COUNTY]
    return [*counties, (_("Townships"), areas.townships()), *areas.villages()]
