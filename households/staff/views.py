"""Signing in, signing out, changing one's password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from households.staff import signing
from households.staff.forms import PasswordChangeForm, SignInForm


def _ended_sentence(reason: str) -> str:
    """Why the last session is over, for the reasons that ``households.staff.middleware`` gives."""
    return {
        "idle": _("You were signed out because nothing was done for %(minutes)s minutes. Please sign in again.")
        % {"minutes": settings.SESSION_COOKIE_AGE // 60},
        "password": _("You were signed out because the password of this account was changed."),
        "posting": _("You were signed out because your posting has ended or the account was closed."),
    }.get(reason, "")


def _next_url(request) -> str:
    url = request.POST.get("next") or request.GET.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_safe else settings.LOGIN_REDIRECT_URL


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(_next_url(request))
    form = SignInForm(request, data=request.POST or None)
    if form.is_valid():
        signing.sign_in(request=request, user=form.get_user())
        return redirect(_next_url(request))
    if form.was_refused:
        signing.note_failed_sign_in(request=request, username=form.cleaned_data["username"])
    elif sentence := _ended_sentence(request.GET.get("ended", "")):
        messages.warning(request, sentence)
    return render(request, "staff/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request):
    signing.sign_out(request=request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@require_http_methods(["GET", "POST"])
def password_change(request):
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        signing.change_password(request=request, password=form.cleaned_data["new_password1"])
        messages.success(request, _("The password is changed."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "staff/password_change.html", {"form": form})
