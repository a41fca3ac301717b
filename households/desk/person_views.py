"""Births, deaths and marriages: one form each."""

from collections.abc import Sequence
from functools import partial

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from households.desk.answering import ChangePage, answer_change, household_or_404
from households.desk.births import register_birth
from households.desk.candidates import find_candidates, find_member
from households.desk.deaths import register_death
from households.desk.marriages import marry_in, marry_in_from_outside, marry_out
from households.desk.memberships import present_members
from households.desk.person_forms import (
    BirthForm,
    CandidateForm,
    DeathForm,
    MarriageInForm,
    MarriageOutForm,
    NewcomerForm,
)
from households.ledger.services import write_audit
from households.registry.models import Household, Membership
from households.staff.access import requires

MAY_EDIT = requires("households.edit")
GET_OR_POST = require_http_methods(["GET", "POST"])


@MAY_EDIT
@sensitive_post_parameters("number")
@GET_OR_POST
def birth(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    form = BirthForm(request.POST or None, household=household, who=request.user)
    page = ChangePage(_("Birth"), _("Register the birth"), _("The birth is registered."))
    return answer_change(
        request, form=form, apply=partial(register_birth, household=household), page=page, household=household
    )


def _membership_or_404(request: HttpRequest, household: Household, person_pk: int) -> Membership:
    """The member whom the page is about. A form sent twice finds the membership that the first one ended."""
    rows = Membership.objects.current().filter(household=household, person=person_pk).select_related("person")
    row = rows.order_by(F("until").desc(nulls_first=True)).first()
    if row is None or row.until is not None and request.method == "GET":
        raise Http404
    return row


def _others(household: Household, membership: Membership) -> list[Membership]:
    return [row for row in present_members(household) if row.person_id != membership.person_id]


def _last_one(rest: list[Membership]) -> list[str]:
    return [] if rest else [_("Nobody else belongs to the household: it will be gone from this day.")]


@MAY_EDIT
@GET_OR_POST
def death(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    leaving = _membership_or_404(request, household, person_pk)
    rest = _others(household, leaving)
    form = DeathForm(request.POST or None, household=household, who=request.user, leaving=leaving, rest=rest)
    title = _("Death: %(name)s") % {"name": leaving.person.name}
    page = ChangePage(title, _("Register the death"), _("The death is registered."), _last_one(rest))
    apply = partial(register_death, household=household, person=leaving.person)
    return answer_change(request, form=form, apply=apply, page=page, household=household)


def _marriage_page(title: str, notes: Sequence[str] = ()) -> ChangePage:
    return ChangePage(title, _("Register the marriage"), _("The marriage is registered."), notes)


@MAY_EDIT
@GET_OR_POST
def marriage_out(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    """Out of the county. Who marries into another household of the county is entered there."""
    household = household_or_404(request, pk)
    leaving = _membership_or_404(request, household, person_pk)
    rest = _others(household, leaving)
    form = MarriageOutForm(request.POST or None, household=household, who=request.user, leaving=leaving, rest=rest)
    here = _("Only for somebody who leaves the county. Into another household of the county: enter it there.")
    title = _("Marries out of the county: %(name)s") % {"name": leaving.person.name}
    page = _marriage_page(title, [here, *_last_one(rest)])
    apply = partial(marry_out, household=household, person=leaving.person)
    return answer_change(request, form=form, apply=apply, page=page, household=household)


@MAY_EDIT
@require_http_methods(["GET"])
def marriage(request: HttpRequest, pk: int) -> HttpResponse:
    """Who marries into the household: somebody whom the register knows, or somebody from outside."""
    household = household_or_404(request, pk)
    return render(request, "desk/marriage.html", {"household": household, "search": CandidateForm()})


@MAY_EDIT
@require_POST
def marriage_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Persons of one's own area. A POST: what is searched for stands in no address; audited."""
    household = household_or_404(request, pk)
    form = CandidateForm(request.POST)
    context = {"household": household, "search": form, "searched": form.is_valid()}
    if form.is_valid():
        context["candidates"] = find_candidates(term=form.cleaned_data["term"], who=request.user)
        write_audit(
            action="person_search",
            actor=request.user,
            subject="household",
            subject_id=pk,
            found=len(context["candidates"]),
        )
    partial_page = request.htmx and not request.htmx.boosted
    template = "desk/_candidates.html" if partial_page else "desk/marriage.html"
    response = render(request, template, context, status=200 if form.is_valid() else 422)
    patch_vary_headers(response, ["HX-Request"])
    return response


@MAY_EDIT
@GET_OR_POST
def marriage_in(request: HttpRequest, pk: int, person_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    known = find_member(person_id=person_pk, who=request.user)
    if known is None:
        raise Http404
    leaving = known if known.until is None and known.household_id != household.pk else None
    rest = _others(known.household, known) if leaving else []
    form = MarriageInForm(request.POST or None, household=household, who=request.user, leaving=leaving, rest=rest)
    title = _("Marries in: %(name)s") % {"name": known.person.name}
    page = _marriage_page(title, _comes_from(leaving, rest))
    apply = partial(marry_in, household=household, person=known.person)
    return answer_change(request, form=form, apply=apply, page=page, household=household)


def _comes_from(leaving: Membership | None, rest: list[Membership]) -> list[str]:
    if leaving is None:
        return []
    name = leaving.household.head_name
    if rest:
        return [_("Belongs to the household of %(name)s until the day before.") % {"name": name}]
    return [_("Nobody else belongs to the household of %(name)s: it will be gone.") % {"name": name}]


@MAY_EDIT
@sensitive_post_parameters("number")
@GET_OR_POST
def marriage_newcomer(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    form = NewcomerForm(request.POST or None, household=household, who=request.user)
    page = _marriage_page(_("Marries in from outside the county"))
    apply = partial(marry_in_from_outside, household=household)
    return answer_change(request, form=form, apply=apply, page=page, household=household)
