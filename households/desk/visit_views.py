"""The page on which a whole visit is written down from paper."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.desk.answering import ChangePage, answer_change
from households.desk.changes import NotPossible
from households.desk.memberships import present_members
from households.desk.visit_form import VisitForm
from households.desk.visits import VisitedThatDay, enter_checked_visit
from households.registry.models import Household
from households.registry.reaching import reachable_or_404
from households.staff.access import requires
from households.staff.models import User
from households.visits.register import register_values


@requires("visits.add")
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    household = reachable_or_404(request.user, pk)
    form = VisitForm(
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
    return answer_change(
        request, form=form, apply=_enter, page=page, household=household, template="desk/visit.html"
    )


def _enter(*, form: VisitForm, visitor: User | None, again: bool, by: User) -> Household:
    """Somebody who left the household meanwhile is told at the line that speaks of them."""
    try:
        return enter_checked_visit(checked=form.checked, visitor=visitor, again=again, by=by).household
    except VisitedThatDay as refused:
        form.before = refused.visit
        raise
    except NotPossible as refused:
        raise NotPossible(str(refused), form.field_of(refused.field)) from refused
