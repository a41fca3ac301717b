"""What a department hears back: its files, and what became of each of their rows."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from households.filtering import BadParameters, odd_parameters
from households.imports.pages import open_counts
from households.imports.readers import READERS
from households.ledger.services import write_audit
from households.models import Import
from households.paging import read_cursor, read_page
from households.staff.access import requires, visible_or_404
from monitoring.feedback.fates import ANSWERED, PAGE_ROWS, Fate, read_fates
from monitoring.feedback.filtersets import FileFilterSet
from monitoring.feedback.rows import show_rows
from monitoring.feedback.sheets import write_rows_sheet

PAGE_FILES = 50
CURSOR = ("after", "before")


@requires("feedback.view")
@require_GET
def file_list(request: HttpRequest) -> HttpResponse:
    """The files that were put into the register, newest first."""
    filters = FileFilterSet(request.GET, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(request.GET, limit=PAGE_FILES)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"filters": filters}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "feedback/list.html", context, status=400)
    page = read_page(matching=filters.qs, showing=Import.objects.all(), cursor=cursor)
    counts = open_counts(page.rows)
    for row in page.rows:
        row.form_title, row.open = READERS[row.form].title, counts[row.pk]
    partial = request.htmx and not request.htmx.boosted
    template = "feedback/_files.html" if partial else "feedback/list.html"
    response = render(request, template, context | {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _file(request: HttpRequest, pk: int) -> Import:
    rows = Import.objects.select_related("batch").filter(state__in=ANSWERED)
    return visible_or_404(rows, request.user, pk=pk)


@requires("feedback.view")
@require_GET
def file_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Each row of one file and what became of it, fifty a page; above them how many have each fate."""
    row = _file(request, pk)
    fate = _fate(request)
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems += odd_parameters(request.GET, ("fate", *CURSOR))
    context: dict[str, object] = {"row": row, "reader": READERS[row.form], "fate": fate}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "feedback/file.html", context, status=400)
    partial = request.htmx and not request.htmx.boosted
    page = read_fates(row, fate=fate, after=cursor.after, before=cursor.before, count=not partial)
    context |= {"page": page, "rows": show_rows(page.rows, row, request.user)}
    # Whose rows were looked at, and which of them.
    numbers = {"row": page.rows[0].row_number, "rows": len(page.rows)} if page.rows else {}
    write_audit(action="feedback_read", actor=request.user, subject="import", subject_id=row.pk, **numbers)
    if not partial:
        context |= _totals(page.counts, fate)
    response = render(request, "feedback/_rows.html" if partial else "feedback/file.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("feedback.view")
@never_cache
@require_GET
def file_download(request: HttpRequest, pk: int) -> FileResponse:
    """The rows of one fate, or all, as a spreadsheet."""
    row = _file(request, pk)
    fate = _fate(request)
    file, rows = write_rows_sheet(row=row, fate=fate, who=request.user)
    write_audit(
        action="feedback_downloaded",
        actor=request.user,
        subject="import",
        subject_id=row.pk,
        rows=rows,
        **({"fate": fate} if fate else {}),
    )
    name = gettext("%(file)s feedback") % {"file": PurePath(row.file_name).stem}
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")


def _fate(request: HttpRequest) -> str:
    fate = request.GET.get("fate", "")
    if fate and fate not in Fate.values:
        raise Http404
    return fate


def _totals(counts: dict[str, int], chosen: str) -> dict[str, object]:
    return {
        "total": sum(counts.values()),
        "tabs": [
            {"label": fate.label, "url": f"?fate={fate}", "active": fate == chosen, "count": counts[fate]}
            for fate in Fate
            if counts[fate] or fate == chosen
        ],
    }
