"""The page of one alert: its sentence, what was compared, and the derivation with every row behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from alerts.kinds import Channel
from alerts.models import Alert, Report
from alerts.reports.reading import shown_name
from alerts.travel.deadlines import countdown
from alerts.travel.move_forms import Decision, areas_around, decisions_of
from alerts.travel.mover import Mover
from households.ledger.services import write_audit
from households.models import Area, Event, Role, User
from households.registry.reaching import is_own, reachable
from households.staff.access import requires, visible_or_404
from monitoring.judgment.explain import derive_finding
from monitoring.judgment.labels import compared_values, in_english, in_rule_order, threshold_row
from monitoring.judgment.models import Finding
from monitoring.pages.alert_timeline import alert_timeline
from monitoring.rules import BY_CODE


@requires("alerts.view")
def alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    alerts = Alert.objects.select_related("kind", "household", "area", "assignee")
    alert = visible_or_404(alerts, request.user, pk=pk)
    write_audit(action="alert_read", actor=request.user, subject="alert", subject_id=pk)
    found = Finding.objects.filter(alert=alert).select_related("run", "household")
    findings = list(found.order_by("-month", "-run_id"))
    around = areas_around(alert)
    events = list(Event.objects.filter(subject="alert", subject_id=pk).select_related("actor").order_by("-pk"))
    context = _derived(alert, findings, request.user) | {
        "alert": alert,
        "places": _places(alert, around),
        "other_language": ("zh-hans", alert.sentence_zh) if in_english() else ("en", alert.sentence_en),
        "reports": _reports(alert, request),
        "entries": alert_timeline(events, findings, request.user),
        "steps": countdown(alert, events, today=timezone.localdate()),
        "decisions": _decisions(alert, request, around),
        "opens_household": _opens_household(alert, request.user),
    }
    return render(request, "pages/alert.html", context)


def _derived(alert: Alert, findings: list[Finding], user: User) -> dict[str, object]:
    """What was compared and every row behind it; the newest finding of the last month is the one that counts."""
    # A cluster's kind is CLU01 and what it is a cluster of.
    rule = BY_CODE.get(alert.kind_id.partition(".")[0])
    values = compared_values(in_rule_order(alert.values, rule), alert.threshold, rule)
    # A specialist's screen shows what is needed to act, never what somebody suffers from.
    shows_health = user.role != Role.VILLAGE_SPECIALIST
    return {
        "values": values,
        "decided": any(value.is_decisive for value in values),
        "threshold": threshold_row(alert.threshold),
        "derivation": derive_finding(findings[0], user, shows_health=shows_health) if findings else None,
    }


def _reports(alert: Alert, request: HttpRequest) -> list[Report]:
    """The reports from below that raised it or joined it; a rule's alert has none."""
    if alert.kind.channel == Channel.RULE or not request.user.has_perm("reports.view"):
        return []
    reports = list(Report.objects.visible_to(request.user).filter(alert=alert).order_by("-pk"))
    for report in reports:
        report.name = shown_name(report, request.user)
    return reports


def _decisions(alert: Alert, request: HttpRequest, around: list[Area]) -> list[Decision]:
    if not request.user.has_perm("alerts.move"):
        return []
    level = Mover.of_user(request.user).level_at(alert)
    return decisions_of(alert, level=level, around=around, work=request.GET.get("work", ""))


def _opens_household(alert: Alert, user: User) -> bool:
    """What was handed over opens as long as it is open; the alert itself stays to be read."""
    household = alert.household
    return household is not None and (is_own(user, household) or reachable(user, household.pk).exists())


def _places(alert: Alert, around: list[Area]) -> list[str]:
    """``["屈原镇", "长江村"]``; where it was handed over to another village, both."""
    codes = (alert.township, alert.village, alert.handled_in)
    return [area.short_name for area in around if area.code in codes]
