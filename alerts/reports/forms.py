"""The forms of the reports: entering one, searching its household, setting aside, answering."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.reports.answering import LONGEST_ANSWER, answer_problem
from alerts.reports.answers import SET_ASIDE
from alerts.reports.entering import SOURCES_OF, Entry
from alerts.reports.fields import ReportDayField, ReportPhoneField
from alerts.reports.models import Report, Source
from households.areas.choices import ScopeAreas
from households.models import Household, User
from households.registry.searching import LONGEST_TERM, Term, read_term
from households.risks import Risk

LONGEST_WORDS = 500
TICKETED = {Source.HOTLINE_12317, Source.HOTLINE_12345, Source.PETITION}


class TermForm(forms.Form):
    """Which household is meant: the same one field as in the household list."""

    term = forms.CharField(
        label=gettext_lazy("Household number, identity number, name or pinyin initials"),
        max_length=LONGEST_TERM,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_term(self) -> Term:
        term = read_term(self.cleaned_data["term"])
        if term is None:
            raise forms.ValidationError(
                _("Give a whole number, or at least two characters of a name; parts of numbers are not searched.")
            )
        return term


class EntryForm(forms.Form):
    """A report written down for others. ``token`` makes the form count once, however often it is sent.

    ``household``: chosen from a search; then name and village need not be given.
    """

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"), choices=())
    ticket = forms.CharField(
        label=gettext_lazy("Ticket number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("The number at the hotline or petition office."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    on = ReportDayField(label=gettext_lazy("Day it was reported"), initial=timezone.localdate)
    household = forms.ModelChoiceField(
        label=gettext_lazy("Household"),
        queryset=Household.objects.none(),
        required=False,
        widget=forms.HiddenInput,
    )
    village = forms.ChoiceField(label=gettext_lazy("Village"), choices=(), required=False)
    name = forms.CharField(
        label=gettext_lazy("Who is in need"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    group = forms.CharField(
        label=gettext_lazy("Villagers' group"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    phone = ReportPhoneField(required=False)
    risk = forms.ChoiceField(label=gettext_lazy("Risk"), choices=[("", "—"), *Risk.choices])
    words = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Kept sealed; read by whoever looks into it."),
    )

    def __init__(self, *args, who: User, **kwargs):
        super().__init__(*args, **kwargs)
        sources = SOURCES_OF.get(who.role or "", ())
        self.fields["source"].choices = [(source, source.label) for source in sources]
        if len(sources) == 1:
            self.fields["source"].widget = forms.HiddenInput()
            self.fields["source"].initial = sources[0]
        if not TICKETED & set(sources):
            del self.fields["ticket"]
        self.fields["household"].queryset = Household.objects.visible_to(who).filter(gone_on__isnull=True)
        self.fields["village"].choices = [("", "—"), *ScopeAreas(who.scope).villages()]
        for name in ("village", "name"):
            # A household says both.
            self.fields[name].required = not self["household"].value()

    def clean(self):
        data = super().clean()
        if data.get("source") in TICKETED and not data.get("ticket"):
            self.add_error("ticket", _("Give the ticket's number: the same ticket is one report."))
        return data

    @property
    def entry(self) -> Entry:
        data = self.cleaned_data
        is_ticket = data["source"] in TICKETED
        return Entry(**{**data, "ticket": data.get("ticket", "").strip() if is_ticket else ""})


class SetAsideForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why it is set aside"),
        choices=[("", "—"), *((code, label) for code, (label, _answer) in SET_ASIDE.items())],
        help_text=gettext_lazy("Whoever reported sees an answer that fits on the receipt."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("In plain words, without names, numbers or anything about health."),
    )

    def __init__(self, *args, report: Report, **kwargs):
        super().__init__(*args, **kwargs)
        self.report = report

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if problem := answer_problem(text=text, report=self.report):
            raise forms.ValidationError(problem)
        return text
