"""The page of one alert: its sentence, the values, the threshold with its document, and the rows behind them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alerts.models import Alert
from households.ledger.services import write_audit
from households.models import Event
from households.staff.access import requires, visible_or_404
from monitoring.judgment.explain import members_at, rows_behind
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.models import Finding
from monitoring.judgment.window import Window
from monitoring.rules import BY_CODE

LABELS = {indicator.name: indicator for indicator in INDICATORS}
EVENTS_SHOWN = 100


@requires("alerts.view")
def alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    alerts = Alert.objects.select_related("kind", "household", "area")
    alert = visible_or_404(alerts, request.user, pk=pk)
    write_audit(action="alert_read", actor=request.user, subject="alert", subject_id=pk)
    findings = list(Finding.objects.filter(alert=alert).select_related("run").order_by("-run__month", "-run_id"))
    # The newest finding of the last month is the one whose values the alert shows.
    finding = findings[0] if findings else None
    context = {
        "alert": alert,
        "rule": BY_CODE.get(alert.kind_id),
        "finding": finding,
        "window": Window(finding.run.month) if finding else None,
        "members": members_at(household_id=alert.household_id, run=finding.run) if finding else [],
        "sections": rows_behind(finding) if finding else [],
        "findings": findings,
        "events": Event.objects.filter(subject="alert", subject_id=pk)
        .select_related("actor")
        .order_by("-id")[:EVENTS_SHOWN],
    }
    return render(request, "pages/alert.html", context)
