"""Exports of the alert list and of the worklist: what for is asked, and noted with how many rows."""

import tempfile

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.travel.exporting import HIGHEST, Purpose, export_alerts
from alerts.travel.filtersets import AlertFilterSet
from alerts.travel.views import CURSOR, DEFAULT_QUERY
from alerts.travel.worklist import POSITIONS, WorkFilterSet, in_order
from households.filtering import BadParameters
from households.paging import without
from households.staff.access import requires


class ExportForm(forms.Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What the list is for"), choices=Purpose, widget=forms.RadioSelect
    )


@requires("alerts.export")
def export_list(request: HttpRequest) -> HttpResponse:
    """The alert list under the filters of the address."""
    query = request.GET or DEFAULT_QUERY
    filters = AlertFilterSet(query, who=request.user, also=CURSOR)
    if problems := filters.find_problems():
        return _bad(request, BadParameters(problems))
    back = f"{reverse('alerts:list')}?{without(query, *CURSOR)}"
    return _export(request, filters, filters.qs.order_by("-pk"), back)


@requires("alerts.export")
def export_work(request: HttpRequest) -> HttpResponse:
    """A tab of the worklist under the filters of the address."""
    filters = WorkFilterSet(request.GET, who=request.user, also=POSITIONS)
    if problems := filters.find_problems():
        return _bad(request, BadParameters(problems))
    back = f"{reverse('alerts:work')}?{without(request.GET, *POSITIONS)}"
    return _export(request, filters, in_order(filters.listed), back)


def _bad(request: HttpRequest, wrong: BadParameters) -> HttpResponse:
    return render(request, "alerts/export.html", {"problems": list(wrong.sentences())}, status=400)


def _export(request: HttpRequest, filters: AlertFilterSet, listed: QuerySet, back: str) -> HttpResponse:
    """GET asks what for; POST gives the file. 422 without a purpose or a row, or with too many rows."""
    form = ExportForm(request.POST if request.method == "POST" else None)
    count = listed.order_by()[: HIGHEST + 1].count()
    if 0 < count <= HIGHEST and form.is_valid():
        # No name of it exists on the disk, and it is gone when the answer is sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        export_alerts(
            file=file, listed=listed, filters=filters, purpose=form.cleaned_data["purpose"], by=request.user
        )
        file.seek(0)
        name = f"{_('Alerts')}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name)
    context = {"form": form, "count": min(count, HIGHEST), "too_many": count > HIGHEST, "highest": HIGHEST}
    context |= {"back": back, "chips": _said(filters)}
    return render(request, "alerts/export.html", context, status=422 if form.is_bound else 200)


def _said(filters: AlertFilterSet) -> list[tuple[str, str]]:
    """The filters in words, as far as their fields have some."""
    said = []
    for field in filters.form:
        if value := filters.data.get(field.name):
            choices = filters.areas.short_names | dict(getattr(field.field, "choices", ()))
            said.append((str(field.label or _("List")), str(choices.get(value, value))))
    return said
