"""Complaints and suggestions: everybody writes and sees their own with the answer, the county answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.filtering import BadParameters
from households.paging import COUNT_UP_TO, Page, read_cursor, read_page
from households.refusal import Refused
from households.staff.access import requires, visible_or_404
from monitoring.suggestions.forms import AnswerForm, SuggestionFilterSet, SuggestionForm
from monitoring.suggestions.models import Suggestion
from monitoring.suggestions.services import answer_suggestion, write_suggestion

PAGE_ROWS = 50
CURSOR = ("before", "after")
ROWS = Suggestion.objects.select_related("written_by", "answered_by")


@requires("suggestions.add")
@require_http_methods(["GET", "POST"])
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """The form and the list. Who sends the form finds the new entry on top; an htmx request gets the results."""
    form = SuggestionForm(request.POST or None)
    if form.is_valid():
        write_suggestion(**form.cleaned_data, by=request.user)
        messages.success(request, _("Thank you. The county will answer, and you will be told."))
        return redirect("suggestions:list")
    filters = SuggestionFilterSet(request.GET, Suggestion.objects.visible_to(request.user), also=CURSOR)
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = filters.find_problems() + problems
    context = {"form": form, "filters": filters}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "suggestions/list.html", context, status=400)
    page = read_page(matching=filters.qs, showing=ROWS, cursor=cursor, count=True)
    context |= {"page": page, "shown": _shown(page)}
    partial = request.htmx and not request.htmx.boosted
    template = "suggestions/_results.html" if partial else "suggestions/list.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(page: Page) -> str:
    if page.total is None or page.total > COUNT_UP_TO:
        return ""
    return ngettext("%(count)s entry", "%(count)s entries", page.total) % {"count": f"{page.total:,}"}


@requires("suggestions.add")
@require_GET
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = visible_or_404(ROWS, request.user, pk=pk)
    return render(request, "suggestions/detail.html", {"suggestion": suggestion, "form": AnswerForm()})


@requires("suggestions.answer")
@require_POST
def suggestion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    suggestion = visible_or_404(ROWS, request.user, pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_suggestion(suggestion=suggestion, answer=form.cleaned_data["answer"], by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Answered. Whoever wrote it is told."))
        return redirect("suggestions:detail", pk=pk)
    return render(request, "suggestions/detail.html", {"suggestion": suggestion, "form": form}, status=422)
