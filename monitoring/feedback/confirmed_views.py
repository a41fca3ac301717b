"""The list of confirmed households of a department and a period."""

from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from alerts.travel.periods import Period, presets, read_period
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters
from households.ledger.services import write_audit
from households.models import Department, Household, Role
from households.registry.listing import CURSOR, read_household_page, read_place
from households.staff.access import requires
from monitoring.feedback.concerns import RISKS_OF
from monitoring.feedback.confirmed import Confirmed, confirmed_alerts, confirmed_households, tell_confirmed
from monitoring.feedback.filtersets import PurposeForm, read_department
from monitoring.feedback.sheets import write_confirmed_sheet


def _asked(request: HttpRequest) -> tuple[dict[str, object], list]:
    """Department and period of a request, and what is wrong with them."""
    today = Period.of_month(timezone.localdate())
    period, problems = read_period(request.GET, default=today, also=("department", *CURSOR))
    department, more = read_department(request.GET, request.user)
    return {"who": request.user, "department": department, "period": period}, problems + more


@requires("feedback.view")
@require_GET
def confirmed_list(request: HttpRequest) -> HttpResponse:
    """Village by village: whose risk was confirmed in the period, for the department that can do something."""
    asked, problems = _asked(request)
    place, more = read_place(request.GET)
    problems += more
    context = {**asked, **_around(request, asked)}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "feedback/confirmed.html", context, status=400)
    page = read_household_page(confirmed_households(**asked), place)
    context |= {"page": page, "rows": _told(request, asked, page.households)}
    _note(request, "feedback_confirmed_read", asked, rows=len(page.households))
    partial = request.htmx and not request.htmx.boosted
    template = "feedback/_confirmed.html" if partial else "feedback/confirmed.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("feedback.view")
@never_cache
@require_POST
def confirmed_download(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet: names leave the system, so a purpose is asked and kept."""
    asked, problems = _asked(request)
    form = PurposeForm(request.POST)
    if problems or not form.is_valid():
        context = {**asked, **_around(request, asked), "purpose_form": form}
        context["problems"] = list(BadParameters(problems).sentences())
        if not problems:
            page = read_household_page(confirmed_households(**asked), None)
            context |= {"page": page, "rows": _told(request, asked, page.households)}
        return render(request, "feedback/confirmed.html", context, status=400 if problems else 422)
    names = ScopeAreas(request.user.scope).short_names
    file, rows = write_confirmed_sheet(
        households=confirmed_households(**asked), alerts=confirmed_alerts(**asked), places=names
    )
    _note(request, "feedback_confirmed_downloaded", asked, rows=rows, purpose=form.cleaned_data["purpose"])
    words = {"department": Department(asked["department"]).label, "period": asked["period"]}
    name = gettext("Confirmed households %(department)s %(period)s") % words
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _told(request: HttpRequest, asked: dict, households: list[Household]) -> list[Confirmed]:
    return tell_confirmed(households, confirmed_alerts(**asked), ScopeAreas(request.user.scope).short_names)


def _note(request: HttpRequest, action: str, asked: dict, **detail: object) -> None:
    """Who was told whom of: department, period and how many."""
    days = asked["period"].query
    write_audit(action=action, actor=request.user, department=asked["department"], **days, **detail)


def _around(request: HttpRequest, asked: dict) -> dict[str, object]:
    """What stands around the list: other departments and periods, which risks concern this one, the download."""
    department, period = asked["department"], asked["period"]
    chooses = request.user.role != Role.DEPARTMENT_OFFICER
    return {
        "department_label": Department(department).label,
        "departments": Department.choices if chooses else [],
        "risks": [risk.label for risk in RISKS_OF[department]],
        "presets": list(presets(timezone.localdate(), period, department=department if chooses else "")),
        "purpose_form": PurposeForm(),
        "query": urlencode(period.query | {"department": department}),
    }
