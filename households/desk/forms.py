"""The form that every change is: a day, a reason, and in between what the change itself asks."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.desk.days import day_problem

REASON_LENGTH = 300


class DayField(forms.DateField):
    """A day of the past or today, with the browser's own picker."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, "%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value):
        super().validate(value)
        if value is not None and (problem := day_problem(value)):
            raise forms.ValidationError(problem)


class ChangeForm(forms.Form):
    """``on`` first, what a subclass asks in between, ``reason`` last.

    ``token`` makes the form itself count once: it is sent twice by a double click and still is one change.
    ``cleaned_data`` without what only the page needs is what a service takes: see ``asked``.
    """

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    on = DayField(label=_("From which day"), initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What it rests on: a certificate, a notice, the village committee."),
    )

    def __init__(self, *args, household=None, who=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.household = household
        self.who = who
        self.order_fields(["token", "on", *(name for name in self.fields if name not in ChangeForm.base_fields)])

    @property
    def asked(self) -> dict[str, object]:
        """Keyword arguments for the service."""
        return {**self.cleaned_data, "token": self.cleaned_data["token"].hex}
