"""A list of alerts as a spreadsheet: the rows of the page, in its order, as text."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.kinds import AlertLevel
from alerts.travel.deadlines import LABELS
from alerts.travel.filtersets import AlertFilterSet
from alerts.travel.models import Alert, AlertQuerySet, AlertStatus, Outcome, Verdict
from alerts.travel.worklist_rows import holder_in_words, subject_of, time_left
from households.ledger.services import write_audit
from households.models import Area, User
from households.policy.calendar import WorkCalendar
from households.sheets import write_text_sheet

# More is not cut off in silence: the page says so and asks for a filter.
HIGHEST = 100_000
CHUNK = 2000


class Purpose(models.TextChoices):
    """What the list is for. Words of the table only: what somebody would type could name a person."""

    VISITS = "visits", gettext_lazy("Planning visits")
    MEETING = "meeting", gettext_lazy("Consultation or meeting")
    REPORT = "report", gettext_lazy("Report to the level above")
    CHECK = "check", gettext_lazy("Checking data with a department")
    ARCHIVE = "archive", gettext_lazy("Filing")


COLUMNS = (
    (gettext_lazy("Level"), 6),
    (gettext_lazy("Household"), 12),
    (gettext_lazy("Household number"), 21),
    (gettext_lazy("Township"), 12),
    (gettext_lazy("Village"), 12),
    (gettext_lazy("Kind"), 26),
    (gettext_lazy("What was found"), 56),
    (gettext_lazy("Department"), 12),
    (gettext_lazy("First found"), 10),
    (gettext_lazy("Last found"), 10),
    (gettext_lazy("Months found"), 8),
    (gettext_lazy("Status"), 10),
    (gettext_lazy("Step"), 10),
    (gettext_lazy("Last day"), 12),
    (gettext_lazy("Time left"), 16),
    (gettext_lazy("With"), 22),
    (gettext_lazy("Verification"), 12),
    (gettext_lazy("Outcome"), 18),
    (gettext_lazy("Alert"), 10),
)
READ = (
    "county", "township", "village", "handled_in", "kind_id", "level", "status", "holder", "due_on", "sentence_zh",
    "sentence_en", "first_month", "last_month", "months_found", "verdict", "outcome", "closed_at",
    "household__head_name", "household__code", "area__name", "assignee__name",
)  # fmt: skip


def export_alerts(
    *, file: IO[bytes], listed: AlertQuerySet, filters: AlertFilterSet, purpose: str, by: User
) -> int:
    """Writes ``listed``, which is scoped, filtered and in order, to ``file`` as .xlsx. Returns how many rows.

    Read and written row after row: memory does not grow with the list. The audit notes who did it, what for
    (``purpose``, a word of ``Purpose``), the filters and how many rows.
    """
    count = write_text_sheet(
        file,
        title=_("Alerts"),
        head=[[str(label) for label, _width in COLUMNS]],
        widths=[width for _label, width in COLUMNS],
        rows=_rows(listed, filters),
    )
    write_audit(
        action="alerts_exported",
        actor=by,
        subject="alert",
        purpose=purpose,
        rows=count,
        filters=filters.data.urlencode(),
    )
    return count


@dataclass(frozen=True)
class _Words:
    """What columns are called in words, looked up once: Django translates every choice anew for every row."""

    levels: dict[str, str]
    statuses: dict[str, str]
    steps: dict[str, str]
    verdicts: dict[str, str]
    outcomes: dict[str, str]
    kinds: dict[str, tuple[str, str]]
    names: dict[str, str]


def _words(filters: AlertFilterSet) -> _Words:
    return _Words(
        levels=_said(AlertLevel.choices),
        statuses=_said(AlertStatus.choices),
        steps=_said(LABELS.items()),
        verdicts=_said(Verdict.choices),
        outcomes=_said(Outcome.choices),
        kinds={
            code: (f"{code} {kind.name}", str(kind.get_department_display()))
            for code, kind in filters.kinds.items()
        },
        names=_names_around(filters),
    )


def _said(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {"": ""} | {word: str(label) for word, label in choices}


def _rows(listed: AlertQuerySet, filters: AlertFilterSet) -> Iterator[list[str]]:
    words = _words(filters)
    calendar, today = WorkCalendar(), timezone.localdate()
    left: dict[tuple[dt.date | None, str, str], str] = {}
    rows = listed.naming_reports().select_related("household", "area", "assignee").only(*READ)
    for alert in rows.iterator(CHUNK):
        step = (alert.due_on, alert.status, alert.level)
        if step not in left:
            left[step] = time_left(alert, today, calendar) if alert.is_open else ""
        yield _row(alert, words, left[step])


def _names_around(filters: AlertFilterSet) -> dict[str, str]:
    """Of the whole county: another village may be looking into it."""
    scope = filters.who.scope
    counties = {code[:6] for code in scope.codes} if scope else set()
    return {area.code: area.short_name for area in Area.objects.filter(county__in=counties).only("name")}


def _row(alert: Alert, words: _Words, left: str) -> list[str]:
    kind, department = words.kinds[alert.kind_id]
    return [
        words.levels[alert.level],
        subject_of(alert),
        (alert.household.code or "") if alert.household else "",
        words.names.get(alert.township or "", ""),
        words.names.get(alert.village or "", ""),
        kind,
        alert.sentence,
        department,
        f"{alert.first_month:%Y-%m}",
        f"{alert.last_month:%Y-%m}",
        str(alert.months_found),
        words.statuses[alert.status],
        words.steps[alert.status] if alert.is_open else "",
        f"{alert.due_on:%Y-%m-%d}" if alert.due_on and alert.is_open else "",
        left,
        holder_in_words(alert, words.names) if alert.is_open else "",
        words.verdicts[alert.verdict],
        words.outcomes[alert.outcome],
        str(alert.pk),
    ]
