"""Visit forms to be printed: of one household, or of those due in a village."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from households.ledger.services import write_audit
from households.models import Area, Household, VisitMethod
from households.registry.reaching import reachable_or_404
from households.risks import Risk
from households.staff.access import requires
from monitoring.visiting.due_list import read_due
from monitoring.visiting.printing import MOST_FORMS, paper_forms, paper_sections


@requires("visits.view")
@require_GET
def print_household(request: HttpRequest, pk: int) -> HttpResponse:
    household = reachable_or_404(request.user, pk)
    write_audit(action="household_read", actor=request.user, subject="household", subject_id=pk)
    return _answer(request, [household])


@requires("visits.view")
@require_GET
def print_village(request: HttpRequest, code: str) -> HttpResponse:
    """Forms of the households of one village that are due or overdue, the first ones of the list."""
    area = Area.objects.filter(code=code, level="village").first()
    scope = request.user.scope
    if area is None or scope is None or not scope.covers(area.county, area.township, area.village):
        raise Http404
    page = read_due(level="village", codes=(code,), today=timezone.localdate(), rows=MOST_FORMS)
    found = Household.objects.visible_to(request.user).in_bulk([pk for pk, _due in page.rows])
    households = [found[pk] for pk, _due in page.rows if pk in found]
    write_audit(
        action="visit_forms_printed", actor=request.user, subject="area", subject_id=code, rows=len(households)
    )
    return _answer(request, households, more=page.following is not None, village=area)


def _answer(request: HttpRequest, households: list[Household], **context: object) -> HttpResponse:
    # Of the whole township: a household that was handed over lives in another village.
    townships = {household.township for household in households}
    places = {area.code: area.short_name for area in Area.objects.filter(township__in=townships)}
    context |= {
        "forms": paper_forms(households, places=places, by=request.user, today=timezone.localdate()),
        "sections": paper_sections(),
        "methods": VisitMethod.labels,
        "risks": Risk.labels,
        "most": MOST_FORMS,
    }
    return render(request, "visits/print.html", context)
