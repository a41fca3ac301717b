"""One decision for many alerts: choose, say what must be said, see what became of each."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alerts.transitions import MOVES
from alerts.travel.bulk import BULK, HIGHEST, Picked, move_picked, pick_all, read_picked
from alerts.travel.given import MoveRefused
from alerts.travel.models import Alert
from alerts.travel.move_forms import WORDS, MoveForm
from alerts.travel.mover import Mover
from alerts.travel.moves import MoveResult
from alerts.travel.worklist import POSITIONS, WorkFilterSet, alert_url
from alerts.travel.worklist_rows import ROWS, subject_of
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters
from households.staff.access import requires


@requires("alerts.move")
@require_POST
def move_selected(request: HttpRequest, code: str) -> HttpResponse:
    """A move that needs nothing is made at once; the others ask first, saying for which and what was found."""
    if code not in BULK:
        raise Http404
    work = request.POST.get("work", "")
    try:
        picked, matching = _picked(request, work)
    except (ValueError, BadParameters):
        return HttpResponseBadRequest(
            _("This selection cannot be read. Please go back to the list and choose again.")
        )
    if not picked:
        messages.warning(request, _("Tick the alerts first."))
        return redirect(_work_url(work))
    by = Mover.of_user(request.user)
    move = MOVES[code]
    data = request.POST if "confirmed" in request.POST or not _asks(request, code) else None
    form = MoveForm(data, move=move, alert=Alert(), level=by.level, around=[], initial={"work": work})
    if form.is_valid():
        try:
            results = move_picked(picked=picked, move=code, given=form.given, by=by)
        except MoveRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return _answer(request, code, results, matching, work)
    context = {"words": WORDS[code], "code": code, "form": form, "picked": _sent(picked), "count": len(picked)}
    context |= {
        "chosen": _chosen(request, picked),
        "more": max(matching - HIGHEST, 0),
        "highest": HIGHEST,
        "list_url": _work_url(work),
    }
    return render(request, "alerts/work_move.html", context, status=422 if form.is_bound else 200)


def _asks(request: HttpRequest, code: str) -> bool:
    """What a whole list passes is shown first: more may match than stands on its page."""
    return bool(MOVES[code].needs) or (code == "review" and bool(request.POST.get("all")))


def _chosen(request: HttpRequest, picked: Picked) -> list[tuple[Alert, str, str]]:
    """Each alert with whom it is about and where, in the order picked."""
    alerts = ROWS.visible_to(request.user).in_bulk(picked)
    names = ScopeAreas(request.user.scope).short_names
    return [
        (alert, subject_of(alert), names.get(alert.village or alert.township or alert.county, ""))
        for alert in (alerts[pk] for pk in picked if pk in alerts)
    ]


def _picked(request: HttpRequest, work: str) -> tuple[Picked, int]:
    """What was chosen, and how many there are to choose from when all was."""
    if request.POST.get("all"):
        return pick_all(WorkFilterSet(QueryDict(work), who=request.user, also=POSITIONS))
    picked = read_picked(request.POST.getlist("picked"))
    return picked, len(picked)


def _sent(picked: Picked) -> list[str]:
    return [f"{pk}:{stamp}" for pk, stamp in picked.items()]


def _work_url(work: str) -> str:
    return f"{reverse('alerts:work')}?{QueryDict(work).urlencode()}"


@dataclass(frozen=True)
class Outcome:
    """What became of one alert, as the page of results shows it."""

    alert: Alert | None
    subject: str
    place: str
    url: str
    moved: bool
    sentence: str


def _answer(request: HttpRequest, code: str, results: list[MoveResult], matching: int, work: str) -> HttpResponse:
    """The result of each; of a single one as a message above the list."""
    moved = sum(1 for result in results if result.moved)
    if len(results) == 1:
        text = _("%(move)s: done.") % {"move": WORDS[code].label} if moved else results[0].sentence
        messages.add_message(request, messages.SUCCESS if moved else messages.WARNING, text)
        return redirect(_work_url(work))
    context = {
        "words": WORDS[code],
        "moved": moved,
        "refused": len(results) - moved,
        "outcomes": _outcomes(request, results, work),
        "more": ngettext("%(count)s more alert matches.", "%(count)s more alerts match.", matching - len(results))
        % {"count": matching - len(results)}
        if matching > len(results)
        else "",
        "list_url": _work_url(work),
    }
    return render(request, "alerts/work_moved.html", context)


def _outcomes(request: HttpRequest, results: list[MoveResult], work: str) -> list[Outcome]:
    """What was not moved first: somebody has to look at it."""
    alerts = ROWS.visible_to(request.user).in_bulk([result.alert_id for result in results])
    names = ScopeAreas(request.user.scope).short_names
    outcomes = [_outcome(result, alerts.get(result.alert_id), names, work) for result in results]
    return sorted(outcomes, key=lambda outcome: outcome.moved)


def _outcome(result: MoveResult, alert: Alert | None, names: dict[str, str], work: str) -> Outcome:
    """``alert`` None: it lies outside the own area now, and nothing is said of it."""
    if alert is None:
        return Outcome(None, str(result.alert_id), "", "", result.moved, result.sentence)
    return Outcome(
        alert=alert,
        subject=subject_of(alert),
        place=names.get(alert.village or alert.township or alert.county, ""),
        url=alert_url(alert.pk, work),
        moved=result.moved,
        sentence=result.sentence,
    )
