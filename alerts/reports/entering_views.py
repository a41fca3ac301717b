"""Writing down a report for others. Searching its household keeps what was written so far."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alerts.reports.accepting import has_joined
from alerts.reports.entering import SOURCES_OF, Entered, enter_report
from alerts.reports.forms import EntryForm, TermForm
from alerts.reports.models import Report
from households.areas.choices import ScopeAreas
from households.ledger.services import write_audit
from households.models import Household
from households.refusal import Refused
from households.registry.searching import Found, find_households
from households.staff.access import requires


@requires("reports.enter")
@require_http_methods(["GET", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """One form, two buttons: search the household, and enter the report."""
    if request.method == "GET":
        return _show(request, EntryForm(who=request.user))
    if "find" in request.POST or "forget" in request.POST:
        return _search(request)
    form = EntryForm(request.POST, who=request.user)
    if form.is_valid():
        try:
            entered = enter_report(entry=form.entry, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _entered(request, entered)
    return _show(request, form, status=422)


def _search(request: HttpRequest) -> HttpResponse:
    """What was written so far stays, nothing of it is judged yet."""
    written = request.POST.dict()
    if "forget" in request.POST:
        written.pop("household", None)
        return _show(request, EntryForm(initial=written, who=request.user))
    search = TermForm(request.POST)
    form = EntryForm(initial=written, who=request.user)
    if not search.is_valid():
        return _show(request, form, status=422, search=search)
    found = find_households(term=search.cleaned_data["term"], who=request.user)
    write_audit(
        action="household_search",
        actor=request.user,
        subject="report",
        by=search.cleaned_data["term"].kind,
        found=len(found.households),
    )
    return _show(request, form, search=search, found=found)


def _show(
    request: HttpRequest,
    form: EntryForm,
    status: int = 200,
    search: TermForm | None = None,
    found: Found | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "search": search or TermForm(),
        "found": found,
        "chosen": _chosen(request, form),
        "places": ScopeAreas(request.user.scope).short_names,
        "one_source": len(SOURCES_OF[request.user.role]) == 1,
    }
    return render(request, "reports/new.html", context, status=status)


def _chosen(request: HttpRequest, form: EntryForm) -> Household | None:
    value = form["household"].value()
    if not str(value or "").isdecimal():
        return None
    return Household.objects.visible_to(request.user).filter(pk=int(value)).first()


def _entered(request: HttpRequest, entered: Entered) -> HttpResponse:
    if entered.is_new:
        messages.success(
            request,
            _("The report is entered; it was added to the alert of the household that is open already.")
            if has_joined(entered.report)
            else _("The report is entered; its alert is on its way."),
        )
        return redirect("reports:detail", entered.report.pk)
    if Report.objects.visible_to(request.user).filter(pk=entered.report.pk).exists():
        messages.info(request, _("This was entered before: here it is."))
        return redirect("reports:detail", entered.report.pk)
    messages.info(request, _("This ticket was entered before, for another place. Ask the county."))
    return redirect("reports:list")
