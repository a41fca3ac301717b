"""The household list, and the search in it. A search is a POST: its term stands in no address, log or audit."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from households.areas.choices import ScopeAreas
from households.filtering import BadParameters
from households.ledger.services import write_audit
from households.paging import COUNT_UP_TO, without
from households.registry.filtersets import HouseholdFilterSet
from households.registry.listing import CURSOR, household_rows, read_household_page, read_place
from households.registry.searching import LONGEST_TERM, MOST_FOUND, find_households, read_term
from households.staff.access import requires


class SearchForm(forms.Form):
    """One field for all: whoever searches should not have to say what for."""

    term = forms.CharField(
        label=gettext_lazy("Household number, identity number, name or pinyin initials"),
        max_length=LONGEST_TERM,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def clean_term(self):
        term = read_term(self.cleaned_data["term"])
        if term is None:
            raise forms.ValidationError(
                _("Give a whole number, or at least two characters of a name; parts of numbers are not searched.")
            )
        return term


@requires("households.view")
@require_GET
def household_list(request: HttpRequest) -> HttpResponse:
    """The households of one's area by village, fifty a page. An htmx request gets the results alone."""
    filters = HouseholdFilterSet(request.GET, who=request.user, also=CURSOR)
    place, problems = read_place(request.GET)
    problems = filters.find_problems() + problems
    if problems:
        context = {"filters": filters, "search": SearchForm(), "problems": BadParameters(problems).sentences()}
        return render(request, "registry/list.html", context, status=400)
    page = read_household_page(filters.qs, place)
    context = {
        "filters": filters,
        "search": SearchForm(),
        "rows": household_rows(page.households, filters.areas.short_names),
        "shown": _shown(page.total),
        "first_url": f"?{without(request.GET, *CURSOR)}",
        "previous_url": page.before and f"?{without(request.GET, *CURSOR, before=page.before)}",
        "next_url": page.after and f"?{without(request.GET, *CURSOR, after=page.after)}",
    }
    return _answer(request, context)


@requires("households.view")
@require_POST
def household_search(request: HttpRequest) -> HttpResponse:
    """Households by number or name. Audited: who searched, in which way, how many were found."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _answer(request, {"search": form, "searched": True}, status=422)
    term = form.cleaned_data["term"]
    found = find_households(term=term, who=request.user)
    write_audit(
        action="household_search",
        actor=request.user,
        subject="household",
        by=term.kind,
        found=len(found.households),
    )
    places = ScopeAreas(request.user.scope).short_names
    context = {
        "search": form,
        "searched": True,
        "rows": household_rows(found.households, places, found.members),
        "shown": _shown_of_search(len(found.households), found.has_more),
    }
    return _answer(request, context)


def _answer(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    partial = request.htmx and not request.htmx.boosted
    context["with_township"] = request.user.scope is not None and request.user.scope.level == "county"
    context["may_edit"] = request.user.has_perm("households.edit")
    response = render(
        request, "registry/_results.html" if partial else "registry/list.html", context, status=status
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(total: int) -> str:
    if total > COUNT_UP_TO:
        return _("More than %(count)s households") % {"count": f"{COUNT_UP_TO:,}"}
    return ngettext("%(count)s household", "%(count)s households", total) % {"count": f"{total:,}"}


def _shown_of_search(count: int, has_more: bool) -> str:
    if has_more:
        return _("The first %(count)s; there are more. Search more precisely.") % {"count": MOST_FOUND}
    return _shown(count)
