"""Forms of signing in and of accounts."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm as DjangoPasswordChangeForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


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
