"""The page on which an import is taken back: first what would happen, then the reason."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerts.models import Alert
from households.imports.readers import READERS
from households.ledger.services import write_audit
from households.models import Import, User
from households.refusal import Refused
from households.staff.access import requires, visible_or_404
from monitoring.judgment.undoing import Kept, Undone, preview_undo, undo_import

# What the pages call the rows of each table of evidence.
ROWS = {
    "incomeline": gettext_lazy("Ledger lines"),
    "medicalbill": gettext_lazy("Medical bills"),
    "listentry": gettext_lazy("Rows of department lists"),
    "householdfact": gettext_lazy("Facts of households"),
    "personfact": gettext_lazy("Facts of persons"),
    "membership": gettext_lazy("Memberships"),
    "householdmove": gettext_lazy("Moves of households"),
}


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stays with the import. Name no person here."),
    )


@dataclass(frozen=True)
class Shown:
    """What one may see of an undo: its lists within one's own area."""

    undone: Undone
    rows: list[dict[str, object]]
    withdrawn: list[Alert]
    kept: list[Kept]
    sealed: list[Alert]


def _shown(undone: Undone, who: User) -> Shown:
    scope = who.scope

    def mine(row) -> bool:
        return scope is not None and scope.covers(row.county, row.township, row.village)

    return Shown(
        undone=undone,
        rows=_rows(undone),
        withdrawn=[alert for alert in undone.withdrawn if mine(alert)],
        kept=[kept for kept in undone.kept if mine(kept.household)],
        sealed=[alert for alert in undone.sealed if mine(alert)],
    )


def _rows(undone: Undone) -> list[dict[str, object]]:
    """Rows taken back by table, and what comes back or stays."""
    taken = [{"label": ROWS[name], "value": count} for name, count in undone.rows.items()]
    return [
        *taken,
        {
            "label": _("Rows that come back"),
            "value": undone.rows_restored,
            "hint": _("What the file had corrected stands again"),
        },
        {
            "label": _("Rows that stay"),
            "value": undone.rows_left,
            "hint": _("Of households where somebody has acted, or because a later file says the same"),
        },
    ]


@requires("imports.undo")
@never_cache
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks with everything that would happen, and takes the import back when a reason is given."""
    row = visible_or_404(Import.objects.select_related("uploaded_by"), request.user, pk=pk)
    form = UndoForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            done = undo_import(import_id=pk, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _told(done))
            return redirect("imports:detail", pk=pk)
        seen = preview_undo(import_id=pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("imports:detail", pk=pk)
    write_audit(action="import_undo_previewed", actor=request.user, subject="import", subject_id=pk)
    context = {"row": row, "reader": READERS[row.form], "form": form, "seen": _shown(seen, request.user)}
    return render(request, "pages/undo_import.html", context, status=422 if request.method == "POST" else 200)


def _told(done: Undone) -> str:
    rows = ngettext("%(count)s row was taken back.", "%(count)s rows were taken back.", done.row_count)
    alerts = ngettext("%(count)s alert was withdrawn.", "%(count)s alerts were withdrawn.", done.withdrawn_count)
    parts = [
        rows % {"count": f"{done.row_count:,}"},
        alerts % {"count": f"{done.withdrawn_count:,}"} if done.withdrawn_count else "",
    ]
    return " ".join(part for part in parts if part)
