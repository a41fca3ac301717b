"""Deciding on one alert: the form that the alert's page shows, taken or shown again with what is missing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alerts.transitions import MOVES
from alerts.travel.given import MoveRefused
from alerts.travel.models import Alert
from alerts.travel.move_forms import WORDS, MoveForm, areas_around, decisions_of
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from alerts.travel.worklist import next_in_work
from alerts.travel.worklist_rows import subject_of
from households.staff.access import requires, visible_or_404


@requires("alerts.move")
@require_POST
def move_alert(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """422 with the form where something is missing, 409 where the alert has moved on meanwhile."""
    alert = visible_or_404(
        Alert.objects.naming_reports().select_related("kind", "household", "area"), request.user, pk=pk
    )
    move = MOVES.get(code)
    if move is None or code not in WORDS:
        raise Http404
    by = Mover.of_user(request.user)
    around = areas_around(alert)
    form = MoveForm(request.POST, move=move, alert=alert, level=by.level, around=around)
    status = 422
    if form.is_valid():
        try:
            make_move(alert_id=pk, move=code, given=form.given, seen=form.cleaned_data["seen"], by=by)
        except MoveRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            status = 422 if refused.field else 409
            alert.refresh_from_db()
        else:
            messages.success(request, _("%(move)s: done.") % {"move": WORDS[code].label})
            return redirect(_after(request, pk, form.cleaned_data["work"]))
    context = {
        "alert": alert,
        "subject": subject_of(alert),
        "refused": form.non_field_errors(),
        "decisions": decisions_of(
            alert, level=by.level_at(alert), around=around, work=form.data.get("work", ""), bound=form
        ),
        "bound": form,
    }
    return render(request, "alerts/decide.html", context, status=status)


def _after(request: HttpRequest, pk: int, work: str) -> str:
    """The next alert of the worklist that one came from; else the alert itself, with what was decided."""
    if not work:
        return reverse("pages:alert", args=[pk])
    return next_in_work(request.user, work, pk)
