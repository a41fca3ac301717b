"""The work list of what is not known: lists that are missing, gaps with their counts, and the households."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from households.filtering import BadParameters
from households.paging import without
from households.registry.listing import CURSOR, read_place
from households.staff.access import requires
from monitoring.judgment.models import JudgmentRun, RunState
from monitoring.quality.counting import GapCounts, count_gaps
from monitoring.quality.filtersets import GapFilterSet
from monitoring.quality.gaps import ANY, BY_CODE, GAPS, Gap
from monitoring.quality.listing import read_gap_page
from monitoring.quality.lists import missing_of_run
from monitoring.rules import Rule

# Level of the scope → the level that counts are shown by, and how long its codes are.
BELOW = {"county": ("township", 9), "township": ("village", 12)}


@dataclass(frozen=True)
class GapRow:
    gap: Gap
    count: int
    url: str
    is_chosen: bool

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.gap.rules


@dataclass(frozen=True)
class PlaceRow:
    name: str | Promise
    count: int
    all: int
    url: str
    is_chosen: bool


def _newest_run() -> JudgmentRun | None:
    runs = JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE, state=RunState.DONE)
    return runs.order_by("-month", "-revision").first()


@requires("gaps.view")
@require_GET
def gap_list(request: HttpRequest) -> HttpResponse:
    """What the newest judged month could not know. An htmx request gets counts and list, or the list alone."""
    run = _newest_run()
    filters = GapFilterSet(request.GET, who=request.user, run=run, also=CURSOR)
    place, problems = read_place(request.GET)
    problems = filters.find_problems() + problems
    if problems:
        context = {"filters": filters, "run": run, "problems": list(BadParameters(problems).sentences())}
        return render(request, "quality/list.html", context, status=400)
    if run is None:
        return render(request, "quality/list.html", {"filters": filters})
    part = request.htmx.target if request.htmx and request.htmx.target in ("gaps", "results") else ""
    counts = count_gaps(run=run, who=request.user)
    context = {"run": run, "filters": filters} | _page(request, run, filters, counts, place)
    if part != "results":
        context |= _overview(request, run, filters, counts)
    template = {"gaps": "quality/_gaps.html", "results": "quality/_results.html"}.get(part, "quality/list.html")
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _page(request: HttpRequest, run: JudgmentRun, filters: GapFilterSet, counts: GapCounts, place) -> dict:
    villages = {
        code: count
        for code, count in counts.villages_with(filters.chosen).items()
        if code.startswith(filters.data.get("township") or "") and code.startswith(filters.place)
    }
    page = read_gap_page(
        filters.qs,
        place,
        run=run,
        villages=villages,
        chosen=filters.chosen,
        scope=request.user.scope,
        names=filters.areas.short_names,
    )
    return {
        "rows": page.rows,
        "total": sum(villages.values()),
        "with_township": request.user.scope is not None and request.user.scope.level == "county",
        "first_url": f"?{without(request.GET, *CURSOR)}",
        "previous_url": page.before and f"?{without(request.GET, *CURSOR, before=page.before)}",
        "next_url": page.after and f"?{without(request.GET, *CURSOR, after=page.after)}",
    }


def _overview(request: HttpRequest, run: JudgmentRun, filters: GapFilterSet, counts: GapCounts) -> dict:
    place = filters.place
    chosen = BY_CODE.get(filters.chosen)
    return {
        "missing_lists": missing_of_run(run),
        "gaps": [
            GapRow(gap, counts.total(gap.code, place), _url(gap=gap.code, place=place), gap == chosen)
            for gap in GAPS
        ],
        "any_count": counts.total(ANY, place),
        "any_url": _url(place=place),
        "all_count": counts.total("all", place),
        "chosen": chosen,
        "places": _places(request, filters, counts),
    }


def _places(request: HttpRequest, filters: GapFilterSet, counts: GapCounts) -> list[PlaceRow]:
    """Townships of a county, villages of a township; in order of code: no rate, no rank."""
    scope = request.user.scope
    if scope is None or scope.level not in BELOW:
        return []
    level, length = BELOW[scope.level]
    gap = filters.chosen if filters.chosen != ANY else ""
    return [
        PlaceRow(
            name=area.short_name,
            count=counts.total(filters.chosen, area.code),
            all=counts.total("all", area.code),
            url=_url(gap=gap, place=area.code),
            is_chosen=bool(filters.place) and filters.place[:length] == area.code,
        )
        for area in filters.areas.areas
        if area.level == level
    ]


def _url(*, gap: str = "", place: str = "") -> str:
    query = {"gap": gap, "village" if len(place) == 12 else "township": place}
    return f"?{urlencode({name: value for name, value in query.items() if value})}"
