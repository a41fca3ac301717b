"""The list of visits, and the calendar of a month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from households.filtering import BadParameters
from households.ledger.services import write_audit
from households.models import Visit
from households.paging import without
from households.staff.access import requires
from monitoring.visiting.filtersets import MonthFilterSet, VisitFilterSet
from monitoring.visiting.listing import CURSOR, VisitRow, read_position, read_visits, show_visits
from monitoring.visiting.month import visit_month
from monitoring.visiting.tabs import visit_tabs


@requires("visits.view")
@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    """The visits of one's area, newest first. An htmx request gets the results alone."""
    filters = VisitFilterSet(request.GET, who=request.user, also=CURSOR)
    position, forward, problems = read_position(request.GET)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"filters": filters, "tabs": visit_tabs(request, "visits:list")}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "visits/list.html", context, status=400)
    page = read_visits(filters.qs, position, forward=forward)
    rows = show_visits(page.rows, filters.areas.short_names)
    _note_words(request, rows)
    context |= {
        "rows": rows,
        "shown": page.shown,
        "reaches_to": filters.reaches_to,
        "first_url": f"?{without(request.GET, *CURSOR)}",
        "previous_url": page.newer and f"?{without(request.GET, *CURSOR, after=page.newer)}",
        "next_url": page.older and f"?{without(request.GET, *CURSOR, before=page.older)}",
    }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "visits/_results.html" if partial else "visits/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _note_words(request: HttpRequest, rows: list[VisitRow]) -> None:
    """Reading what was found is noted like reading the visits' pages."""
    if read := [row.visit.pk for row in rows if row.words]:
        write_audit(action="visit_words_read", actor=request.user, subject="visit", visits=read)


@requires("visits.view")
@require_GET
def visit_calendar(request: HttpRequest) -> HttpResponse:
    """One month of visits: names where it is that of a village, numbers above."""
    filters = MonthFilterSet(request.GET, Visit.objects.visible_to(request.user).current(), who=request.user)
    context: dict[str, object] = {"filters": filters, "tabs": visit_tabs(request, "visits:calendar")}
    if problems := filters.find_problems():
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "visits/calendar.html", context, status=400)
    today = timezone.localdate()
    month = visit_month(
        filters.qs, filters.first_day or today.replace(day=1), today, with_names=filters.of_village
    )
    context |= {
        "month": month,
        "place": filters.place_name,
        "query": without(request.GET, "month"),
        "before_url": f"?{without(request.GET, 'month', month=f'{month.before:%Y-%m}')}",
        "after_url": f"?{without(request.GET, 'month', month=f'{month.after:%Y-%m}')}",
    }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "visits/_month.html" if partial else "visits/calendar.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
