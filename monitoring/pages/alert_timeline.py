"""What happened to an alert, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel, Risk
from alerts.models import AlertStatus, Holder, Outcome, Reason, Verdict
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
    "alert_matched": _("Matched to its household"),
    "alert_joined": _("Joined an area event"),
    "alert_dispatched": _("Dispatched"),
    "alert_acknowledged": _("Acknowledged"),
    "alert_refused": _("Handed back"),
    "alert_transferred": _("Transferred"),
    "alert_verified": _("Verified"),
    "alert_reviewed": _("Passed the review"),
    "alert_sent_back": _("Sent back"),
    "alert_returned": _("Returned to the township"),
    "alert_closed": _("Closed"),
    "alert_dismissed": _("Closed without a visit"),
    "alert_reopened": _("Opened again"),
    "report_answered": _("Whoever reported was answered"),
    "alert_due_soon": _("Reminder: the last day is near"),
    "alert_overdue": _("Overdue: the next level was told"),
    "alert_handed_up": _("Handed on: nobody is posted there any more"),
    "alert_reassigned": _("Given to whoever is posted there now"),
}
TONES = {"alert_not_found": "green", "alert_withdrawn": "", "alert_found_again": ""}
ARROW = " → "
WORDS = (("verdict", Verdict), ("reason", Reason), ("outcome", Outcome))


@dataclass(frozen=True)
class Entry:
    """One line of components/timeline.html."""

    when: datetime
    title: object
    text: str = ""
    actor: str = ""
    url: str = ""
    tone: str = ""


def alert_timeline(events: list[Event], findings: list[Finding], user: User) -> list[Entry]:
    """``events``: newest first. Each with what its run found, or what whoever acted wrote.

    One query where an event's run found nothing that is among ``findings``.
    """
    # That a village has it no more is told to that village beside the event that says why; here it stands once.
    shown = [event for event in events if event.kind != "alert_left"][:EVENTS_SHOWN]
    numbers = {event.run_id for event in shown if event.run_id}
    runs = {found.run_id: found.run for found in findings}
    if missing := numbers - set(runs):
        runs |= JudgmentRun.objects.only("kind", "month").in_bulk(missing)
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
    # What the run found is said once; that it was passed on repeats nothing.
    sentence = "" if event.kind == "alert_dispatched" else sentences.get(event.run_id, "")
    parts = (_changes(event), *_told(event), sentence, event.note)
    return Entry(
        when=timezone.localtime(event.at),
        # A kind that has no words of its own is told by what it changed.
        title=TITLES.get(event.kind, _("Changed")),
        text=" · ".join(part for part in parts if part),
        actor=_actor(event, run),
        # Only the runs of a month have a page.
        url=reverse("runs:detail", args=[run.pk]) if run and run.kind == RunKind.MONTHLY and may_see_runs else "",
        tone=TONES.get(event.kind, event.level_after),
    )


def _actor(event: Event, run: JudgmentRun | None) -> str:
    if event.actor is not None:
        return event.actor.name
    return str(_("API client")) if event.client_id else _name_of(run)


def _told(event: Event) -> Iterator[str]:
    """The codes of the event's detail in words: verdict, risks, reason, outcome, who has it, until when."""
    detail = event.detail or {}
    for name, words in WORDS:
        if (word := detail.get(name)) in words.values:
            yield str(words(word).label)
    if risks := detail.get("risks"):
        yield gettext(", ").join(str(Risk(word).label) for word in risks if word in Risk.values)
    holders = detail.get("holder") or []
    if len(holders) == 2 and holders[1] in Holder.values:
        yield str(_("with the %(level)s")) % {"level": Holder(holders[1]).label}
    if detail.get("due_on"):
        yield str(_("until %(day)s")) % {"day": detail["due_on"]}


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
