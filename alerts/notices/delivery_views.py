"""Deliveries: what waits, what is in doubt, what failed, and what a person decides about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from alerts.notices.deciding import DECISIONS, decide
from alerts.notices.filtersets import DeliveryFilterSet
from alerts.notices.health import deliveries_now
from alerts.notices.models import Delivery
from alerts.notices.outcomes import ERRORS
from alerts.notices.tabs import county_tabs
from alerts.notices.wording import Wording
from households.filtering import BadParameters
from households.paging import read_cursor, read_page
from households.staff.access import requires

PAGE_ROWS = 50
CURSOR = ("before", "after")
ROWS = Delivery.objects.select_related("notice__recipient", "gateway")


@requires("notices.manage")
@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    filters = DeliveryFilterSet(request.GET, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = filters.find_problems() + problems
    context = {"filters": filters, "tabs": county_tabs("deliveries")}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "notices/deliveries.html", context, status=400)
    page = read_page(matching=filters.qs, showing=ROWS, cursor=cursor)
    context |= {"page": page, "deliveries": _worded(page.rows), "query": request.GET.urlencode()}
    partial = request.htmx and not request.htmx.boosted
    if not partial:
        context["now"] = deliveries_now()
    response = render(request, "notices/_deliveries.html" if partial else "notices/deliveries.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _worded(deliveries: list[Delivery]) -> list[Delivery]:
    wording = Wording([delivery.notice.values for delivery in deliveries])
    for delivery in deliveries:
        delivery.title = wording.words(delivery.notice).title
        delivery.error_label = ERRORS.get(delivery.error, delivery.error)
    return deliveries


@requires("notices.manage")
@require_POST
def deliveries_decide(request: HttpRequest) -> HttpResponse:
    """The chosen rows of a page, or all of them; back to the same page of the list."""
    decision, query = request.POST.get("decision", ""), request.POST.get("query", "")
    ids = request.POST.getlist("shown" if request.POST.get("all") else "id")
    chosen = {int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19}
    back = redirect(f"{reverse('notices:deliveries')}?{query}" if query else "notices:deliveries")
    if decision not in DECISIONS or not chosen:
        messages.error(request, _("Choose the deliveries first."))
        return back
    mine = Delivery.objects.visible_to(request.user).filter(pk__in=chosen).values_list("pk", flat=True)
    done = decide(decision=decision, ids=mine, by=request.user)
    _tell(request, done, len(chosen) - done)
    return back


def _tell(request: HttpRequest, done: int, left: int) -> None:
    if done:
        sentence = ngettext("%(count)s delivery changed.", "%(count)s deliveries changed.", done)
        messages.success(request, sentence % {"count": done})
    if left:
        sentence = ngettext(
            "%(count)s delivery stays as it is: this cannot be decided about it.",
            "%(count)s deliveries stay as they are: this cannot be decided about them.",
            left,
        )
        messages.info(request, sentence % {"count": left})
