"""The page on which a whole visit is written down from paper; its address is ``monitoring.pages``'s.

Whoever knows the household's alerts asks on it what was found of them, and gives ``form`` and ``enter``.
"""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from households.desk.answering import ChangePage, answer_change, came_from
from households.desk.changes import NotPossible
from households.desk.memberships import present_members
from households.desk.visit_form import VisitForm
from households.desk.visits import VisitedThatDay
from households.registry.models import Household
from households.registry.reaching import reachable_or_404
from households.visits.models import Visit
from households.visits.register import register_values

Enter = Callable[..., Visit]


def answer_visit(request: HttpRequest, pk: int, *, form_class: type[VisitForm], enter: Enter) -> HttpResponse:
    """``enter`` gets what ``enter_checked_visit`` gets."""
    household = reachable_or_404(request.user, pk)
    form = form_class(
        request.POST or None,
        household=household,
        who=request.user,
        members=present_members(household),
        register=register_values([pk])[pk],
    )
    page = ChangePage(
        _("Enter a visit"),
        _("Save the visit"),
        _("The visit is saved."),
        notes=[_("Write down what was said at the door, and leave the rest empty: unknown is not zero.")],
    )
    apply = partial(_enter, form, enter)
    return answer_change(
        request,
        form=form,
        apply=apply,
        page=page,
        household=household,
        template="desk/visit.html",
        back=came_from(request),
    )


def _enter(form: VisitForm, enter: Enter, **asked: object) -> Household:
    """Somebody who left the household meanwhile is told at the line that speaks of them."""
    try:
        return enter(**asked).household
    except VisitedThatDay as refused:
        form.before = refused.visit
        raise
    except NotPossible as refused:
        raise NotPossible(str(refused), form.field_of(refused.field)) from refused
