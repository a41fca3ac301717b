"""The page of one visit, and its photos."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alerts.models import Alert
from households.areas.choices import ScopeAreas
from households.ledger.services import write_audit
from households.models import User, Visit
from households.privacy.seal import unseal_bytes
from households.risks import Risk
from households.staff.access import requires
from households.visits.models import VisitPhoto
from monitoring.tablet.clocks import clock_words
from monitoring.tablet.models import Upload
from monitoring.tablet.review_telling import payload_of, tell_verdict
from monitoring.visiting.entering import SECTION
from monitoring.visiting.listing import clock_wrong, late_days, way_in
from monitoring.visiting.telling import tell


@requires("visits.view")
@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that one visit said. Reading it is logged like the household's page."""
    visit = find_visit(request.user, pk)
    write_audit(action="visit_read", actor=request.user, subject="visit", subject_id=pk)
    uploads = list(visit.uploads.select_related("decided_by").order_by("pk"))
    answers = visit.answers.exclude(section=SECTION)
    context = {
        "visit": visit,
        "place": ScopeAreas(request.user.scope).short_names.get(visit.village, ""),
        "risks": [Risk(risk).label for risk in visit.risks],
        "sections": tell(answers.select_related("person", "decided_by").order_by("id")),
        "photos": visit.photos.defer("sealed"),
        "uploads": uploads,
        "verdicts": _verdicts(visit, uploads, request.user),
        "open_alerts": _open_alerts(visit, request.user),
        "came": way_in(visit),
        "clock": clock_words(visit.clock_behind),
        "clock_wrong": clock_wrong(visit),
        "late_days": late_days(visit),
    }
    return render(request, "visits/detail.html", context)


@requires("visits.view")
@never_cache
@require_GET
def visit_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo, opened as it is asked for; it stays nowhere on the way."""
    visit = find_visit(request.user, pk)
    photo = VisitPhoto.objects.filter(visit=visit, pk=photo_pk).first()
    if photo is None:
        raise Http404
    response = HttpResponse(unseal_bytes(photo.sealed), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    return response


def find_visit(user: User, pk: int) -> Visit:
    """A visit made in the area of ``user``, or to a household that lives there now. 404 for any other."""
    rows = Visit.objects.current().select_related("household", "visitor", "batch__actor")
    visit = rows.filter(pk=pk).first()
    if visit is None or user.scope is None:
        raise Http404
    if not any(user.scope.covers(row.county, row.township, row.village) for row in (visit, visit.household)):
        raise Http404
    return visit


def _open_alerts(visit: Visit, user: User) -> list[Alert]:
    rows = Alert.objects.visible_to(user).filter(household=visit.household_id, closed_at__isnull=True)
    return list(rows.select_related("kind").order_by("-id"))


@dataclass(frozen=True)
class GivenVerdict:
    """A verdict given at the door: what was said, whether it was taken, and if not, why."""

    alert: Alert
    said: str
    moved: bool
    sentence: str


def _verdicts(visit: Visit, uploads: list[Upload], user: User) -> list[GivenVerdict]:
    """What was said on the tablet or at the desk, and what was told of each verdict."""
    uploads = [upload for upload in uploads if upload.answer.get("verdicts")]
    payloads = [payload_of(upload) for upload in uploads]
    at_desk = list(visit.answers.filter(section=SECTION).order_by("line").values_list("said", flat=True))
    said = {row["alert"]: tell_verdict(row) for payload in payloads for row in payload.get("verdicts") or ()}
    said |= {row["alert"]: tell_verdict(row) for row in at_desk}
    told = {row["alert"]: row for upload in uploads for row in upload.answer["verdicts"]}
    told |= {row["alert"]: row for row in at_desk}
    alerts = Alert.objects.visible_to(user).filter(pk__in=told).select_related("kind").order_by("pk")
    return [
        GivenVerdict(alert, said.get(alert.pk, ""), told[alert.pk]["moved"], told[alert.pk]["sentence"])
        for alert in (alerts if told else ())
    ]
