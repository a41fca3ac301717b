"""The home page."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alerts.models import Alert
from alerts.travel.worklist import tabs_of
from alerts.travel.worklist_rows import subject_of
from households.areas.choices import ScopeAreas
from households.models import Role, User
from households.staff.access import requires
from monitoring.dashboards.checks import machine_checks
from monitoring.dashboards.figures import month_figures
from monitoring.dashboards.machine import machine_state
from monitoring.dashboards.places import month_by_place
from monitoring.dashboards.visits import visits_waiting
from monitoring.feedback.home import newest_answer

NEWEST_SHOWN = 12


@requires("home.view")
def home(request: HttpRequest) -> HttpResponse:
    """What the last judged month brought where I am posted, and whether the machine works."""
    user = request.user
    machine = machine_state()
    month = machine.judged_month
    context = {"machine": machine, "month": month, "checks": machine_checks(machine, user)}
    if user.has_perm("alerts.move"):
        context["work"] = tabs_of(user)
    if month and user.has_perm("alerts.view"):
        context |= _month_where_i_am_posted(user, month)
    if user.has_perm("visits.decide"):
        context["visits"] = visits_waiting(user)
    if user.role == Role.DEPARTMENT_OFFICER:
        context["answer"] = newest_answer(user)
    return render(request, "dashboards/home.html", context)


def _month_where_i_am_posted(user: User, month: date) -> dict[str, object]:
    places = month_by_place(user=user, month=month)
    return {
        "figures": month_figures(user=user, month=month),
        "places": places,
        "by_village": user.scope is not None and user.scope.level == "township",
        # In a village there is nothing to compare: what is to be done stands there at once.
        "newest": [] if places else _newest_open(user),
    }


def _newest_open(user: User) -> list[Alert]:
    names = ScopeAreas(user.scope).short_names
    rows = Alert.objects.naming_reports() if user.has_perm("reports.read") else Alert.objects
    alerts = list(
        rows.visible_to(user)
        .filter(closed_at__isnull=True)
        .select_related("kind", "household", "area")
        .order_by("-id")[:NEWEST_SHOWN]
    )
    for alert in alerts:
        alert.place = names.get(alert.village, "")
        alert.subject = subject_of(alert)
    return alerts
