"""The page of households that are due for a visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from households.filtering import BadParameters
from households.paging import without
from households.staff.access import requires
from monitoring.visiting.due import SOON_DAYS
from monitoring.visiting.due_list import read_due, show_due
from monitoring.visiting.filtersets import DueFilterSet
from monitoring.visiting.listing import CURSOR, read_position
from monitoring.visiting.tabs import visit_tabs


@requires("visits.view")
@require_GET
def due_list(request: HttpRequest) -> HttpResponse:
    """Due and overdue households of a village or township, soonest first. The county chooses a township."""
    filters = DueFilterSet(request.GET, who=request.user, also=CURSOR)
    position, after, problems = read_position(request.GET)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"filters": filters, "tabs": visit_tabs(request, "visits:due"), "soon": SOON_DAYS}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "visits/due.html", context, status=400)
    level, codes = filters.place
    if level == "county":
        context["townships"] = filters.areas.townships()
    else:
        today = timezone.localdate()
        page = read_due(
            level=level,
            codes=codes,
            today=today,
            state=filters.form.cleaned_data["state"],
            of_level=filters.form.cleaned_data["level"],
            position=position,
            backwards=position is not None and not after,
        )
        context |= {
            "rows": show_due(page, filters.areas.short_names, today, request.user),
            "village": codes[0] if level == "village" and len(codes) == 1 else "",
            "first_url": f"?{without(request.GET, *CURSOR)}",
            "previous_url": page.previous and f"?{without(request.GET, *CURSOR, before=page.previous)}",
            "next_url": page.following and f"?{without(request.GET, *CURSOR, after=page.following)}",
        }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "visits/_due.html" if partial else "visits/due.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
