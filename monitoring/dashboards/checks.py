"""Whether the machine works, point by point, in the words of the home page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from households.imports.readers import READERS
from households.models import User
from monitoring.dashboards.machine import Machine

SUCCESS, WARNING, ERROR = "success", "warning", "error"
# More waiting messages than this, and somebody should look at the workers.
MANY_WAITING = 200
# Beat calls the sender every ten seconds, and one call works for twenty.
SENDER_SILENCE = timedelta(minutes=5)
# The month in which the State Council says when next year's holidays are.
NEXT_YEAR_FROM = 11


@dataclass(frozen=True)
class Check:
    """One line of components/checks.html."""

    label: str
    tone: str
    detail: str = ""
    url: str = ""


def machine_checks(machine: Machine, user: User) -> list[Check]:
    """Links only to what the reader may open."""
    may_see_runs = user.has_perm("runs.view")
    checks = [_last_run(machine, may_see_runs)]
    if machine.open_run is not None:
        checks.append(_open_run(machine, may_see_runs))
    checks += [_worker(machine), _queue(machine), *_lists(machine, user), *_calendars(machine, user)]
    # Senders note their work with the broker: while it is down nobody knows.
    checks += [_sender(machine)] if machine.broker_up else []
    checks += _deliveries(machine, user)
    return checks


def _run_url(run, may_see_runs: bool) -> str:
    return reverse("runs:detail", args=[run.pk]) if may_see_runs else ""


def _last_run(machine: Machine, may_see_runs: bool) -> Check:
    run = machine.last_run
    if run is None:
        return Check(_("Judgment"), WARNING, _("no month judged yet"))
    who = run.started_by.name if run.started_by else _("automatic")
    when = timezone.localtime(run.finished_at)
    detail = _("finished %(when)s · %(who)s") % {"when": f"{when:%Y-%m-%d %H:%M}", "who": who}
    label = _("Judgment of %(month)s") % {"month": f"{run.month:%Y-%m}"}
    return Check(label, SUCCESS, detail, _run_url(run, may_see_runs))


def _open_run(machine: Machine, may_see_runs: bool) -> Check:
    run = machine.open_run
    label = _("Judgment of %(month)s is running") % {"month": f"{run.month:%Y-%m}"}
    detail = _("%(done)s of %(all)s townships") % {"done": run.shards_done, "all": run.shards_all}
    return Check(label, SUCCESS if machine.worker_up else WARNING, detail, _run_url(run, may_see_runs))


def _worker(machine: Machine) -> Check:
    if machine.worker_seen is None:
        return Check(_("Background worker"), ERROR, _("no sign of life"))
    ago = _("last seen %(ago)s ago") % {"ago": _ago(machine.worker_seen)}
    return Check(_("Background worker"), SUCCESS if machine.worker_up else ERROR, ago)


def _ago(seen: datetime) -> str:
    seconds = int((timezone.now() - seen).total_seconds())
    if seconds < 120:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    return timesince(seen, depth=1)


def _sender(machine: Machine) -> Check:
    if machine.sender_seen is None:
        return Check(_("Sending of notices"), ERROR, _("no sign of life"))
    ago = _("last at work %(ago)s ago") % {"ago": _ago(machine.sender_seen)}
    at_work = timezone.now() - machine.sender_seen < SENDER_SILENCE
    return Check(_("Sending of notices"), SUCCESS if at_work else ERROR, ago)


def _deliveries(machine: Machine, user: User) -> list[Check]:
    """Only when somebody should look: what is in doubt, has failed, or is not taken up."""
    now = machine.deliveries
    if not now.needs_somebody:
        return []
    parts = [
        (now.in_doubt, _("%(count)s in doubt")),
        (now.failed, _("%(count)s failed for good")),
        (now.late, _("%(count)s overdue")),
        (now.struggling, _("%(count)s tried again and again")),
    ]
    detail = _(", ").join(words % {"count": count} for count, words in parts if count)
    url = reverse("notices:deliveries") if user.has_perm("notices.manage") else ""
    return [Check(_("Notices that are stuck"), WARNING, detail, url)]


def _queue(machine: Machine) -> Check:
    if not machine.broker_up:
        # Nothing is lost meanwhile: what is due stands in the database.
        return Check(_("Message queue"), ERROR, _("does not answer; work goes on when it is back"))
    count = machine.waiting_messages
    detail = ngettext("%(count)s message waiting", "%(count)s messages waiting", count) % {"count": f"{count:,}"}
    return Check(_("Message queue"), SUCCESS if count <= MANY_WAITING else WARNING, detail)


def _lists(machine: Machine, user: User) -> list[Check]:
    label = _("Department lists of %(month)s") % {"month": f"{machine.month:%Y-%m}"}
    url = reverse("imports:list") if user.has_perm("imports.view") else ""
    if not machine.missing_lists:
        return [Check(label, SUCCESS, _("all received"), url)]
    missing = _(", ").join(str(READERS[source].title) for source in machine.missing_lists)
    return [Check(label, WARNING, _("not received: %(lists)s") % {"lists": missing}, url)]


def _calendars(machine: Machine, user: User) -> list[Check]:
    """This year's, and from November on the next one's: then the notice is out and deadlines reach into it."""
    today = timezone.localdate()
    years = [today.year, today.year + 1] if today.month >= NEXT_YEAR_FROM else [today.year]
    return [_calendar(machine, user, year) for year in years]


def _calendar(machine: Machine, user: User, year: int) -> Check:
    label = _("Work calendar of %(year)s") % {"year": year}
    url = f"{reverse('calendar:year')}?year={year}" if user.has_perm("calendar.view") else ""
    if year in machine.known_years:
        return Check(label, SUCCESS, _("holidays known"), url)
    return Check(label, WARNING, _("holidays not known; deadlines count weekends only"), url)
