"""When each step of an alert is due, and how its clock stands: ``alerts.sla`` on the work calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.sla import STEPS
from alerts.transitions import ACKNOWLEDGED, DISPATCHED, FINAL, RAISED, REVIEWED, VERIFIED
from alerts.travel.models import Alert
from households.models import Event
from households.policy.calendar import WorkCalendar

# The whole verification, over every refusal and transfer: its clock is never wound up again.
VERIFYING = "verifying"
LABELS: dict[str, Promise] = {
    RAISED: _("To be dispatched"),
    DISPATCHED: _("To be acknowledged"),
    ACKNOWLEDGED: _("To be verified"),
    VERIFIED: _("To be reviewed"),
    REVIEWED: _("To be closed"),
    VERIFYING: _("Verification as a whole"),
}


def due_days(start: date, calendar: WorkCalendar | None = None) -> dict[tuple[str, str], date]:
    """(status, level) → the last day of the step that begins with that status on ``start``.

    One key for each entry of ``alerts.sla.STEPS``; one query when no ``calendar`` is given. The day of ``start``
    does not count; a last day on a day off moves to the next working day.
    """
    calendar = calendar or WorkCalendar()
    return {
        (status, level): calendar.last_day(start, span.days, span.unit)
        for status, levels in STEPS.items()
        for level, span in levels.items()
    }


@dataclass(frozen=True)
class Step:
    """One stretch of an alert's way. ``done`` is None while it is under way, ``due`` where it had no deadline.

    ``calendar_days`` and ``working_days`` are counted to ``due``, from ``done`` or from today: 2 means two days
    left (or two days early), 0 the last day, -3 three days late.
    """

    status: str
    begun: date
    due: date | None
    done: date | None
    calendar_days: int | None
    working_days: int | None

    @property
    def label(self) -> Promise:
        return LABELS[self.status]

    @property
    def is_late(self) -> bool:
        return self.calendar_days is not None and self.calendar_days < 0

    @property
    def days_late(self) -> int:
        return max(-(self.calendar_days or 0), 0)


def countdown(
    alert: Alert, events: Iterable[Event], *, today: date, calendar: WorkCalendar | None = None
) -> list[Step]:
    """The steps of an alert from the first to the one under way, and the verification as a whole. Asks nobody.

    ``events``: all events of the alert, in any order. A step is a stretch of one status: its end is the event
    that brought another, its last day the newest ``detail["due_on"]`` in it (the alert's own for the last one).
    """
    stretches: list[list[Event]] = []
    for event in sorted(events, key=lambda event: event.pk):
        if not event.status_after:
            continue
        if stretches and stretches[-1][0].status_after == event.status_after and not _starts_again(event):
            stretches[-1].append(event)
        else:
            stretches.append([event])
    steps = []
    for index, stretch in enumerate(stretches):
        status = stretch[0].status_after
        if status in FINAL:
            continue
        following = stretches[index + 1][0] if index + 1 < len(stretches) else None
        due = _last_due(stretch) if following is not None else alert.due_on
        done = _day(following.at) if following is not None else None
        steps.append(_step(status, _day(stretch[0].at), due, done, today, calendar))
    return steps + _verifying(alert, today, calendar)


def _starts_again(event: Event) -> bool:
    """A move that gives a step a new deadline begins a new stretch, even within one status."""
    return event.kind == "alert_dispatched"


def _last_due(stretch: list[Event]) -> date | None:
    days = [event.detail["due_on"] for event in stretch if event.detail and event.detail.get("due_on")]
    return date.fromisoformat(days[-1]) if days else None


def _verifying(alert: Alert, today: date, calendar: WorkCalendar | None) -> list[Step]:
    if alert.dispatched_at is None or alert.verify_by is None:
        return []
    done = alert.verified_at or alert.closed_at
    return [
        _step(VERIFYING, _day(alert.dispatched_at), alert.verify_by, done and _day(done), today, calendar),
    ]


def _step(
    status: str, begun: date, due: date | None, done: date | None, today: date, calendar: WorkCalendar | None
) -> Step:
    if due is None:
        return Step(status, begun, None, done, None, None)
    until = done or today
    return Step(
        status, begun, due, done, (due - until).days, calendar.workdays_between(until, due) if calendar else None
    )


def _day(at: datetime) -> date:
    return timezone.localdate(at)
