"""Accepting a report: it raises an alert, or joins the open one of the same household and cause."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.kinds import LEVEL, kind_code, sentences
from alerts.reports.models import Report, ReportState
from alerts.sla import STEPS
from alerts.transitions import RAISED
from alerts.travel.models import Alert
from households.ledger.services import record_event
from households.models import User
from households.policy.calendar import WorkCalendar
from households.refusal import Refused


@transaction.atomic
def accept_report(*, report: Report, by: User | None) -> Alert:
    """The alert of the report. ``by``: who checked it; nobody, where nothing was doubtful.

    An accepted report stays with its alert, however often this is asked. Raises ``Refused`` for one that was set
    aside.
    """
    row = Report.objects.select_for_update().get(pk=report.pk)
    if row.alert is not None:
        return row.alert
    if row.state == ReportState.DISCARDED:
        raise Refused(_("This report was set aside."))
    alert = _join(row, by) or _raise(row, by)
    row.alert = alert
    row.state = ReportState.ACCEPTED
    if by is not None:
        row.checked_by, row.checked_at = by, timezone.now()
    row.save(update_fields=["alert", "state", "checked_by", "checked_at"])
    report.refresh_from_db()
    return alert


def open_alert(household_id: int, kind: str) -> Alert | None:
    """The open alert of a household and cause, its row locked."""
    alerts = Alert.objects.select_for_update(of=("self",)).select_related("kind")
    return alerts.filter(household=household_id, kind=kind, closed_at__isnull=True).first()


def month_of(report: Report) -> date:
    return timezone.localdate(report.reported_at).replace(day=1)


def _join(report: Report, by: User | None) -> Alert | None:
    if report.household_id is None:
        return None
    alert = open_alert(report.household_id, kind_code(report.channel, report.risk))
    if alert is None:
        return None
    month = month_of(report)
    if month > alert.last_month:
        alert.last_month = month
        alert.months_found += 1
    alert.changed_at = timezone.now()
    alert.save(update_fields=["last_month", "months_found", "changed_at"])
    _tell("alert_found_again", alert, report, by, alert.status)
    return alert


def _raise(report: Report, by: User | None) -> Alert:
    """Two at once raise one alert: the database refuses the second, which then joins."""
    try:
        with transaction.atomic():
            alert = _new_alert(report)
    except IntegrityError:
        alert = _join(report, by)
        if alert is None:
            raise
        return alert
    _tell("alert_raised", alert, report, by, "")
    return alert


def _new_alert(report: Report) -> Alert:
    household = report.household
    place = household or report
    now = timezone.now()
    month = month_of(report)
    sentence_zh, sentence_en = sentences(report.source, report.risk)
    span = STEPS[RAISED][LEVEL]
    return Alert.objects.create(
        household=household,
        report=None if household else report.uid,
        county=place.county,
        township=place.township,
        village=place.village,
        kind_id=kind_code(report.channel, report.risk),
        level=LEVEL,
        sentence_zh=sentence_zh,
        sentence_en=sentence_en,
        first_month=month,
        last_month=month,
        raised_at=now,
        changed_at=now,
        due_on=WorkCalendar().last_day(timezone.localdate(now), span.days, span.unit),
    )


def _tell(kind: str, alert: Alert, report: Report, by: User | None, status_before: str) -> None:
    record_event(
        kind=kind,
        subject="alert",
        subject_id=alert.pk,
        place=alert,
        actor=by,
        status_before=status_before,
        status_after=alert.status,
        level_before=alert.level if status_before else "",
        level_after=alert.level,
        detail={"report": report.pk},
    )
