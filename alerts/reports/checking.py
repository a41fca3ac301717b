"""Unchecked reports: somebody looks, and accepts them or sets them aside, one or a whole flood at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.accepting import accept_report, take_in
from alerts.reports.answers import SET_ASIDE
from alerts.reports.models import Report, ReportState
from alerts.travel.dispatching import dispatch_alerts
from alerts.travel.models import Alert
from households.ledger.services import write_audit
from households.models import User
from households.refusal import Refused


@dataclass(frozen=True)
class CheckResult:
    """What became of one of many: done, or the sentence that says why not."""

    report_id: int
    done: bool
    sentence: str = ""


@transaction.atomic
def accept_checked(*, report: Report, by: User) -> Alert:
    """Accepts what somebody has looked at; also what was set aside by mistake. Raises ``Refused`` out of sight."""
    row = Report.objects.visible_to(by).select_for_update().filter(pk=report.pk).first()
    if row is None:
        raise Refused(_("This report is not in your area any more."))
    alert = accept_report(report=row, by=by)
    write_audit(action="report_accepted", actor=by, subject="report", subject_id=row.pk)
    return alert


@transaction.atomic
def accept_many(*, ids: Collection[int], by: User) -> list[CheckResult]:
    """Accepts unchecked reports, as after a real disaster; the others say why not.

    Their alerts are sent down together, so that whoever gets them is told once.
    """
    rows = Report.objects.visible_to(by).filter(pk__in=ids).select_related("household").order_by("pk")
    reports = list(rows.select_for_update(of=("self",)))
    states = {report.pk: report.state for report in reports}
    raised: dict[str, list[int]] = defaultdict(list)
    for report in reports:
        if report.state != ReportState.UNCHECKED:
            continue
        taken = take_in(report, by)
        if taken.is_new:
            raised[taken.alert.county].append(taken.alert.pk)
        write_audit(action="report_accepted", actor=by, subject="report", subject_id=report.pk)
    for county, alerts in raised.items():
        dispatch_alerts(county=county, ids=alerts)
    return _results(ids, states)


def set_aside(*, report: Report, reason: str, by: User) -> None:
    """Sets one unchecked report aside. Raises ``Refused`` when it is not one any more."""
    (result,) = set_aside_many(ids=[report.pk], reason=reason, by=by)
    if not result.done:
        raise Refused(result.sentence)


@transaction.atomic
def set_aside_many(*, ids: Collection[int], reason: str, by: User) -> list[CheckResult]:
    """Sets unchecked reports aside, each with the answer its receipt shows; the others say why not.

    ``reason``: a key of ``answers.SET_ASIDE``. Two statements for any number.
    """
    rows = Report.objects.visible_to(by).filter(pk__in=ids).order_by("pk").select_for_update()
    states = dict(rows.values_list("pk", "state"))
    done = [pk for pk, state in states.items() if state == ReportState.UNCHECKED]
    now = timezone.now()
    Report.objects.filter(pk__in=done).update(
        state=ReportState.DISCARDED,
        checked_by=by,
        checked_at=now,
        answer=SET_ASIDE[reason][1],
        answered_by=by,
        answered_at=now,
    )
    if done:
        only = done[0] if len(done) == 1 else ""
        write_audit(
            action="report_set_aside", actor=by, subject="report", subject_id=only, reason=reason, rows=len(done)
        )
    return _results(ids, states)


def _results(ids: Collection[int], states: Mapping[int, str]) -> list[CheckResult]:
    """Done is what was unchecked before."""
    return [
        CheckResult(pk, states.get(pk) == ReportState.UNCHECKED, _why_not(states.get(pk)))
        for pk in dict.fromkeys(ids)
    ]


def _why_not(state: str | None) -> str:
    if state is None:
        return _("It is not in your area.")
    return {
        ReportState.ACCEPTED: _("It was accepted meanwhile."),
        ReportState.DISCARDED: _("It was set aside already."),
    }.get(ReportState(state), "")
