"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from households.staff.access import requires
from monitoring.dashboards.figures import month_figures
from monitoring.dashboards.machine import machine_state


@requires("home.view")
def home(request: HttpRequest) -> HttpResponse:
    """What the last judged month brought where I am posted, and whether the machine works."""
    machine = machine_state()
    month = machine.last_run.month if machine.last_run else None
    figures = (
        month_figures(user=request.user, month=month) if month and request.user.has_perm("alerts.view") else []
    )
    context = {"machine": machine, "month": month, "figures": figures}
    return render(request, "dashboards/home.html", context)
