"""Accepting a report: it raises an alert, or joins the open one of the same household and cause."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.due import answer_day
from alerts.reports.kinds import LEVEL, kind_code, sentences
from alerts.reports.models import Report, ReportState
from alerts.travel.dispatching import dispatch_alerts
from alerts.travel.models import Alert
from households.ledger.services import record_event
from households.models import Event, User
from households.refusal import Refused


@transaction.atomic
def accept_report(*, report: Report, by: User | None) -> Alert:
    """The alert of the report. ``by``: who checked it; nobody, where nothing was doubtful.

    An accepted report stays with its alert, however often this is asked. What was set aside is accepted by a
    person only: it was a mistake. Raises ``Refused`` otherwise.
    """
    row = Report.objects.select_for_update(of=("self",)).select_related("alert", "household").get(pk=report.pk)
    if row.alert is not None:
        return row.alert
    if row.state == ReportState.DISCARDED and by is None:
        raise Refused(_("This report was set aside."))
    taken = take_in(row, by)
    if taken.is_new:
        # Down at once as far as the county's threshold says; otherwise the county gets its deadline.
        dispatch_alerts(county=taken.alert.county, ids=[taken.alert.pk])
        taken.alert.refresh_from_db()
    report.refresh_from_db()
    return taken.alert


@dataclass(frozen=True)
class Taken:
    """The alert that speaks for a report now. ``is_new``: raised by it, and not sent to anybody yet."""

    alert: Alert
    is_new: bool


def take_in(row: Report, by: User | None) -> Taken:
    """Gives a report, whose row is locked, its alert. The caller sends down what is new, many together."""
    alert = _join(row, by)
    taken = Taken(alert, False) if alert is not None else _raise(row, by)
    alert = row.alert = taken.alert
    row.state = ReportState.ACCEPTED
    row.answer_by = answer_day(alert)
    row.answer, row.answered_by, row.answered_at = "", None, None
    if by is not None:
        row.checked_by, row.checked_at = by, timezone.now()
    row.save()
    return taken


def open_alert(household_id: int, kind: str) -> Alert | None:
    """The open alert of a household and cause, its row locked."""
    alerts = Alert.objects.select_for_update(of=("self",)).select_related("kind")
    return alerts.filter(household=household_id, kind=kind, closed_at__isnull=True).first()


def find_again(alert: Alert, report: Report, by: User | None) -> None:
    """Notes on an open alert, whose row is locked, that a report speaks of the same."""
    month = month_of(report)
    if month > alert.last_month:
        alert.last_month = month
        alert.months_found += 1
    alert.changed_at = timezone.now()
    alert.save(update_fields=["last_month", "months_found", "changed_at"])
    tell("alert_found_again", alert, report, by, alert.status)


def has_joined(report: Report) -> bool:
    """Whether the alert of a report stood open before it came: another one's words or visit had raised it."""
    if report.alert_id is None:
        return False
    raised = Event.objects.filter(subject="alert", subject_id=report.alert_id, kind="alert_raised")
    return not raised.filter(detail__report=report.pk).exists()


def month_of(report: Report) -> date:
    return timezone.localdate(report.reported_at).replace(day=1)


def _join(report: Report, by: User | None) -> Alert | None:
    if report.household_id is None:
        return None
    alert = open_alert(report.household_id, kind_code(report.channel, report.risk))
    if alert is not None:
        find_again(alert, report, by)
    return alert


def _raise(report: Report, by: User | None) -> Taken:
    """Two at once raise one alert: the database refuses the second, which then joins."""
    try:
        with transaction.atomic():
            alert = _new_alert(report)
    except IntegrityError:
        joined = _join(report, by)
        if joined is None:
            raise
        return Taken(joined, False)
    tell("alert_raised", alert, report, by, "")
    return Taken(alert, True)


def _new_alert(report: Report) -> Alert:
    household = report.household
    place = household or report
    now = timezone.now()
    sentence_zh, sentence_en = sentences(report.source, report.risk)
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
        first_month=month_of(report),
        last_month=month_of(report),
        raised_at=now,
        changed_at=now,
    )


def tell(kind: str, alert: Alert, report: Report, by: User | None, status_before: str, **detail: object) -> None:
    """One event of the alert that names the report by its id."""
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
        detail={"report": report.pk, **detail},
    )
