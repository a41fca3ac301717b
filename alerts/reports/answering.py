"""The answer to whoever reported: what the receipt shows, and what a hotline gives back to its caller."""

import unicodedata

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.answers import has_long_number
from alerts.reports.models import Report, ReportState
from alerts.travel.models import Alert
from households.ledger.services import record_event, write_audit
from households.models import User
from households.refusal import Refused

LONGEST_ANSWER = 300


def answer_problem(*, text: str, report: Report) -> str:
    """The sentence that says what must not stand in an answer; empty where nothing is wrong."""
    plain = unicodedata.normalize("NFKC", text)
    if has_long_number(plain):
        return _("No phone, identity or account number may stand in an answer.")
    if len(report.name) > 1 and report.name in plain:
        return _("No name may stand in an answer: a receipt may be lost.")
    return ""


@transaction.atomic
def answer_report(*, report: Report, text: str, by: User) -> Report:
    """Answers a report whose alert was checked. Raises ``Refused``: before that, or when somebody has answered.

    Checked again, it is answered again; what was answered before stands in the events of the alert.
    """
    # Alerts before reports, as whoever moves an alert locks them.
    alert = Alert.objects.select_for_update(of=("self",)).filter(reports=report).first()
    row = Report.objects.visible_to(by).select_for_update().filter(pk=report.pk).first()
    if row is None:
        raise Refused(_("This report is not in your area any more."))
    if row.answered_at is not None:
        raise Refused(_("Somebody has answered this report meanwhile."))
    if row.state != ReportState.ACCEPTED or row.answer_by is None:
        raise Refused(_("Nobody has looked into this report yet; it is answered after that."))
    if problem := answer_problem(text=text, report=row):
        raise Refused(problem)
    row.answer, row.answered_by, row.answered_at = text.strip(), by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    write_audit(action="report_answered", actor=by, subject="report", subject_id=row.pk)
    if alert is not None:
        record_event(
            kind="report_answered",
            subject="alert",
            subject_id=alert.pk,
            place=alert,
            actor=by,
            detail={"report": row.pk},
            note=row.answer,
        )
    return row
