"""Answers of the tablet's API: JSON in every case, for a program that cannot follow a page to sign in."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_http_methods

from households.staff.access import ASKED_RIGHTS
from households.staff.models import User

API = "/tablet/api/"


class TabletRequest(HttpRequest):
    """A request whose user is known: what a view behind ``for_tablets`` gets."""

    user: User


def refuse(status: int, code: str, sentence: str, **more: str) -> JsonResponse:
    """``code`` is for the program, ``sentence`` for whoever holds the tablet."""
    return JsonResponse({"code": code, "sentence": sentence, **more}, status=status)


def signed_out(request: HttpRequest) -> JsonResponse:
    """``ended`` says why a session is over: "posting" is the sign for a tablet to hand over what is unsent."""
    ended = getattr(request, "session_ended", "")
    return refuse(401, "signed_out", _("Please sign in again. What you wrote stays on the tablet."), ended=ended)


def not_found() -> JsonResponse:
    """Elsewhere and nowhere look the same."""
    return refuse(404, "not_found", _("It is not in your area."))


def for_tablets(right: str, *methods: str) -> Callable:
    """A view for a signed-in tablet whose user carries the right; 401, 403 and 405 are answered here."""

    ASKED_RIGHTS.add(right)

    def decorate(view: Callable) -> Callable:
        @login_not_required
        @require_http_methods(list(methods))
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return signed_out(request)
            if request.user.must_change_password:
                return refuse(403, "first_password", _("Choose a password of your own first."))
            if not request.user.has_perm(right):
                return refuse(403, "forbidden", _("Your account may not do this."))
            return view(request, *args, **kwargs)

        guarded.answers_for_itself = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page for people; for a tablet a word, upon which it asks for a fresh token and sends again."""
    if request.path.startswith(API):
        return refuse(403, "csrf", _("The page is out of date. It will send again."))
    return csrf_failure(request, reason)
