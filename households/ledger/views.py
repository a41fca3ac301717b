"""The audit page: who did or read what, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from households.filtering import BadParameters
from households.ledger.filtersets import AuditFilterSet
from households.ledger.models import AuditEntry
from households.ledger.words import ACTIONS, DETAILS, SUBJECT_PAGES, SUBJECTS
from households.paging import COUNT_UP_TO, Page, read_cursor, read_page
from households.staff.access import requires

PAGE_ROWS = 100
CURSOR = ("before", "after")
ROWS = AuditEntry.objects.select_related("actor")


@requires("audit.view")
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    filters = AuditFilterSet(request.GET, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = filters.find_problems() + problems
    if problems:
        context = {"filters": filters, "problems": list(BadParameters(problems).sentences())}
        return render(request, "ledger/audit.html", context, status=400)
    page = read_page(matching=filters.qs, showing=ROWS, cursor=cursor, count=True)
    context = {"filters": filters, "page": page, "entries": _worded(page.rows), "shown": _shown(page)}
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "ledger/_entries.html" if partial else "ledger/audit.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _worded(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The rows with what the page says instead of the stored words."""
    for entry in entries:
        entry.action_label = ACTIONS.get(entry.action, entry.action)
        entry.subject_label = SUBJECTS.get(entry.subject, entry.subject)
        page = SUBJECT_PAGES.get(entry.subject)
        entry.details = [
            (DETAILS.get(key, key), value) for key, value in entry.detail.items() if value not in (None, "")
        ]
        entry.subject_url = reverse(page, args=[entry.subject_id]) if page and entry.subject_id else ""
    return entries


def _shown(page: Page) -> str:
    if page.total > COUNT_UP_TO:
        return _("More than %(count)s entries") % {"count": f"{COUNT_UP_TO:,}"}
    return ngettext("%(count)s entry", "%(count)s entries", page.total) % {"count": f"{page.total:,}"}
