"""The villager's form: few fields, plain words, and errors that say which field and what to write there."""

import re

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.reports.fields import ReportPhoneField, plain_number
from alerts.reports.receipts import read_receipt
from households.registry.identity import identity_problem
from households.risks import Risk

# What people say, not what forms say.
RISKS: list[tuple[str, str | Promise]] = [
    (Risk.ILLNESS, gettext_lazy("Somebody is ill, and treatment costs a lot")),
    (Risk.DISABILITY, gettext_lazy("Somebody is disabled")),
    (Risk.LABOUR, gettext_lazy("Nobody at home can work")),
    (Risk.EMPLOYMENT, gettext_lazy("No work, or wages are low or not paid")),
    (Risk.INCOME, gettext_lazy("The income is not enough to live on")),
    (Risk.SCHOOLING, gettext_lazy("A child has difficulty going to school")),
    (Risk.DISASTER, gettext_lazy("Flood, landslide, fire, drought")),
    (Risk.ACCIDENT, gettext_lazy("An accident: traffic, a fall, at work")),
    (Risk.PROJECT, gettext_lazy("Loss with crops, animals or a business")),
    (Risk.HOUSING, gettext_lazy("The house is not safe")),
    (Risk.WATER, gettext_lazy("Drinking water is short or not clean")),
    (Risk.INSURANCE, gettext_lazy("Not in the medical insurance")),
    (Risk.OTHER, gettext_lazy("Something else")),
]
LONGEST_WORDS = 300


def plain_text(text: str) -> str:
    """No control characters, blanks single; otherwise as it was written."""
    return re.sub(r"\s+", " ", "".join(c for c in text if c >= " " or c.isspace())).strip()


class PublicForm(forms.Form):
    """Errors name their field, so that they can stand together above the form."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="%s", **kwargs)

    def problems(self) -> list[tuple[str, str]]:
        """(field, sentence) of everything that is missing or wrong, in the order of the form."""
        return [(name, str(self.errors[name][0])) for name in self.fields if name in self.errors]


class ReportForm(PublicForm):
    """For one's own household."""

    name = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Please write your name.")})
    phone = ReportPhoneField(error_messages={"required": gettext_lazy("Please write a phone number.")})
    group = forms.CharField(max_length=200, required=False)
    risk = forms.ChoiceField(
        choices=RISKS,
        error_messages={
            "required": gettext_lazy("Please choose what the difficulty is."),
            "invalid_choice": gettext_lazy("Please choose what the difficulty is."),
        },
    )
    words = forms.CharField(
        max_length=10_000, error_messages={"required": gettext_lazy("Please write what the difficulty is.")}
    )
    identity = forms.CharField(max_length=200, required=False)
    # Nobody sees it; programs that fill in every field do.
    homepage = forms.CharField(max_length=10_000, required=False)
    token = forms.CharField(max_length=200, required=False)

    def _short(self, field: str, longest: int) -> str:
        text = plain_text(self.cleaned_data[field])
        if len(text) > longest:
            raise forms.ValidationError(
                ngettext(
                    "This is too long: %(is)s characters, at most %(longest)s fit.",
                    "This is too long: %(is)s characters, at most %(longest)s fit.",
                    longest,
                )
                % {"is": len(text), "longest": longest}
            )
        return text

    def clean_name(self) -> str:
        return self._short("name", 40)

    def clean_group(self) -> str:
        return self._short("group", 40)

    def clean_words(self) -> str:
        return self._short("words", LONGEST_WORDS)

    def clean_identity(self) -> str:
        number = plain_number(self.cleaned_data["identity"]).upper()
        if number and identity_problem(number, timezone.localdate()):
            raise forms.ValidationError(
                _("The identity number is not right: please look at the card again, or leave this empty.")
            )
        return number


class ForSomebodyForm(ReportForm):
    """For somebody ill, old or disabled: name and group are theirs, the phone is the reporter's. Nothing else."""

    words = identity = None
    field_order = ("name", "group", "risk", "phone")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = _("Please write the name of who needs help.")
        self.fields["phone"].error_messages["required"] = _("Please write your own phone number.")


class ReceiptForm(PublicForm):
    """The receipt and the last four digits of the phone, as people copy them."""

    receipt = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Please write the receipt.")}
    )
    last_four = forms.CharField(
        max_length=200,
        error_messages={"required": gettext_lazy("Please write the last four digits of the phone number.")},
    )

    def clean_receipt(self) -> str:
        receipt = read_receipt(self.cleaned_data["receipt"])
        if receipt is None:
            raise forms.ValidationError(_("A receipt has 16 letters and digits, such as 7K2M-9QXA-40TB-W3E8."))
        return receipt

    def clean_last_four(self) -> str:
        digits = plain_number(self.cleaned_data["last_four"])
        if not re.fullmatch(r"[0-9]{4}", digits):
            raise forms.ValidationError(_("Please write four digits."))
        return digits
