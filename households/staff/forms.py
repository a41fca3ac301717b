"""Forms of signing in and of accounts."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.areas.models import Area, Level
from households.staff.account_plan import NAME_LENGTH
from households.staff.models import LEVEL_OF_ROLE, Department, Role


class SignInForm(AuthenticationForm):
    # One sentence for a wrong name, a wrong password and a leaver: nobody learns which accounts exist.
    error_messages = {
        "invalid_login": gettext_lazy(
            "The user name or the password is not right, or this account is not in use at present."
        ),
        "inactive": gettext_lazy(
            "The user name or the password is not right, or this account is not in use at present."
        ),
    }

    @property
    def was_refused(self) -> bool:
        """Whether a name and a password were given and did not open a session."""
        return self.has_error("__all__", "invalid_login")


class PasswordChangeForm(DjangoPasswordChangeForm):
    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("Choose a password that is not the one you have now."))
        return password


class ContactForm(forms.Form):
    """Where notices reach somebody. A number that is there is never shown again: empty means that it stays."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        r"^1[3-9][0-9]{9}$",
        label=gettext_lazy("Mobile number"),
        required=False,
        error_messages={"invalid": gettext_lazy("A mobile number has 11 digits and begins with 1.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    remove_phone = forms.BooleanField(label=gettext_lazy("Remove the number"), required=False)

    def __init__(self, *args, shown: str, **kwargs):
        super().__init__(*args, **kwargs)
        if shown:
            self.fields["phone"].help_text = _("Now %(shown)s. Leave it empty to keep it.") % {"shown": shown}
        else:
            del self.fields["remove_phone"]


def _day_field(label, **kwargs) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **kwargs)


class AccountListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of accounts (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        return file


class PostingForm(forms.Form):
    """A posting to be started: the area is chosen by its name, for the level that the role works at."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role, initial=Role.VILLAGE_SPECIALIST)
    area = forms.ModelChoiceField(
        label=gettext_lazy("Place"),
        queryset=Area.objects.none(),
        required=False,
        empty_label="—",
        help_text=gettext_lazy("A township or a village. Leave empty for a role that works for the whole county."),
    )
    department = forms.ChoiceField(
        label=gettext_lazy("Department"),
        choices=[("", "—"), *Department.choices],
        required=False,
        help_text=gettext_lazy("For department officers only."),
    )
    valid_from = _day_field(gettext_lazy("First day"), initial=timezone.localdate)
    valid_until = _day_field(gettext_lazy("Last day"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = Area.objects.filter(county=settings.COUNTY_CODE, level__in=[Level.TOWNSHIP, Level.VILLAGE])
        self.fields["area"].queryset = places.select_related("parent").order_by("code")
        self.fields["area"].label_from_instance = _place_label

    def clean(self):
        data = super().clean()
        role = data.get("role")
        if role and data.get("area") is None and "area" not in self.errors:
            if LEVEL_OF_ROLE[Role(role)] == "county":
                data["area"] = Area.objects.get(pk=settings.COUNTY_CODE)
            else:
                self.add_error("area", _("The place is missing."))
        return data


class AccountForm(PostingForm):
    """A new account with its first posting."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=NAME_LENGTH,
        required=False,
        help_text=gettext_lazy("If empty, it is made from the name."),
    )
    field_order = ["name", "username"]

    def clean_username(self):
        return self.cleaned_data["username"].lower()


def _place_label(area: Area) -> str:
    return area.name if area.level == Level.TOWNSHIP else f"{area.parent.name} · {area.short_name}"


class EndPostingForm(forms.Form):
    last_day = _day_field(
        gettext_lazy("Last day"),
        initial=timezone.localdate,
        help_text=gettext_lazy("Access ends when this day is over; with yesterday's date it ends at once."),
    )


class AccountFilterForm(forms.Form):
    """Filters of the list of accounts. No search by name: names do not belong into addresses."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", gettext_lazy("All")), *Role.choices], required=False
    )
    township = forms.ModelChoiceField(
        label=gettext_lazy("Township"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[
            ("", gettext_lazy("All")),
            ("posted", gettext_lazy("Posted today")),
            ("unposted", gettext_lazy("Not posted today")),
            ("first", gettext_lazy("First password not changed yet")),
            ("closed", gettext_lazy("Account closed")),
        ],
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        townships = Area.objects.filter(county=settings.COUNTY_CODE, level=Level.TOWNSHIP)
        self.fields["township"].queryset = townships.order_by("code")
