"""The alert list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.travel.filtersets import AlertFilterSet
from alerts.travel.models import Alert
from alerts.travel.worklist_rows import subject_of
from households.filtering import BadParameters
from households.paging import COUNT_UP_TO, Cursor, Page, read_cursor, read_page, without
from households.staff.access import requires

PAGE_ROWS = 50
CURSOR = ("before", "after")
# Without any filter the list shows what is still to be done.
DEFAULT_QUERY = QueryDict("open=true")

ROWS = Alert.objects.select_related("household", "area").only(
    "level",
    "kind_id",
    "status",
    "sentence_zh",
    "sentence_en",
    "first_month",
    "last_month",
    "not_found_month",
    "months_found",
    "township",
    "village",
    "household__head_name",
    "household__code",
    "area__name",
)


@requires("alerts.view")
def alert_list(request: HttpRequest) -> HttpResponse:
    """The alerts of one's area, newest first. An htmx request gets the results alone."""
    query = request.GET or DEFAULT_QUERY
    filters = AlertFilterSet(query, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(query, limit=PAGE_ROWS)
    problems = filters.find_problems() + problems
    if problems:
        context = {"filters": filters, "problems": list(BadParameters(problems).sentences())}
        return render(request, "alerts/list.html", context, status=400)
    page = _read(filters, cursor)
    context = {
        "filters": filters,
        "alerts": _named(page, filters),
        "shown": _shown(page),
        "chips": chips_of(filters, query),
        "first_url": f"?{without(query, *CURSOR)}",
        "previous_url": page.newer and f"?{without(query, *CURSOR, after=page.newer)}",
        "next_url": page.older and f"?{without(query, *CURSOR, before=page.older)}",
    }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "alerts/_results.html" if partial else "alerts/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _read(filters: AlertFilterSet, cursor: Cursor) -> Page:
    # Counted on the first page, where it costs nothing; later it could cost more than the page.
    at_top = cursor == Cursor(cursor.limit)
    showing = ROWS.naming_reports() if filters.who.has_perm("reports.read") else ROWS
    page = read_page(matching=filters.qs, showing=showing, cursor=cursor, count=at_top)
    if cursor.after is not None and page.newer is None:
        # Leafing back has reached the top: a whole first page, not the few rows that were left over.
        return read_page(matching=filters.qs, showing=showing, cursor=Cursor(cursor.limit), count=True)
    return page


def _named(page: Page, filters: AlertFilterSet) -> list[Alert]:
    """The rows with their kind and the name of their place, both of which the filters have read already."""
    for alert in page.rows:
        alert.kind = filters.kinds[alert.kind_id]
        alert.subject = subject_of(alert)
        alert.place = filters.areas.short_names.get(alert.village or alert.township or alert.county, "")
    return page.rows


def _shown(page: Page) -> str:
    if page.total is None:
        return ""
    if page.total > COUNT_UP_TO:
        return _("More than %(count)s alerts") % {"count": f"{COUNT_UP_TO:,}"}
    return ngettext("%(count)s alert", "%(count)s alerts", page.total) % {"count": f"{page.total:,}"}


@dataclass(frozen=True)
class Chip:
    """A filter that came with a link and has no field in the bar: what it says, and the list without it."""

    name: str
    label: str
    value: str
    url: str


def chips_of(filters: AlertFilterSet, query: QueryDict) -> list[Chip]:
    """``query`` without the filter and without where a page began."""
    return [
        Chip(field.name, str(field.label), query[field.name], f"?{without(query, field.name, *CURSOR)}")
        for field in filters.form.hidden_fields()
        if query.get(field.name)
    ]
