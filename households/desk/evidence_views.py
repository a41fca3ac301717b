"""Ledger lines and medical bills of one household: one form each."""

from functools import partial

from django.db.models import F, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.desk.answering import ChangePage, answer_change, household_or_404
from households.desk.corrections import BILL_AMOUNTS, remove_bill, remove_line, save_bill, save_line
from households.desk.evidence_forms import BillForm, LineForm, RemoveForm
from households.evidence.models import IncomeLine, MedicalBill
from households.registry.models import Household, Membership
from households.staff.access import requires

MAY_EDIT = requires("households.edit")
GET_OR_POST = require_http_methods(["GET", "POST"])
OF_LINE = ("month", "kind", "item", "amount")
OF_BILL = ("settled_on", "visit_kind", "self_pay", *BILL_AMOUNTS)


def _row_or_404(request: HttpRequest, rows) -> Model:
    """A row that was replaced is no page any more; a form about it that comes late is told so by the service."""
    row = rows.first()
    if row is None or row.replaced_in_id is not None and request.method == "GET":
        raise Http404
    return row


def _line_or_404(request: HttpRequest, household: Household, line_pk: int) -> IncomeLine:
    return _row_or_404(request, IncomeLine.objects.filter(household=household, pk=line_pk))


def _bill_or_404(request: HttpRequest, household: Household, bill_pk: int) -> MedicalBill:
    persons = Membership.objects.current().filter(household=household).values("person_id")
    rows = MedicalBill.objects.filter(person_id__in=persons, pk=bill_pk).select_related("person")
    return _row_or_404(request, rows)


def _initial(row: Model, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


@MAY_EDIT
@GET_OR_POST
def line_add(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    form = LineForm(request.POST or None, household=household, who=request.user)
    page = ChangePage(_("Add a ledger line"), _("Add the line"), _("The line stands in the ledger now."))
    apply = partial(save_line, household=household)
    return answer_change(request, form=form, apply=apply, page=page, household=household)


@MAY_EDIT
@GET_OR_POST
def line_correct(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    line = _line_or_404(request, household, line_pk)
    form = LineForm(request.POST or None, household=household, who=request.user, initial=_initial(line, OF_LINE))
    page = ChangePage(_("Correct a ledger line"), _("Save the correction"), _("The line is corrected."))
    return answer_change(
        request,
        form=form,
        apply=partial(save_line, household=household, line=line),
        page=page,
        household=household,
        template="desk/correct.html",
        stands=[line.get_kind_display(), line.item, f"{line.month:%Y-%m}"],
        amount=line.amount,
        remove_url=reverse("desk:line-remove", args=[pk, line_pk]),
    )


@MAY_EDIT
@GET_OR_POST
def line_remove(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    line = _line_or_404(request, household, line_pk)
    form = RemoveForm(request.POST or None, household=household, who=request.user)
    page = ChangePage(_("Take a ledger line out"), _("Take it out"), _("The line counts no more."))
    return answer_change(
        request,
        form=form,
        apply=partial(remove_line, household=household, line=line),
        page=page,
        household=household,
        template="desk/correct.html",
        stands=[line.get_kind_display(), line.item, f"{line.month:%Y-%m}"],
        amount=line.amount,
    )


def _ever_members(household: Household) -> list[Membership]:
    """Also who left or died: bills come later. One a person."""
    rows = Membership.objects.current().filter(household=household).select_related("person")
    newest = {row.person_id: row for row in rows.order_by(F("until").asc(nulls_last=True), "id")}
    return sorted(newest.values(), key=lambda row: (row.until is not None, not row.is_head, row.pk))


@MAY_EDIT
@GET_OR_POST
def bill_add(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    members = _ever_members(household)
    form = BillForm(request.POST or None, household=household, who=request.user, members=members)
    page = ChangePage(_("Add a medical expense"), _("Add the expense"), _("The expense is in the register now."))
    apply = partial(save_bill, household=household)
    return answer_change(request, form=form, apply=apply, page=page, household=household)


@MAY_EDIT
@GET_OR_POST
def bill_correct(request: HttpRequest, pk: int, bill_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    bill = _bill_or_404(request, household, bill_pk)
    members = [row for row in _ever_members(household) if row.person_id == bill.person_id]
    form = BillForm(
        request.POST or None,
        household=household,
        who=request.user,
        members=members,
        initial=_initial(bill, OF_BILL),
    )
    page = ChangePage(_("Correct a medical expense"), _("Save the correction"), _("The expense is corrected."))
    return answer_change(
        request,
        form=form,
        apply=partial(save_bill, household=household, bill=bill),
        page=page,
        household=household,
        template="desk/correct.html",
        stands=[bill.person.name, bill.get_visit_kind_display(), f"{bill.settled_on:%Y-%m-%d}"],
        amount=bill.self_pay,
        remove_url=reverse("desk:bill-remove", args=[pk, bill_pk]),
    )


@MAY_EDIT
@GET_OR_POST
def bill_remove(request: HttpRequest, pk: int, bill_pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    bill = _bill_or_404(request, household, bill_pk)
    form = RemoveForm(request.POST or None, household=household, who=request.user)
    page = ChangePage(_("Take a medical expense out"), _("Take it out"), _("The expense counts no more."))
    return answer_change(
        request,
        form=form,
        apply=partial(remove_bill, household=household, bill=bill),
        page=page,
        household=household,
        template="desk/correct.html",
        stands=[bill.person.name, bill.get_visit_kind_display(), f"{bill.settled_on:%Y-%m-%d}"],
        amount=bill.self_pay,
    )
