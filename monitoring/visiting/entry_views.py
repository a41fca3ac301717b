"""The page on which a whole visit is written down from paper, with what was found of the household's alerts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.desk.visit_views import answer_visit
from households.models import Visit
from households.staff.access import requires
from monitoring.visiting.entering import enter_visit
from monitoring.visiting.entry_form import EntryForm


@requires("visits.add")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a verdict that was not taken is said; the visit stands all the same."""

    def enter_and_tell(**asked) -> Visit:
        visit, told = enter_visit(**asked)
        for one in told:
            if not one.moved:
                messages.warning(request, _("A verdict was not taken: %(why)s") % {"why": one.sentence})
        return visit

    return answer_visit(request, pk, form_class=EntryForm, enter=enter_and_tell)
