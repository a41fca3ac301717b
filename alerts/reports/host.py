"""The public report page has a host name of its own: nothing else answers there, and it answers nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.urls import get_urlconf, set_urlconf

PUBLIC_URLS = "alerts.reports.public_urls"


class PublicHostMiddleware:
    """Before sessions and sign-in: on the public host there are no other URLs, and nobody is anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = settings.PUBLIC_HOST.partition(":")[0]
        if name and split_domain_port(request.get_host())[0] == name:
            request.urlconf = PUBLIC_URLS
            # A session of the inner pages, sent here by whatever mistake, is neither read nor prolonged.
            request.COOKIES = {}
        return self.get_response(request)


@contextmanager
def inner_urls() -> Iterator[None]:
    """Links that a public request writes for staff (in notices) lead to inner pages."""
    outer = get_urlconf()
    set_urlconf(None)
    try:
        yield
    finally:
        set_urlconf(outer)


def public_address(request: HttpRequest, path: str) -> str:
    """``https://report.example.org/v/420527103204/``, as a sheet prints it."""
    return f"{request.scheme}://{settings.PUBLIC_HOST}{path}"
