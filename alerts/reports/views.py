"""The list of reports, and the page of one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from alerts.reports.answers import suggest_answer
from alerts.reports.filtersets import ReportFilterSet
from alerts.reports.forms import AnswerForm, SetAsideForm, TermForm
from alerts.reports.matching import suggest_households
from alerts.reports.models import Report, ReportState
from alerts.reports.reading import MAY_READ, shown_name
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters
from households.ledger.services import write_audit
from households.models import User
from households.paging import COUNT_UP_TO, Page, read_cursor, read_page, without
from households.privacy.mask import mask_identity, mask_phone
from households.privacy.seal import unseal
from households.staff.access import requires, visible_or_404

PAGE_ROWS = 50
# A flood is looked through, and set aside, by the page.
UNCHECKED_ROWS = 300
CURSOR = ("before", "after")
# What was ticked when something was missing: ids with dots between.
TICKED = "ticked"
ROWS = Report.objects.select_related("household", "alert").defer(
    "phone_sealed", "identity_sealed", "words_sealed", "answer"
)
UNCHECKED = f"state={ReportState.UNCHECKED}"


@requires("reports.view")
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports of one's area, newest first. An htmx request gets the results alone."""
    filters = ReportFilterSet(request.GET, who=request.user, also=(*CURSOR, TICKED))
    checking = request.GET.get("state") == ReportState.UNCHECKED and request.user.has_perm("reports.check")
    cursor, problems = read_cursor(request.GET, limit=UNCHECKED_ROWS if checking else PAGE_ROWS)
    problems = filters.find_problems() + problems
    if problems:
        context = {"filters": filters, "problems": list(BadParameters(problems).sentences())}
        return render(request, "reports/list.html", context, status=400)
    page = read_page(matching=filters.qs, showing=ROWS, cursor=cursor, count=True)
    context = {
        "filters": filters,
        "reports": _rows(page, filters.areas, request.user),
        "today": timezone.localdate(),
        "checking": checking,
        "ticked": {int(pk) for pk in request.GET.get(TICKED, "").split(".") if pk.isdecimal()},
        "query": without(request.GET, TICKED),
        "set_aside": SetAsideForm(),
        "unchecked": 0 if checking else _unchecked(request),
        "may_enter": request.user.has_perm("reports.enter"),
        "shown": _shown(page.total or 0),
        "first_url": f"?{without(request.GET, *CURSOR, TICKED)}",
        "previous_url": page.newer and f"?{without(request.GET, *CURSOR, TICKED, after=page.newer)}",
        "next_url": page.older and f"?{without(request.GET, *CURSOR, TICKED, before=page.older)}",
    }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "reports/_results.html" if partial else "reports/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _rows(page: Page, areas: ScopeAreas, who: User) -> list[Report]:
    for report in page.rows:
        report.name = shown_name(report, who)
        report.place = areas.short_names.get(report.village or report.township or report.county, "")
    return page.rows


def _unchecked(request: HttpRequest) -> int:
    """How many wait to be looked through, for whoever looks; counted up to the cap."""
    if not request.user.has_perm("reports.check"):
        return 0
    rows = Report.objects.visible_to(request.user).filter(state=ReportState.UNCHECKED)
    return rows.order_by()[:COUNT_UP_TO].count()


def _shown(total: int) -> str:
    if total > COUNT_UP_TO:
        return _("More than %(count)s reports") % {"count": f"{COUNT_UP_TO:,}"}
    return ngettext("%(count)s report", "%(count)s reports", total) % {"count": f"{total:,}"}


@dataclass(frozen=True)
class Told:
    """What was reported: ``phone`` and ``identity`` masked, ``words`` as they were written.

    ``withheld``: not a word for those who do not deal with it, and of the name the family name only.
    """

    name: str
    phone: str
    identity: str
    words: str
    withheld: bool = False


@requires("reports.view")
@require_GET
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report with its words, which only a reading that is logged opens."""
    report = find_report(request, pk)
    return answer_report_page(request, report)


def find_report(request: HttpRequest, pk: int) -> Report:
    rows = Report.objects.select_related(
        "household", "alert__kind", "alert__household", "entered_by", "checked_by", "answered_by"
    )
    return visible_or_404(rows, request.user, pk=pk)


def answer_report_page(request: HttpRequest, report: Report, status: int = 200, **changed: object) -> HttpResponse:
    """The page of a report; ``changed``: a form that was refused, or what a search found."""
    write_audit(action="report_read", actor=request.user, subject="report", subject_id=report.pk)
    user = request.user
    areas = ScopeAreas(user.scope)
    may_match = report.household is None and report.state != ReportState.DISCARDED
    may_match = may_match and user.has_perm("reports.match")
    waits = report.answer_by is not None and report.answered_at is None
    context = {
        "report": report,
        "place": areas.short_names.get(report.village or report.township or report.county, ""),
        "told": _told(report, user),
        "today": timezone.localdate(),
        "may_check": user.has_perm("reports.check"),
        "may_call": report.phone_sealed is not None and user.has_perm("reports.match"),
        "may_match": may_match,
        "suggestions": suggest_households(report=report, who=user) if may_match else [],
        "places": areas.short_names,
        "search": TermForm(),
        "set_aside": SetAsideForm(),
        "answer": _answer_form(report) if waits and user.has_perm("reports.answer") else None,
    } | changed
    return render(request, "reports/detail.html", context, status=status)


def _told(report: Report, who: User) -> Told:
    withheld = not who.has_perm(MAY_READ)
    return Told(
        name=shown_name(report, who),
        phone=mask_phone(unseal(report.phone_sealed)) if report.phone_sealed else "",
        identity=mask_identity(unseal(report.identity_sealed)) if report.identity_sealed else "",
        words=unseal(report.words_sealed) if report.words_sealed and not withheld else "",
        withheld=withheld,
    )


def _answer_form(report: Report) -> AnswerForm:
    return AnswerForm(report=report, initial={"text": suggest_answer(report.alert)})
