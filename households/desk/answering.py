"""One road for all forms of the desk: show it, hand it to its service, lead to the household's page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from households.desk.changes import NotPossible, done_before
from households.desk.forms import ChangeForm
from households.refusal import Refused
from households.registry.models import Household
from households.staff.access import visible_or_404


@dataclass(frozen=True)
class ChangePage:
    """``notes``: what whoever fills in the form should know before; ``done``: what is said when it is done."""

    title: str
    button: str
    done: str
    notes: Sequence[str] = ()


def household_or_404(request: HttpRequest, pk: int) -> Household:
    return visible_or_404(Household.objects.all(), request.user, pk=pk)


def came_from(request: HttpRequest) -> str:
    """The list from which the form was opened (``?next=``), so that one goes on there; "" for what is not ours."""
    url = request.GET.get("next", "")
    is_safe = url.startswith("/") and url_has_allowed_host_and_scheme(url, None)
    return url if is_safe else ""


def _sent_before(form: ChangeForm, request: HttpRequest) -> Household | None:
    """A form that was taken once often fits no more the second time: whoever leaves has left."""
    token = form.cleaned_data.get("token")
    return done_before(token=token.hex, by=request.user) if token else None


def answer_change(
    request: HttpRequest,
    *,
    form: ChangeForm,
    apply: Callable[..., Household],
    page: ChangePage,
    household: Household | None = None,
    template: str = "desk/form.html",
    back: str = "",
    **context: object,
) -> HttpResponse:
    """``form`` is bound when the request is a POST. ``apply`` gets what the form asked, and ``by``.

    What a service refuses is said at the field it names. 422 for what cannot be taken. ``back``: where it leads
    instead of the household's page.
    """
    if form.is_bound and form.is_valid():
        try:
            shown = apply(**form.asked, by=request.user)
        except Refused as refused:
            field = refused.field if isinstance(refused, NotPossible) else None
            form.add_error(field if field in form.fields else None, str(refused))
        else:
            messages.success(request, page.done)
            return redirect(back or reverse("pages:household", args=[shown.pk]))
    elif form.is_bound and (shown := _sent_before(form, request)):
        return redirect(back or reverse("pages:household", args=[shown.pk]))
    context |= {"form": form, "page": page, "household": household, "back": back}
    return render(request, template, context, status=422 if form.errors else 200)
