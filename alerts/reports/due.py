"""Until when whoever reported has an answer: five working days after the check (Gansu's rule).

The check is the verification of the alert. What cannot be told yet, or was sent back, is still being checked.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alerts.notices.services import notify
from alerts.reports.models import Report, ReportState
from alerts.sla import ANSWER_TO_REPORTER
from alerts.transitions import ACKNOWLEDGED, DISPATCHED, RAISED
from alerts.travel.models import Alert, Verdict
from alerts.travel.people import people_at
from households.policy.calendar import WorkCalendar

BEING_CHECKED = (RAISED, DISPATCHED, ACKNOWLEDGED)
# Alerts that still wait for their check, as seen from a report.
UNSETTLED = Q(alert__status__in=BEING_CHECKED) | Q(alert__closed_at__isnull=True, alert__verdict=Verdict.UNCLEAR)


def answer_day(alert: Alert) -> date | None:
    """Until when a report that joins the alert today must be answered; None while it is being checked."""
    if alert.status in BEING_CHECKED or (alert.is_open and alert.verdict == Verdict.UNCLEAR):
        return None
    return _last_day(timezone.localdate())


def set_answer_days(*, alert_ids: Collection[int], on: date) -> int:
    """Begins, or takes back, the days for an answer after alerts moved on. Returns how many reports now wait.

    Set-based, in the transaction of the move: three statements for three hundred alerts.
    """
    reports = Report.objects.filter(alert__in=alert_ids, answered_at__isnull=True)
    reports.filter(UNSETTLED, answer_by__isnull=False).update(answer_by=None)
    waiting = list(
        reports.filter(answer_by__isnull=True).exclude(UNSETTLED).values_list("pk", "township", "county")
    )
    if not waiting:
        return 0
    last = _last_day(on)
    Report.objects.filter(pk__in=[pk for pk, _township, _county in waiting]).update(answer_by=last)
    _tell(waiting, last)
    return len(waiting)


def take_answers_up_again(*, alert_ids: Collection[int]) -> int:
    """What was answered waits for another answer, since its alert is being checked again. Returns how many.

    The words of the answer stay until another is given: the receipt says that they are of before. Who gave it and
    when stands in the ledger.
    """
    answered = Report.objects.filter(alert__in=alert_ids, state=ReportState.ACCEPTED, answered_at__isnull=False)
    return answered.update(answered_at=None, answered_by=None, answer_by=None)


def _last_day(on: date) -> date:
    return WorkCalendar().last_day(on, ANSWER_TO_REPORTER.days, ANSWER_TO_REPORTER.unit)


def _tell(waiting: list[tuple[int, str | None, str]], last: date) -> None:
    """The township's people, or the county's where nobody is posted there: one notice a place and move."""
    people = people_at({place for _pk, township, county in waiting for place in (township, county)})
    places: dict[str, list[int]] = {}
    for pk, township, county in waiting:
        places.setdefault(township if township and people.posted(township) else county, []).append(pk)
    for place, ids in places.items():
        notify(
            kind="answer_due",
            key=f"answer_due:{place}:{max(ids)}:{last.isoformat()}",
            recipients=people.posted(place),
            values={"count": len(ids), "day": last.isoformat()},
            path=f"{reverse('reports:list')}?answer=due" if len(ids) > 1 else reverse("reports:detail", args=ids),
        )
