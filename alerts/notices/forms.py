"""Forms of the county: words of notices, and gateways."""

from django import forms
from django.utils.translation import gettext_lazy

from alerts.notices.models import Gateway
from alerts.notices.rewording import problem_of


class WordsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    text = forms.CharField(
        label=gettext_lazy("Text"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def _checked(self, name: str) -> str:
        problem = problem_of(self.kind, self.cleaned_data[name])
        if problem:
            raise forms.ValidationError(problem)
        return self.cleaned_data[name]

    def clean_title(self):
        return self._checked("title")

    def clean_text(self):
        return self._checked("text")


class GatewayForm(forms.ModelForm):
    """What is allowed is decided by ``alerts.notices.connecting``."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("https only; redirects are not followed."),
    )

    class Meta:
        model = Gateway
        fields = ("name", "url", "body", "secret_header", "secret_variable", "active")
        labels = {
            "name": gettext_lazy("Name of the gateway"),
            "body": gettext_lazy("Body (JSON)"),
            "secret_header": gettext_lazy("Header with the secret"),
            "secret_variable": gettext_lazy("Variable with the secret"),
            "active": gettext_lazy("In use"),
        }
        help_texts = {
            "body": gettext_lazy(
                "Placeholders: {{ title }}, {{ text }}, {{ phone }}, {{ id }}, {{ url }}. With {{ phone }} it "
                "goes to everybody who has entered a number; without, once for each text, as to a chat room."
            ),
            "secret_header": gettext_lazy("Such as Authorization; empty if the gateway wants none."),
            "secret_variable": gettext_lazy(
                "An environment variable of the server whose name begins with GATEWAY_SECRET_. The secret itself "
                "is never entered here."
            ),
        }
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        }
