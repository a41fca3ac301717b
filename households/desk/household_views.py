"""The forms about a household as a whole: entered, numbered, moved, split, joined."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from households.desk.answering import ChangePage, answer_change, household_or_404
from households.desk.household_forms import CodeForm, MergeForm, MoveForm, NewHouseholdForm, SplitForm
from households.desk.moves import move_household
from households.desk.new_households import enter_household, give_code
from households.desk.splits import merge_households, split_household
from households.registry.moving import matters_of
from households.staff.access import requires

GET_POST = require_http_methods(["GET", "POST"])


@requires("households.edit")
@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    page = ChangePage(
        title=_("New household"),
        button=_("Enter household"),
        done=_("The household is in the register."),
        notes=[_("For a household that no export names yet. It is judged from the month in which it begins.")],
    )
    form = NewHouseholdForm(request.POST or None, who=request.user)
    return answer_change(request, form=form, apply=enter_household, page=page)


@requires("households.edit")
@GET_POST
def code(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    page = ChangePage(
        title=_("National household number"),
        button=_("Give the number"),
        done=_("The household has its number. Exports find it by it from now on."),
    )
    form = CodeForm(request.POST or None, household=household, who=request.user)
    return answer_change(request, form=form, apply=_of(give_code, pk), page=page, household=household)


@requires("households.edit")
@GET_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    notes = [
        _("Its alerts go along to the new village. What was judged of earlier months stays with the old one."),
        _("Out of the county it is judged no more from that month on, and is marked as gone."),
        _("Its open alerts stay open until somebody closes them."),
    ]
    if request.user.scope and request.user.scope.level == "township":
        notes.append(_("A move into another township is entered by the county."))
    page = ChangePage(
        title=_("Household moves") if household.gone_on is None else _("Household comes back"),
        button=_("Register the move"),
        done=_("The move is registered."),
        notes=notes,
    )
    form = MoveForm(request.POST or None, household=household, who=request.user)
    return answer_change(request, form=form, apply=_of(move_household, pk), page=page, household=household)


@requires("households.edit")
@GET_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    page = ChangePage(
        title=_("Household splits"),
        button=_("Split household"),
        done=_("The household is split. This is the new one."),
        notes=[
            _("Who leaves belongs to the new household from that day on."),
            _("Ledger lines and alerts stay with the present household."),
            _("The income of the new one is unknown until its own ledger comes in."),
        ],
    )
    form = SplitForm(request.POST or None, household=household, who=request.user)
    return answer_change(
        request,
        form=form,
        apply=_of(split_household, pk),
        page=page,
        household=household,
        template="desk/split.html",
    )


@requires("households.edit")
@GET_POST
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    household = household_or_404(request, pk)
    page = ChangePage(
        title=_("Household joins another"),
        button=_("Join the households"),
        done=_("The households are one. This is the one that took the others in."),
        notes=[
            _("All members belong to the other household from that day on, and this one is no more."),
            _("Its ledger lines stay with it: the ledger of the other household counts alone."),
        ],
    )
    form = MergeForm(request.POST or None, household=household, who=request.user)
    return answer_change(
        request,
        form=form,
        apply=_of(merge_households, pk),
        page=page,
        household=household,
        template="desk/merge.html",
        matters=matters_of(household),
    )


def _of(service, pk: int):
    """The service for this household."""

    def _apply(**asked):
        return service(household_id=pk, **asked)

    return _apply
