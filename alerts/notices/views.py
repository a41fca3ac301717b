"""The bell: what one is told oneself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from alerts.notices.models import Gateway, Notice
from alerts.notices.reading import mark_read
from alerts.notices.wording import Wording
from households.filtering import BadParameters, odd_parameters
from households.paging import read_cursor, read_page
from households.staff.access import requires, visible_or_404
from households.staff.contact import phone_shown

PAGE_ROWS = 30
# Unread ones stand above, all on one page as far as anybody reads.
UNREAD_SHOWN = 50
CURSOR = ("before", "after")


def _worded(notices: list[Notice]) -> list[Notice]:
    wording = Wording([notice.values for notice in notices])
    for notice in notices:
        notice.words = wording.words(notice)
    return notices


@requires("notices.view")
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Unread first, then the others, newest first; an htmx request gets the others alone."""
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = odd_parameters(request.GET, CURSOR) + problems
    if problems:
        context = {"problems": list(BadParameters(problems).sentences())}
        return render(request, "notices/list.html", context, status=400)
    mine = Notice.objects.visible_to(request.user)
    page = read_page(matching=mine.filter(read_at__isnull=False), showing=mine, cursor=cursor)
    partial = request.htmx and not request.htmx.boosted
    at_top = cursor.before is None and cursor.after is None
    unread = [] if partial or not at_top else list(mine.filter(read_at=None).order_by("-pk")[:UNREAD_SHOWN])
    _worded([*unread, *page.rows])
    context = {"unread": unread, "page": page, "newest": unread[0].pk if unread else None}
    if at_top and len(unread) < UNREAD_SHOWN:
        # The header need not count again.
        context["unread_notices"] = len(unread)
    context |= {} if partial else _reach(request)
    response = render(request, "notices/_read.html" if partial else "notices/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _reach(request: HttpRequest) -> dict[str, object]:
    """By which ways one is reached besides the bell."""
    return {
        "by_email": bool(settings.EMAIL_URL),
        "by_gateway": Gateway.objects.filter(active=True).exists(),
        "phone": phone_shown(request.user),
    }


@requires("notices.view")
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it read and leads to what it is about."""
    notice = visible_or_404(Notice.objects.all(), request.user, pk=pk)
    mark_read(by=request.user, notices=Notice.objects.filter(pk=pk))
    return redirect(notice.path or "notices:list")


@requires("notices.view")
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    visible_or_404(Notice.objects.all(), request.user, pk=pk)
    mark_read(by=request.user, notices=Notice.objects.filter(pk=pk))
    return redirect("notices:list")


@requires("notices.view")
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """All that the page showed; what came meanwhile stays unread."""
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        mark_read(by=request.user, notices=Notice.objects.filter(pk__lte=int(newest)))
    return redirect("notices:list")
