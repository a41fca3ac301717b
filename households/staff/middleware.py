"""A first password opens one page: the one that changes it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

OPEN_NAMES = {"staff:password-change", "staff:sign-out", "set_language"}


class FirstPasswordMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        user = request.user
        must_change = user.is_authenticated and user.must_change_password
        if must_change and request.resolver_match.view_name not in OPEN_NAMES:
            return redirect("staff:password-change")
        return None
