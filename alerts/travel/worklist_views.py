"""The worklist: what waits for me, what is due, what others have, and the way from one alert to the next."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from alerts.travel.bulk import BULK, HIGHEST
from alerts.travel.models import Alert
from alerts.travel.move_forms import WORDS
from alerts.travel.views import chips_of
from alerts.travel.worklist import (
    OTHERS,
    POSITIONS,
    TABS,
    WorkFilterSet,
    WorkPage,
    count_tabs,
    next_in_work,
    read_positions,
    read_work,
    work_query,
)
from alerts.travel.worklist_rows import ROWS, WorkRow, work_rows
from households.filtering import BadParameters
from households.paging import without
from households.staff.access import requires, visible_or_404

PAGE_ROWS = 50


@requires("alerts.move")
def work(request: HttpRequest) -> HttpResponse:
    """My open alerts, the most urgent first. An htmx request gets the results alone."""
    query = request.GET
    filters = WorkFilterSet(query, who=request.user, also=POSITIONS)
    positions, problems = read_positions(query)
    if problems := filters.find_problems() + problems:
        context = {"filters": filters, "problems": list(BadParameters(problems).sentences())}
        return render(request, "alerts/work.html", context, status=400)
    page = read_work(filters.listed, positions, rows=PAGE_ROWS, showing=ROWS)
    partial = request.htmx and not request.htmx.boosted
    template = "alerts/_work_results.html" if partial else "alerts/work.html"
    response = render(request, template, {"filters": filters, **_results(query, filters, page)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _results(query: QueryDict, filters: WorkFilterSet, page: WorkPage) -> dict[str, Any]:
    rows = work_rows(page.rows, filters)
    counts = count_tabs(filters)
    tabs = [
        {
            "label": label,
            "url": f"?{without(query, 'tab', *POSITIONS, tab=tab)}",
            "active": tab == filters.chosen,
            "count": counts[tab],
        }
        for tab, label in TABS
    ]
    return {
        "rows": [(row, work_query(query, row.position)) for row in rows],
        "tabs": tabs,
        "total": counts[filters.chosen],
        "highest": HIGHEST,
        "moves": _bulk_moves(rows) if filters.chosen != OTHERS else [],
        "chips": [chip for chip in chips_of(filters, query) if chip.name != "tab"],
        "work": work_query(query),
        "at": query.get("at", ""),
        "first_url": f"?{without(query, *POSITIONS)}",
        "previous_url": page.previous and f"?{without(query, *POSITIONS, before=page.previous)}",
        "next_url": page.following and f"?{without(query, *POSITIONS, after=page.following)}",
    }


def _bulk_moves(rows: list[WorkRow]) -> list[dict[str, object]]:
    """Moves that some row of the page allows; the script offers those that all ticked rows allow."""
    possible = {move for row in rows for move in row.moves.split()}
    return [{"code": code, "label": WORDS[code].label} for code in BULK if code in possible]


@requires("alerts.move")
def work_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads from an alert to the next one of the worklist it was opened from."""
    visible_or_404(Alert.objects, request.user, pk=pk)
    return redirect(next_in_work(request.user, request.GET.get("work", ""), pk))
