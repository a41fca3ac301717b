"""Forms of complaints and suggestions, and the one filter of their list."""

import uuid

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.filtering import StrictFilterSet
from monitoring.suggestions.models import Suggestion, SuggestionKind

LONGEST = 1000


class SuggestionForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=SuggestionKind, widget=forms.RadioSelect, initial=SuggestionKind.SUGGESTION
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("No names and no numbers of households: give the number of the alert instead."),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 5}))


class SuggestionFilterSet(StrictFilterSet):
    state = ChoiceFilter(
        label=_("Status"),
        choices=[("waiting", _("Waiting for an answer")), ("answered", _("Answered"))],
        empty_label=_("All"),
        method="by_state",
    )
    kind = ChoiceFilter(label=_("What it is"), choices=SuggestionKind, empty_label=_("All"))

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def by_state(self, suggestions: QuerySet, _name: str, state: str) -> QuerySet:
        return suggestions.filter(answered_at__isnull=state == "waiting")
