"""Who is not signed in lands on the sign-in page and reads why; a first password opens one page."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

OPEN_NAMES = {"staff:password-change", "staff:sign-out", "set_language"}


def _why_ended(request: HttpRequest) -> str:
    """Why a browser that brings a session cookie is not signed in: ``idle``, ``password``, ``posting`` or nothing.

    A session that idled out is gone from the store; Django flushes one whose password was changed since; one whose
    posting ended or whose account was closed still names its user, whom the backend refuses to load.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    named_somebody = SESSION_KEY in request.session
    if request.user.is_authenticated:
        return ""
    if not named_somebody:
        return "idle"
    return "posting" if SESSION_KEY in request.session else "password"


def _page_to_come_back_to(request: HttpRequest) -> str:
    """Its path: for a fragment that is the page around it, for a form that was sent the home page ("")."""
    if page := request.headers.get("HX-Current-URL"):
        return page.removeprefix(f"{request.scheme}://{request.get_host()}")
    return request.get_full_path() if request.method == "GET" else ""


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's rule that every view wants a signed-in user, with the reason and with htmx in mind."""

    def process_request(self, request: HttpRequest) -> None:
        request.session_ended = _why_ended(request)
        if request.session_ended == "posting":
            request.session.flush()

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        query = {"next": _page_to_come_back_to(request), "ended": request.session_ended}
        url = f"{reverse('staff:sign-in')}?{urlencode({key: value for key, value in query.items() if value})}"
        if request.headers.get("HX-Request"):
            # A redirect would put the sign-in form into the fragment.
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)


class FirstPasswordMiddleware:
    """A first password, handed over on paper, is good for one thing: choosing another."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        must_change = user.is_authenticated and user.must_change_password
        # A view for a program says itself that the password has to be changed: it follows no redirect to a page.
        is_program = getattr(view_func, "answers_for_itself", False)
        if must_change and not is_program and request.resolver_match.view_name not in OPEN_NAMES:
            return redirect("staff:password-change")
        return None
