"""Forms of the work calendar: a notice's lines for a year, and one day."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.policy.notice_lines import NoticeRead, SpecialDay, read_notice

EARLIEST_YEAR, LATEST_YEAR = 2010, 2100
OFF, MADE_UP, PLAIN = "off", "made_up", "plain"


class NoticeForm(forms.Form):
    """The lines of a notice. ``days`` are what they say, once the form is valid."""

    year = forms.IntegerField(min_value=EARLIEST_YEAR, max_value=LATEST_YEAR, widget=forms.HiddenInput)
    lines = forms.CharField(
        label=gettext_lazy("Lines of the notice"),
        max_length=5000,
        widget=forms.Textarea({"rows": 9, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The sentences of the State Council's notice as they are, or a line each: "
            "from–to, day off or make-up day, name."
        ),
    )
    days: list[SpecialDay]

    def clean(self):
        cleaned = super().clean()
        year = self.cleaned_data.get("year")
        if year is None or "lines" not in self.cleaned_data:
            return cleaned
        read = read_notice(self.cleaned_data["lines"], year)
        for problem in read.problems + _strangers(read, year):
            self.add_error("lines", problem)
        self.days = list(read.days.values())
        return cleaned


def _strangers(read: NoticeRead, year: int) -> list[str]:
    """New Year's holiday may begin in the December before; anything else of another year is a slip."""
    first = date(year - 1, 12, 1)
    return [
        _("%(day)s does not belong to %(year)s.") % {"day": day, "year": year}
        for day in read.days
        if not first <= day <= date(year, 12, 31)
    ]


class DayForm(forms.Form):
    """One day: off, made up for, or what its weekday says."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (OFF, gettext_lazy("Day off")),
            (MADE_UP, gettext_lazy("Make-up working day")),
            (PLAIN, gettext_lazy("As its weekday says (take it out)")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Holiday"), max_length=40, required=False)

    def clean(self):
        cleaned = super().clean()
        if self.cleaned_data.get("kind") in {OFF, MADE_UP} and not self.cleaned_data.get("name"):
            self.add_error("name", _("Name the holiday, in at most 40 characters."))
        return cleaned

    @property
    def special(self) -> SpecialDay | None:
        """None: the day is to be what its weekday says."""
        data = self.cleaned_data
        return None if data["kind"] == PLAIN else SpecialDay(data["day"], data["kind"] == MADE_UP, data["name"])
