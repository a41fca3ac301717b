"""Rights and rows for views: without the right 403, out of scope 404."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from households.areas.scope import ScopedQuerySet

# Every right that some view asks for; a system check compares them with the table (monitoring.checks).
ASKED_RIGHTS: set[str] = set()


def requires(right: str) -> Callable:
    """Lets a view answer only to those whose role carries the right (``monitoring.roles``)."""

    ASKED_RIGHTS.add(right)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def visible_or_404(rows: ScopedQuerySet, who, **lookup):
    """The one row in the scope of ``who``. Elsewhere and nowhere look the same: 404."""
    row = rows.visible_to(who).filter(**lookup).first()
    if row is None:
        raise Http404
    return row
