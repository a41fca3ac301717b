"""Area events: the list, declaring one, how far its villages are, the visit lists, and closing it."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.areawide.forms import ClosingForm, EventForm
from alerts.areawide.models import AreaEvent, AreaEventVillage
from alerts.areawide.progress import Visitable, joined_alerts, progress_of, undecided, visit_list
from alerts.areawide.services import SUBJECT, Closing, EventRefused, close_event, declare_event
from alerts.areawide.sheet import visit_sheet
from alerts.travel.given import MoveRefused
from alerts.travel.models import Alert
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters, problem
from households.ledger.services import write_audit
from households.models import User
from households.paging import read_cursor, read_page
from households.staff.access import requires, visible_or_404

PAGE_ROWS = 50
MOST_NAMED = 50
CURSOR = ("before", "after")
VISITED = {"": None, "yes": True, "no": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires("areawide.view")
@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    """The events of one's area, newest first."""
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = odd_parameters(request.GET, CURSOR) + problems
    if problems:
        sentences = list(BadParameters(problems).sentences())
        return render(request, "areawide/list.html", {"problems": sentences}, status=400)
    own = AreaEventVillage.objects.visible_to(request.user).values("pk")
    open_alerts = Alert.objects.filter(area_event=OuterRef("pk"), closed_at__isnull=True)
    shown = AreaEvent.objects.annotate(
        villages_seen=Count("villages", filter=Q(villages__in=own)), has_open=Exists(open_alerts)
    )
    page = read_page(matching=AreaEvent.objects.visible_to(request.user), showing=shown, cursor=cursor)
    return render(request, "areawide/list.html", {"page": page})


@requires("areawide.manage")
@require_http_methods(["GET", "POST"])
def event_new(request: HttpRequest) -> HttpResponse:
    form = EventForm(request.POST or None, areas=ScopeAreas(request.user.scope))
    if form.is_valid():
        try:
            event = declare_event(**form.asked(), by=request.user)
        except EventRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Declared: every village has its alert and its visit list."))
            return redirect("areawide:detail", event.pk)
    return render(request, "areawide/new.html", {"form": form}, status=422 if form.errors else 200)


def _detail(
    request: HttpRequest,
    event: AreaEvent,
    form: ClosingForm | None = None,
    closing: Closing | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = progress_of(event, request.user)
    context = {
        "event": event,
        "rows": rows,
        "households": sum(row.households for row in rows),
        "visited": sum(row.visited for row in rows),
        "joined": joined_alerts(event, request.user).count(),
        "form": form or ClosingForm(decided=_is_decided(event)),
        "closing": closing,
        "left": _left(closing) if closing else _to_decide(event, request.user),
    }
    return render(request, "areawide/detail.html", context, status=status)


def _is_decided(event: AreaEvent) -> bool:
    return not event.alerts.filter(closed_at__isnull=True).exists()


def _left(closing: Closing) -> list[tuple[Alert, str]]:
    """The alerts that were not closed with the others, each with the sentence that says why."""
    alerts = Alert.objects.select_related("household", "area", "kind").in_bulk(
        [result.alert_id for result in closing.left]
    )
    return [(alerts[result.alert_id], result.sentence) for result in closing.left]


def _to_decide(event: AreaEvent, user: User) -> list[tuple[Alert, str]]:
    """What will not be closed with the others, told before the button is pressed and after the page is left."""
    sentence = _("A risk was confirmed here: decide on this one by itself first.")
    return [(alert, sentence) for alert in undecided(event, user)[:MOST_NAMED]]


@requires("areawide.view")
@require_GET
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, visible_or_404(AreaEvent.objects.select_related("created_by"), request.user, pk=pk))


@requires("areawide.manage")
@require_POST
def event_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of the event with what became of each alert."""
    event = visible_or_404(AreaEvent.objects.select_related("created_by"), request.user, pk=pk)
    form = ClosingForm(request.POST, decided=_is_decided(event))
    if not form.is_valid():
        return _detail(request, event, form, status=422)
    try:
        closing = close_event(event_id=pk, by=request.user, **form.cleaned_data)
    except (EventRefused, MoveRefused) as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _detail(request, event, form, status=422)
    event.closed_at = closing.event.closed_at
    return _detail(request, event, closing=closing)


def _village_or_404(request: HttpRequest, pk: int, code: str) -> AreaEventVillage:
    villages = AreaEventVillage.objects.select_related("event", "area")
    return visible_or_404(villages, request.user, event=pk, village=code)


def _visits(request: HttpRequest, village: AreaEventVillage) -> tuple[list[Visitable], str]:
    """Raises ``BadParameters``."""
    asked = request.GET.get("visited", "")
    problems = odd_parameters(request.GET, ("visited",))
    if asked not in VISITED:
        problems.append(problem("invalid_value", "visited", ("yes", "no")))
    if problems:
        raise BadParameters(problems)
    return visit_list(village.event, village.village, visited=VISITED[asked]), asked


@requires("areawide.view")
@require_GET
def event_visits(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """All households of a village on one page, to be printed and taken along."""
    village = _village_or_404(request, pk, code)
    context = {"event": village.event, "area": village.area}
    try:
        context["visits"], context["asked"] = _visits(request, village)
    except BadParameters as bad:
        context["problems"] = list(bad.sentences())
        return render(request, "areawide/visits.html", context, status=400)
    return render(request, "areawide/visits.html", context)


@requires("areawide.view")
@require_GET
def event_sheet(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What the page lists, as XLSX. Logged: who took which list along."""
    village = _village_or_404(request, pk, code)
    try:
        visits, _asked = _visits(request, village)
    except BadParameters as bad:
        raise Http404 from bad
    write_audit(
        action="area_event_downloaded",
        actor=request.user,
        subject=SUBJECT,
        subject_id=pk,
        village=code,
        rows=len(visits),
    )
    response = HttpResponse(visit_sheet(village.event, village.area, visits), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="visits-{pk}-{code}.xlsx"'
    return response
