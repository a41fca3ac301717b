"""The page of one alert: its sentence, the values, the threshold with its document, and the rows behind them."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alerts.models import Alert
from households.ledger.services import write_audit
from households.models import Area, Event, Membership
from households.staff.access import requires, visible_or_404
from monitoring.judgment.explain import Section, members_at, rows_behind
from monitoring.judgment.labels import compared_values, in_rule_order, threshold_row
from monitoring.judgment.models import Finding
from monitoring.judgment.window import Window
from monitoring.pages.alert_timeline import alert_timeline
from monitoring.pages.ledger_table import LedgerTable, ledger_table
from monitoring.pages.persons import Bills, age_on, bills_by_person
from monitoring.rules import BY_CODE


@dataclass(frozen=True)
class Member:
    membership: Membership
    age: int | None


@dataclass(frozen=True)
class Evidence:
    """A section of evidence as its part of the template draws it."""

    section: Section
    ledger: LedgerTable | None = None
    bills: list[Bills] | None = None


@requires("alerts.view")
def alert_detail(request: HttpRequest, pk: int) -> HttpResponse:
    alerts = Alert.objects.select_related("kind", "household", "area")
    alert = visible_or_404(alerts, request.user, pk=pk)
    write_audit(action="alert_read", actor=request.user, subject="alert", subject_id=pk)
    rule = BY_CODE.get(alert.kind_id)
    findings = list(Finding.objects.filter(alert=alert).select_related("run").order_by("-run__month", "-run_id"))
    # The newest finding of the last month is the one whose values the alert shows.
    finding = findings[0] if findings else None
    context = {
        "alert": alert,
        "places": _places(alert),
        "values": compared_values(in_rule_order(alert.values, rule), alert.threshold.get("unit", "")),
        "threshold": threshold_row(alert.threshold),
        "finding": finding,
        "members": _members(alert, finding) if finding else [],
        "evidence": [_evidence(section) for section in rows_behind(finding)] if finding else [],
        "entries": alert_timeline(Event.objects.filter(subject="alert", subject_id=pk), findings, request.user),
    }
    return render(request, "pages/alert.html", context)


def _places(alert: Alert) -> list[str]:
    """``["屈原镇", "长江村"]``."""
    codes = [code for code in (alert.township, alert.village) if code]
    return [area.short_name for area in Area.objects.filter(code__in=codes).order_by("code")]


def _members(alert: Alert, finding: Finding) -> list[Member]:
    """Who counted in the judged month, with the age at its end."""
    end: date = Window(finding.run.month, finding.run.event_month).end
    return [
        Member(membership, age_on(membership.person.born_on, end))
        for membership in members_at(household_id=alert.household_id, run=finding.run)
    ]


def _evidence(section: Section) -> Evidence:
    if section.form == "ledger":
        return Evidence(section, ledger=ledger_table(section.sums, section.rows))
    if section.form == "bills":
        return Evidence(section, bills=bills_by_person(section.rows))
    return Evidence(section)
