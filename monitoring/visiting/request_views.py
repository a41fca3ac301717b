"""Change requests (变更申请): what waits for the township, visit by visit, and deciding on it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from households.filtering import BadParameters, parse_whole_number
from households.ledger.services import write_audit
from households.models import AnswerState, Visit, VisitAnswer
from households.paging import read_cursor, read_page, without
from households.refusal import NotPossible
from households.staff.access import requires
from households.visits.deciding import REASON_LENGTH, decide
from households.visits.requests import now_beside, stamp_of
from monitoring.visiting.request_filtersets import RequestFilterSet
from monitoring.visiting.requested import Group, group_requests
from monitoring.visiting.tabs import visit_tabs

# Visits of a page: each shows all that it asks for.
PAGE_VISITS = 20
CURSOR = ("before", "after")
ANSWERS = VisitAnswer.objects.select_related(
    "visit__household", "visit__visitor", "visit__batch", "person", "decided_by"
)


@dataclass(frozen=True)
class Trouble:
    """A decision that was refused: of which visit, why, and what had been given."""

    visit: int
    sentence: str
    field: str = ""
    reason: str = ""
    picked: tuple[str, ...] = ()


@requires("visits.view")
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the newest visit first; decided ones by a filter. An htmx request gets results alone."""
    return _answer(request, request.GET)


def _answer(request: HttpRequest, query: QueryDict, trouble: Trouble | None = None, status: int = 200):
    filters = RequestFilterSet(query, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(query, limit=PAGE_VISITS)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"filters": filters, "tabs": visit_tabs(request, "visits:requests")}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "visit_requests/list.html", context, status=400)
    visits = Visit.objects.filter(pk__in=filters.listed.order_by().values("visit"))
    page = read_page(matching=visits, showing=Visit.objects.only("pk"), cursor=cursor)
    context |= {
        "groups": _groups(request, filters, [visit.pk for visit in page.rows]),
        "may_decide": request.user.has_perm("visits.decide"),
        "trouble": trouble,
        "longest": REASON_LENGTH,
        "query": query.urlencode(),
        "waiting": filters.chosen == AnswerState.ASKED,
        "first_url": f"?{without(query, *CURSOR)}",
        "previous_url": page.newer and f"?{without(query, *CURSOR, after=page.newer)}",
        "next_url": page.older and f"?{without(query, *CURSOR, before=page.older)}",
    }
    partial = request.htmx and not request.htmx.boosted
    template = "visit_requests/_results.html" if partial else "visit_requests/list.html"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _groups(request: HttpRequest, filters: RequestFilterSet, visits: list[int]) -> list[Group]:
    """Reading them is noted like reading the households' pages."""
    if not visits:
        return []
    rows = filters.listed.filter(visit__in=visits).order_by("-visit_id", "pk")
    answers = list(ANSWERS.filter(pk__in=rows.values("pk")).order_by("-visit_id", "pk"))
    write_audit(action="visit_requests_read", actor=request.user, subject="visit", visits=visits)
    return group_requests(answers, filters.areas.short_names, request.user.scope)


@requires("visits.decide")
@require_http_methods(["GET", "POST"])
def request_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepts or declines what was ticked of one visit: never of two households at once.

    After a refusal this address stands in the browser: loaded again, it shows what the visit asks for.
    """
    if request.method == "GET":
        return redirect(f"{reverse('visits:requests')}?visit={pk}")
    own = VisitAnswer.objects.visible_to(request.user).filter(visit=pk).exclude(state=AnswerState.NOTED)
    if not own.exists():
        raise Http404
    picked = tuple(request.POST.getlist("picked"))
    reason = request.POST.get("reason", "")
    query = QueryDict(request.POST.get("query", ""))
    try:
        rows = _decide(request, pk, picked, reason)
    except NotPossible as refused:
        trouble = Trouble(pk, str(refused), refused.field or "", reason, picked)
        return _answer(request, query if _is_list(query, request) else QueryDict(f"visit={pk}"), trouble, 422)
    messages.success(request, _told(rows, accepted=request.POST["decision"] == "accept"))
    return redirect(f"{reverse('visits:requests')}?{query.urlencode()}")


def _is_list(query: QueryDict, request: HttpRequest) -> bool:
    """The list is shown again only as it was asked for before."""
    filters = RequestFilterSet(query, who=request.user, also=CURSOR)
    return not filters.find_problems() and not read_cursor(query, limit=PAGE_VISITS)[1]


def _decide(request: HttpRequest, pk: int, picked: tuple[str, ...], reason: str) -> list[VisitAnswer]:
    decision = request.POST.get("decision")
    if decision not in ("accept", "decline"):
        raise NotPossible(_("Choose whether to accept or not."))
    if not picked:
        raise NotPossible(_("Tick what is to be decided."))
    stamps = _read_picks(picked)
    answers = list(ANSWERS.filter(pk__in=stamps, visit=pk))
    if len(answers) < len(stamps):
        raise NotPossible(_("These do not belong to one visit."))
    waiting = [answer for answer in answers if answer.state == AnswerState.ASKED]
    now = now_beside(waiting)
    if any(stamp_of(answer, now[answer.pk]) != stamps[answer.pk] for answer in waiting):
        raise NotPossible(_("The register has been changed since you opened this page. Look again, then decide."))
    return decide(answers=sorted(stamps), accept=decision == "accept", reason=reason, by=request.user)


def _read_picks(picked: tuple[str, ...]) -> dict[int, str]:
    """Answer's id → the stamp under which it was seen."""
    stamps = {}
    for pick in picked:
        number, _point, stamp = pick.partition(".")
        try:
            stamps[parse_whole_number(number)] = stamp
        except ValueError:
            raise NotPossible(_("Tick what is to be decided.")) from None
    return stamps


def _told(rows: list[VisitAnswer], *, accepted: bool) -> str:
    count = len(rows)
    if accepted:
        words = ngettext("%(count)s change accepted.", "%(count)s changes accepted.", count)
    else:
        words = ngettext("%(count)s change not accepted.", "%(count)s changes not accepted.", count)
    return words % {"count": count}
