"""Unchecked reports a page at a time: those that were ticked, or all that it showed, with a result for each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alerts.reports.checking import CheckResult, accept_many, set_aside_many
from alerts.reports.forms import SetAsideForm
from alerts.reports.models import Report
from alerts.reports.views import TICKED, UNCHECKED, UNCHECKED_ROWS
from households.paging import without
from households.staff.access import requires


@requires("reports.check")
@require_POST
def reports_accept(request: HttpRequest) -> HttpResponse:
    ids = _chosen(request)
    if not ids:
        return _once_more(request, _("Tick reports first, or take all on this page."))
    results = accept_many(ids=ids, by=request.user)
    done = sum(result.done for result in results)
    words = ngettext("%(count)s report accepted", "%(count)s reports accepted", done) % {"count": done}
    return _show(request, results, words, _("Accepted"))


@requires("reports.check")
@require_POST
def reports_set_aside(request: HttpRequest) -> HttpResponse:
    ids = _chosen(request)
    form = SetAsideForm(request.POST)
    if not ids:
        return _once_more(request, _("Tick reports first, or take all on this page."))
    if not form.is_valid():
        return _once_more(request, _("Say why they are set aside."))
    results = set_aside_many(ids=ids, reason=form.cleaned_data["reason"], by=request.user)
    done = sum(result.done for result in results)
    words = ngettext("%(count)s report set aside", "%(count)s reports set aside", done) % {"count": done}
    return _show(request, results, words, _("Set aside"))


def _chosen(request: HttpRequest) -> list[int]:
    return _ids(request, "shown" if "all" in request.POST else "report")


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(pk) for pk in request.POST.getlist(name) if pk.isdecimal()][:UNCHECKED_ROWS]


def _list_url(request: HttpRequest, **more: str) -> str:
    """The list as it was filtered and leafed through."""
    return f"{reverse('reports:list')}?{without(request.GET or QueryDict(UNCHECKED), TICKED, **more)}"


def _once_more(request: HttpRequest, sentence: str) -> HttpResponse:
    """The same page of the list with its ticks, and what is missing."""
    messages.error(request, sentence)
    ticked = ".".join(str(pk) for pk in _ids(request, "report"))
    return redirect(_list_url(request, **({TICKED: ticked} if ticked else {})))


def _show(request: HttpRequest, results: list[CheckResult], done: str, word: str) -> HttpResponse:
    names = dict(
        Report.objects.visible_to(request.user)
        .filter(pk__in=[result.report_id for result in results])
        .values_list("pk", "name")
    )
    context = {
        "done": done,
        "word": word,
        "refused": sum(not result.done for result in results),
        "results": [(names.get(result.report_id, ""), result) for result in results],
        "list_url": _list_url(request),
    }
    return render(request, "reports/checked.html", context)
