"""The rows of a worklist in words: what is to be done, how long there is, and who has it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.kinds import AlertLevel
from alerts.sla import STEPS, WORKING
from alerts.transitions import ACKNOWLEDGED, COUNTY, DISPATCHED, TOWNSHIP, possible_moves
from alerts.travel.deadlines import LABELS
from alerts.travel.filtersets import AlertFilterSet
from alerts.travel.models import Alert
from alerts.travel.mover import Mover
from alerts.travel.people import People, is_alone, people_below
from alerts.travel.worklist import Position
from households.models import Area
from households.policy.calendar import WorkCalendar

ROWS = (
    Alert.objects.naming_reports()
    .select_related("household", "area", "assignee")
    .only(
        "county",
        "township",
        "village",
        "handled_in",
        "kind_id",
        "level",
        "status",
        "holder",
        "due_on",
        "changed_at",
        "sentence_zh",
        "sentence_en",
        "verdict",
        "risks",
        "reason",
        "household__head_name",
        "household__code",
        "area__name",
        "assignee__name",
    )
)


@dataclass(frozen=True)
class WorkRow:
    """An open alert as a worklist shows it. ``moves``: codes of the moves that the reader's level may make now."""

    alert: Alert
    level: str
    kind: str
    place: str
    step: str
    left: str
    is_late: bool
    holder: str
    moves: str
    position: Position

    @property
    def picked(self) -> str:
        """What a tick sends: which alert, and as what it was seen."""
        return f"{self.alert.pk}:{self.alert.stamp}"

    @property
    def subject(self) -> str:
        return subject_of(self.alert)


def work_rows(alerts: Sequence[Alert], filters: AlertFilterSet) -> list[WorkRow]:
    """Queries: the work calendar, areas and kinds of ``filters``, names of villages elsewhere if any, and who is
    posted below what can be sent down.
    """
    names = names_of_places(alerts, filters)
    calendar = WorkCalendar()
    today = timezone.localdate()
    scope = filters.who.scope
    reader = Mover(scope.level if scope else "", scope)
    levels = {level: str(label) for level, label in AlertLevel.choices}
    people = people_below(alerts)
    return [
        WorkRow(
            alert=alert,
            level=levels[alert.level],
            kind=filters.kinds[alert.kind_id].name,
            place=names.get(alert.village or alert.township or alert.county, ""),
            step=str(LABELS[alert.status]),
            left=time_left(alert, today, calendar),
            is_late=alert.due_on is not None and alert.due_on < today,
            holder=holder_in_words(alert, names),
            moves=_moves(alert, reader.level_at(alert), people),
            position=Position.of(alert),
        )
        for alert in alerts
    ]


def _moves(alert: Alert, level: str, people: People) -> str:
    alone = is_alone(alert, people)
    moves = possible_moves(status=alert.status, holder=alert.holder, level=level, alone=alone)
    return " ".join(move.code for move in moves)


def names_of_places(alerts: Iterable[Alert], filters: AlertFilterSet) -> dict[str, str]:
    """Names by code; those of villages elsewhere are asked for."""
    names = dict(filters.areas.short_names)
    needed = {
        code
        for alert in alerts
        for code in (alert.county, alert.township, alert.village, alert.handled_in)
        if code
    }
    if missing := needed - set(names):
        elsewhere = Area.objects.filter(code__in=missing).only("name")
        names |= {area.code: area.short_name for area in elsewhere}
    return names


def time_left(alert: Alert, today: dt.date, calendar: WorkCalendar) -> str:
    """``2 days left``, in the days that the step is counted in; empty without a last day."""
    if alert.due_on is None:
        return ""
    span = STEPS.get(alert.status, {}).get(alert.level)
    days = (alert.due_on - today).days
    working = calendar.workdays_between(today, alert.due_on) if span and span.unit == WORKING else 0
    if days == 0:
        return _("Today is the last day")
    if working > 0:
        return ngettext("%(days)s working day left", "%(days)s working days left", working) % {"days": working}
    if working < 0:
        return ngettext("%(days)s working day late", "%(days)s working days late", -working) % {"days": -working}
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}


def holder_in_words(alert: Alert, names: dict[str, str]) -> str:
    """``长江村 · 王某``: the place that has it, and the person where it is one."""
    places = {COUNTY: alert.county, TOWNSHIP: alert.township}
    code = places.get(alert.holder, alert.working_village)
    place = names.get(code or "") or str(alert.get_holder_display())
    # Once verified it lies with a list again; who looked into it stands on its page.
    if alert.assignee is None or alert.status not in (DISPATCHED, ACKNOWLEDGED):
        return place
    return f"{place} · {alert.assignee.name}"


def subject_of(alert: Alert) -> str:
    """Whom it is about: the household's head, the village, or whoever was reported and has no household yet.

    The last one by name as far as the rows were read with ``naming_reports``.
    """
    if alert.household:
        return alert.household.head_name
    if alert.area:
        return alert.area.short_name
    reported = getattr(alert, "reported", None)
    return _("%(name)s (not matched)") % {"name": reported} if reported else _("Report")
