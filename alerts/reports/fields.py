"""What fits into a report by whichever door it comes: the villagers' page, the desk, a hotline's own system."""

import re
import unicodedata
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.desk.forms import DayField

MOBILE, LANDLINE = re.compile(r"1[3-9]\d{9}"), re.compile(r"0\d{10,11}")
COUNTRY = re.compile(r"^(\+|00)?86(?=1\d{10}$)")


def plain_number(text: str) -> str:
    """``１３８ 0000-0000`` → ``13800000000``."""
    return re.sub(r"[\s\-—()]", "", unicodedata.normalize("NFKC", text))


class ReportPhoneField(forms.CharField):
    """A number at which somebody can be called back, without blanks and dashes."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "The phone number is not right: a mobile number has 11 digits, others begin with the area code."
        )
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("label", gettext_lazy("Phone"))
        kwargs.setdefault("widget", forms.TextInput({"type": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value):
        number = COUNTRY.sub("", plain_number(super().to_python(value)))
        if number and not (MOBILE.fullmatch(number) or LANDLINE.fullmatch(number)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class ReportDayField(DayField):
    """A day on which something was reported: today or within a year, since its alert is of that month."""

    def validate(self, value):
        super().validate(value)
        earliest = _a_year_before(timezone.localdate())
        if value is not None and value < earliest:
            raise forms.ValidationError(
                _("This day is more than a year ago; %(day)s is the earliest that can be entered.")
                % {"day": earliest.isoformat()}
            )


def _a_year_before(day: date) -> date:
    """29 February has no like a year before."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
