"""The page and what it loads. Only the page asks who one is: nothing of a person stands in any of it."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from households.staff.access import requires
from monitoring.tablet.shell import CONTENT_TYPES, asset, shell

# A tablet asks again each time it has a network; what it keeps without one is the service worker's.
FRESH = {"Cache-Control": "no-cache"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@requires("visits.add")
@require_safe
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    """``X-Tablet-Version`` tells a service worker whether the page belongs to the files it has just fetched."""
    now = shell()
    return HttpResponse(now.page, headers=FRESH | {"X-Tablet-Version": now.version})


@login_not_required
@require_safe
@vary_on_headers("Cookie", "Accept-Language")
def service_worker(request: HttpRequest) -> HttpResponse:
    """From its own address, so that it may answer for everything below ``/tablet/``.

    ``?language=``: that of the page that asks, since a browser fetches workers in a language of its own.
    """
    asked = request.GET.get("language", "")
    with override(asked if asked in dict(settings.LANGUAGES) else get_language()):
        worker = shell().worker
    return HttpResponse(worker, content_type=CONTENT_TYPES[".js"], headers=FRESH)


@login_not_required
@require_safe
@gzip_page
def shell_asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    file = asset(version, name)
    if file is None:
        raise Http404
    return HttpResponse(file.content, content_type=file.content_type, headers=FOR_GOOD)
