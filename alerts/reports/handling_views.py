"""What is done with a report: accept, set aside, match to a household, call back, answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alerts.reports.accepting import has_joined
from alerts.reports.answering import answer_report
from alerts.reports.checking import accept_checked, set_aside
from alerts.reports.forms import AnswerForm, SetAsideForm, TermForm
from alerts.reports.matching import match_report
from alerts.reports.views import answer_report_page, find_report
from households.ledger.services import write_audit
from households.models import Household
from households.privacy.seal import unseal
from households.refusal import Refused
from households.registry.searching import find_households
from households.staff.access import requires, visible_or_404


@requires("reports.check")
@require_POST
def report_accept(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    try:
        accept_checked(report=report, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        report.refresh_from_db()
        messages.success(
            request,
            _("The report is accepted; it was added to the alert of the household that is open already.")
            if has_joined(report)
            else _("The report is accepted; its alert is on its way."),
        )
    return redirect("reports:detail", pk)


@requires("reports.check")
@require_POST
def report_set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return answer_report_page(request, report, status=422, set_aside=form)
    try:
        set_aside(report=report, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The report is set aside."))
    return redirect("reports:detail", pk)


@requires("reports.match")
@require_POST
def report_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone in full, to call back. A POST that is logged: who saw whose, and when."""
    report = find_report(request, pk)
    if report.phone_sealed is None:
        raise Http404
    write_audit(action="report_phone_shown", actor=request.user, subject="report", subject_id=pk)
    response = answer_report_page(request, report, phone=unseal(report.phone_sealed))
    response.headers["Cache-Control"] = "no-store"
    return response


@requires("reports.match")
@require_POST
def report_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Households by number or name. A POST: what is searched for stands in no address; audited."""
    report = find_report(request, pk)
    form = TermForm(request.POST)
    if not form.is_valid():
        return answer_report_page(request, report, status=422, search=form)
    found = find_households(term=form.cleaned_data["term"], who=request.user)
    write_audit(
        action="household_search",
        actor=request.user,
        subject="report",
        subject_id=pk,
        by=form.cleaned_data["term"].kind,
        found=len(found.households),
    )
    return answer_report_page(request, report, search=form, found=found)


@requires("reports.match")
@require_POST
def report_match(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    household = request.POST.get("household", "")
    if not household.isdecimal():
        raise Http404
    home = visible_or_404(Household.objects.all(), request.user, pk=int(household))
    try:
        match_report(report=report, household=home, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The report belongs to this household now."))
    return redirect("reports:detail", pk)


@requires("reports.answer")
@require_POST
def report_answer(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    form = AnswerForm(request.POST, report=report)
    if form.is_valid():
        try:
            answer_report(report=report, text=form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Answered. The receipt shows it now."))
        return redirect("reports:detail", pk)
    return answer_report_page(request, report, status=422, answer=form)
