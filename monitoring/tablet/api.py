"""What a tablet asks and sends while it has a network."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie

from households.models import Area
from households.staff.models import User
from households.visits.declaration import FORM
from monitoring.tablet.answers import TabletRequest, for_tablets


@ensure_csrf_cookie
@for_tablets("visits.add", "GET")
def me(request: TabletRequest) -> JsonResponse:
    """Who is signed in, where they are posted, and what time it is here; a tablet asks it whether we are there."""
    user = request.user
    answer = {
        "user": {"id": user.pk, "name": user.name},
        "villages": [{"code": area.code, "name": area.short_name} for area in villages_of(user)],
        "server_time": timezone.now().isoformat(),
        "form": FORM,
    }
    return JsonResponse(answer)


def villages_of(user: User) -> list[Area]:
    """Villages in the scope of a user that exist today, by code."""
    scope = user.scope
    if scope is None:
        return []
    return list(
        Area.objects.filter(level="village", valid_until__isnull=True, **{f"{scope.level}__in": scope.codes})
    )
