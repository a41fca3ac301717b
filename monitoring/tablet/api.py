"""What a tablet asks and sends while it has a network."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from households.models import Area
from households.staff.models import User
from households.visits.declaration import FORM
from monitoring.tablet.answers import TabletRequest, for_tablets, not_found, refuse
from monitoring.tablet.envelopes import BadEnvelope, read_body, read_envelope, read_uuid
from monitoring.tablet.hand_over import find_key, issue_key, may_hand_over
from monitoring.tablet.models import HandOverKey
from monitoring.tablet.photos import receive_photo
from monitoring.tablet.pulling import note_pull, pull_village
from monitoring.tablet.pushing import push_visits


@ensure_csrf_cookie
@for_tablets("visits.add", "GET")
def me(request: TabletRequest) -> JsonResponse:
    """Who is signed in, where they are posted, and what time it is here; a tablet asks it whether we are there.

    ``?tablet=`` its own name: once a day it is given a key to hand over what is unsent; ``key=none``: it has none.
    """
    user = request.user
    answer: dict[str, object] = {
        "user": {"id": user.pk, "name": user.name},
        "villages": [{"code": area.code, "name": area.short_name} for area in villages_of(user)],
        "server_time": timezone.now().isoformat(),
        "form": FORM,
    }
    if "tablet" in request.GET:
        try:
            has_none = request.GET.get("key") == "none"
            key = issue_key(user=user, tablet=read_uuid(request.GET["tablet"]), has_none=has_none)
        except BadEnvelope as bad:
            return refuse(bad.status, bad.code, str(bad))
        answer |= {"hand_over_key": key} if key else {}
    return JsonResponse(answer)


@gzip_page
@for_tablets("visits.add", "GET")
def pull(request: TabletRequest, code: str) -> HttpResponse:
    """One village; 304 where the tablet has it as it is. What was not given out again is not audited again."""
    village = next((area for area in villages_of(request.user) if area.code == code), None)
    if village is None:
        return not_found()
    pulled = pull_village(village=village, by=request.user)
    etag = f'"{pulled.digest}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    note_pull(village=village, pulled=pulled, by=request.user)
    return HttpResponse(pulled.body, content_type="application/json", headers={"ETag": etag})


@for_tablets("visits.add", "POST")
def push(request: TabletRequest) -> HttpResponse:
    """Up to fifty visits, an answer for each in the same order."""
    return _push(request, request.user)


@for_tablets("visits.add", "POST")
def photo(request: TabletRequest, uid: UUID, sha256: str) -> HttpResponse:
    return _photo(request, uid, sha256, request.user)


@csrf_exempt
@login_not_required
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Visits of somebody who is posted nowhere any more: all of them wait for a person."""
    key, refusal = _key_of(request)
    return refusal if key is None else _push(request, key.user, key)


@csrf_exempt
@login_not_required
@require_POST
def hand_over_photo(request: HttpRequest, uid: UUID, sha256: str) -> HttpResponse:
    key, refusal = _key_of(request)
    return refusal if key is None else _photo(request, uid, sha256, key.user)


def _key_of(request: HttpRequest) -> tuple[HandOverKey | None, HttpResponse]:
    """The key of a request, or why there is none."""
    key = find_key(request.headers.get("X-Hand-Over-Key", ""))
    if key is None:
        return None, refuse(401, "key_is_over", _("This tablet cannot hand over any more. Ask your township."))
    if not may_hand_over(key.user):
        return None, refuse(409, "still_posted", _("You are still posted: please sign in and send."))
    return key, HttpResponse()


def _push(request: HttpRequest, by: User, key: HandOverKey | None = None) -> HttpResponse:
    try:
        envelope = read_envelope(request)
    except BadEnvelope as bad:
        return refuse(bad.status, bad.code, str(bad))
    if key is not None and key.tablet != envelope.tablet:
        return refuse(401, "key_is_over", _("This tablet cannot hand over any more. Ask your township."))
    answers = push_visits(envelope=envelope, by=by)
    return JsonResponse({"server_time": timezone.now().isoformat(), "answers": answers})


def _photo(request: HttpRequest, uid: UUID, sha256: str, by: User) -> HttpResponse:
    try:
        content = read_body(request)
    except BadEnvelope as bad:
        return refuse(bad.status, bad.code, str(bad))
    return JsonResponse(receive_photo(uid=uid, sha256=sha256, content=content, by=by).as_json())


def villages_of(user: User) -> list[Area]:
    """Villages in the scope of a user that exist today, by code."""
    scope = user.scope
    if scope is None:
        return []
    return list(
        Area.objects.filter(level="village", valid_until__isnull=True, **{f"{scope.level}__in": scope.codes})
    )
