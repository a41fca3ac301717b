"""Pages of imports: upload, preview, commit, and what became of each row."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.evidence.models import EvidenceBatch
from households.filtering import BadParameters
from households.imports.forms import UploadForm
from households.imports.matching.missing import count_missing
from households.imports.models import Import, ImportContent, ImportState, Outcome
from households.imports.pages import open_counts, read_rows, rows_of
from households.imports.problems import ImportRefused, file_sentence
from households.imports.queries import counts_of, earlier_import
from households.imports.readers import READERS
from households.imports.retracting import kept_households
from households.imports.returning import refused_rows_file
from households.imports.services import commit_import, discard_import, receive_file
from households.imports.staging import UNFINISHED
from households.imports.tasks import call_worker
from households.ledger.services import write_audit
from households.paging import read_cursor, read_page
from households.refusal import Refused
from households.registry.models import Household
from households.staff.access import requires, visible_or_404

PAGE_IMPORTS = 50
# How many refused and doubtful rows the preview itself shows; the rest is one click away.
SHOWN = 10
# It was put into the register, taken back since or not.
WRITTEN = (ImportState.COMMITTED, ImportState.RETRACTED)
OUTCOMES = {outcome.value: outcome.label for outcome in Outcome}


def _import(request: HttpRequest, pk: int) -> Import:
    return visible_or_404(Import.objects.select_related("uploaded_by"), request.user, pk=pk)


@requires("imports.view")
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    cursor, problems = read_cursor(request.GET, limit=PAGE_IMPORTS)
    if problems:
        context = {"problems": BadParameters(problems).sentences()}
        return render(request, "imports/list.html", context, status=400)
    page = read_page(
        matching=Import.objects.visible_to(request.user),
        showing=Import.objects.select_related("uploaded_by"),
        cursor=cursor,
    )
    counts = open_counts(page.rows)
    for row in page.rows:
        row.form_title, row.open = READERS[row.form].title, counts[row.pk]
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "imports/_imports.html" if partial else "imports/list.html", {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("imports.upload")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a file in and shows its preview; a file that cannot be used is answered with one sentence."""
    form = UploadForm(request.POST or None, request.FILES or None, who=request.user)
    context = {"form": form, "readers": READERS.values()}
    if request.method == "GET" or not form.is_valid():
        return render(request, "imports/upload.html", context, status=200 if request.method == "GET" else 422)
    given = form.cleaned_data
    try:
        row = receive_file(
            name=given["file"].name,
            content=given["file"].read(),
            form=given["form"] or None,
            month=given["month"],
            as_of=given["as_of"],
            partial=given["partial"],
            by=request.user,
        )
    except ImportRefused as refused:
        form.add_error("file", refused.sentence)
        return render(request, "imports/upload.html", context, status=422)
    call_worker(row.pk)
    return redirect("imports:detail", pk=row.pk)


@requires("imports.view")
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview or result. While the file is read this part asks for itself again; the finished one does not."""
    row = _import(request, pk)
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "imports/_import.html" if partial else "imports/detail.html", _shown(request, row))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(request: HttpRequest, row: Import) -> dict[str, object]:
    reader = READERS[row.form]
    context: dict[str, object] = {
        "row": row,
        "reader": reader,
        "is_open": row.state in UNFINISHED,
        "may_upload": request.user.has_perm("imports.upload"),
        "problem": file_sentence(row.problem) if row.problem else "",
    }
    if row.state not in (ImportState.STAGED, *WRITTEN):
        return context
    counts = counts_of(row)
    return {
        **context,
        **_undoing(request, row),
        "counts": counts,
        "total": sum(counts[outcome] for outcome in OUTCOMES) + counts["skipped"],
        "tiles": [(outcome, label, counts[outcome]) for outcome, label in OUTCOMES.items()],
        "twin": earlier_import(row),
        "missing": _missing(row),
        "refused": read_rows(rows_of(row, outcome="refused"), row.form, limit=SHOWN),
        "doubtful": read_rows(rows_of(row, outcome="doubtful"), row.form, limit=SHOWN),
    }


def _undoing(request: HttpRequest, row: Import) -> dict[str, object]:
    """Whether it may be taken back, or what became of it when it was."""
    if row.state != ImportState.RETRACTED:
        return {"may_undo": row.state == ImportState.COMMITTED and request.user.has_perm("imports.undo")}
    kept = kept_households(row)
    visible = Household.objects.visible_to(request.user).filter(pk__in=kept).order_by("village", "pk")
    return {
        "retraction": EvidenceBatch.objects.select_related("actor").get(retracts=row.batch_id),
        "kept_count": len(kept),
        "kept": visible if request.user.has_perm("households.view") else [],
    }


def _missing(row: Import) -> int:
    if row.state in WRITTEN:
        return row.doubts.filter(code="missing_from_export").count()
    return count_missing(row)


@requires("imports.upload")
@require_POST
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _import(request, pk)
    try:
        commit_import(row.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The file is in the register now."))
    return redirect("imports:detail", pk=row.pk)


@requires("imports.upload")
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    row = _import(request, pk)
    try:
        discard_import(row.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("imports:detail", pk=row.pk)
    messages.success(request, _("The file was discarded. Nothing of it was written."))
    return redirect("imports:list")


@requires("imports.view")
@never_cache
@require_GET
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a file. It holds whole numbers, so the download is audited."""
    row = _import(request, pk)
    # The sealed file is deleted after retention; its refused rows go with it.
    kept = ImportContent.objects.filter(of=row).exists()
    if row.state not in (ImportState.STAGED, *WRITTEN) or not kept:
        raise Http404
    name, content = refused_rows_file(row)
    write_audit(action="import_refused_read", actor=request.user, subject="import", subject_id=row.pk)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@requires("imports.view")
@require_GET
def import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows with one outcome, fifty a page by row number."""
    row = _import(request, pk)
    outcome = request.GET.get("outcome", Outcome.REFUSED)
    if outcome not in OUTCOMES and outcome != "doubtful":
        raise Http404
    cursor, problems = read_cursor(request.GET, limit=PAGE_IMPORTS)
    context: dict[str, object] = {"row": row, "reader": READERS[row.form], "outcome": outcome}
    if problems:
        problem = {"problems": BadParameters(problems).sentences()}
        return render(request, "imports/rows.html", context | problem, status=400)
    context["page"] = read_rows(rows_of(row, outcome=outcome), row.form, after=cursor.after, before=cursor.before)
    context["outcome_label"] = OUTCOMES.get(outcome, _("Doubtful"))
    context["tabs"] = _tabs(row, outcome)
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "imports/_rows.html" if partial else "imports/rows.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _tabs(row: Import, chosen: str) -> list[dict[str, object]]:
    counts = counts_of(row)
    return [
        {"label": label, "url": f"?outcome={outcome}", "active": outcome == chosen, "count": counts[outcome]}
        for outcome, label in [*OUTCOMES.items(), ("doubtful", _("Doubtful"))]
    ]
