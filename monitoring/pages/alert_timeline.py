"""What happened to an alert, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel
from alerts.models import AlertStatus
from households.models import Event, User
from monitoring.judgment.labels import in_english
from monitoring.judgment.models import Finding, JudgmentRun, RunKind

EVENTS_SHOWN = 100
TITLES = {
    "alert_raised": _("Alert raised"),
    "alert_found_again": _("Found again"),
    "alert_level_changed": _("Level changed"),
    "alert_not_found": _("Not found any more"),
    "alert_withdrawn": _("Withdrawn: the file it rested on was taken back"),
    "alert_moved": _("Came along with its household"),
    "alert_left": _("Left with its household"),
}
TONES = {"alert_not_found": "green", "alert_withdrawn": "", "alert_found_again": ""}
ARROW = " → "


@dataclass(frozen=True)
class Entry:
    """One line of components/timeline.html."""

    when: datetime
    title: object
    text: str = ""
    actor: str = ""
    url: str = ""
    tone: str = ""


def alert_timeline(events: QuerySet[Event], findings: list[Finding], user: User) -> list[Entry]:
    """Newest first, each with what its run found. Two queries: the events, and their runs."""
    shown = list(events.select_related("actor").order_by("-id")[:EVENTS_SHOWN])
    numbers = {event.run_id for event in shown if event.run_id}
    runs = JudgmentRun.objects.only("kind", "month").in_bulk(numbers)
    sentences = {found.run_id: found.sentence_en if in_english() else found.sentence_zh for found in findings}
    may_see_runs = user.has_perm("runs.view")
    return [_entry(event, runs.get(event.run_id), sentences, may_see_runs) for event in shown]


def _name_of(run: JudgmentRun | None) -> str:
    """A run at once judges events of one month and the ledger of another, so no month names it."""
    if run is None:
        return ""
    if run.kind == RunKind.IMMEDIATE:
        return run.get_kind_display()
    return str(_("Judgment of %(month)s")) % {"month": f"{run.month:%Y-%m}"}


def _entry(event: Event, run: JudgmentRun | None, sentences: dict[int, str], may_see_runs: bool) -> Entry:
    parts = (_changes(event), sentences.get(event.run_id, ""))
    return Entry(
        when=timezone.localtime(event.at),
        # A kind that has no words of its own is told by what it changed.
        title=TITLES.get(event.kind, _("Changed")),
        text=" · ".join(part for part in parts if part),
        actor=event.actor.name if event.actor is not None else _name_of(run),
        # Only the runs of a month have a page.
        url=reverse("runs:detail", args=[run.pk]) if run and run.kind == RunKind.MONTHLY and may_see_runs else "",
        tone=TONES.get(event.kind, event.level_after),
    )


def _changes(event: Event) -> str:
    """``Yellow → Red``, ``Raised → Dispatched``; nothing where nothing changed."""
    pairs = (
        (AlertLevel, event.level_before, event.level_after),
        (AlertStatus, event.status_before, event.status_after),
    )
    return " · ".join(
        f"{words(before).label}{ARROW}{words(after).label}"
        for words, before, after in pairs
        if before in words.values and after in words.values and before != after
    )
