"""The queue of rows to be matched by hand, and the list of doubts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from households.filtering import BadParameters
from households.imports.forms import DismissForm, SearchForm
from households.imports.models import Doubt, ImportState, Outcome, StagedRow
from households.imports.pages import show_row
from households.imports.problems import entry_sentence
from households.imports.readers import READERS
from households.imports.searching import find_candidates, find_member, suggest_candidates
from households.imports.waiting import dismiss_waiting_row, match_waiting_row, waits_for
from households.ledger.services import write_audit
from households.paging import read_cursor, read_page
from households.refusal import Refused
from households.registry.models import Household
from households.registry.searching import read_term
from households.staff.access import requires, visible_or_404

PAGE_ROWS = 50
WAITING = StagedRow.objects.filter(
    outcome=Outcome.WAITING, resolved_at__isnull=True, import_file__state=ImportState.COMMITTED
).select_related("import_file")


def _answer(
    request: HttpRequest, page: str, part: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    partial = request.htmx and not request.htmx.boosted
    response = render(request, part if partial else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("imports.match")
@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    if problems:
        context = {"problems": BadParameters(problems).sentences()}
        return render(request, "imports/waiting.html", context, status=400)
    page = read_page(matching=WAITING.visible_to(request.user), showing=WAITING, cursor=cursor, count=True)
    rows = [(show_row(row, row.import_file.form), READERS[row.import_file.form].title) for row in page.rows]
    return _answer(request, "imports/waiting.html", "imports/_waiting.html", {"page": page, "rows": rows})


def _row(request: HttpRequest, pk: int) -> StagedRow:
    return visible_or_404(WAITING, request.user, pk=pk)


def _match_context(request: HttpRequest, row: StagedRow) -> dict[str, object]:
    wanted = waits_for(row)
    return {
        "row": row,
        "shown": show_row(row, row.import_file.form),
        "form_title": READERS[row.import_file.form].title,
        "wanted": wanted,
        "search": SearchForm(),
        "dismiss": DismissForm(),
        "candidates": suggest_candidates(row=row, waits_for=wanted, who=request.user),
        "moves": any(item["code"] == "member_elsewhere" for item in row.reasons) and row.household_id,
    }


@requires("imports.match")
@require_GET
def waiting_row(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "imports/match.html", _match_context(request, _row(request, pk)))


@requires("imports.match")
@require_POST
def waiting_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Persons or households by number or name. A POST: what is searched for stands in no address; audited."""
    row = _row(request, pk)
    context = _match_context(request, row) | {"searched": True, "search": SearchForm(request.POST)}
    form = context["search"]
    term = read_term(form.cleaned_data["term"]) if form.is_valid() else None
    if term is None:
        context |= {"candidates": [], "too_short": True}
        return _answer(request, "imports/match.html", "imports/_candidates.html", context, status=422)
    found = find_candidates(term=term, row=row, waits_for=context["wanted"], who=request.user)
    write_audit(
        action="import_search",
        actor=request.user,
        subject="import",
        subject_id=row.import_file_id,
        found=len(found),
    )
    return _answer(request, "imports/match.html", "imports/_candidates.html", context | {"candidates": found})


@requires("imports.match")
@require_POST
def waiting_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Says whose row it is. The subject must lie in one's own area."""
    row = _row(request, pk)
    subject = request.POST.get("subject", "")
    if not subject.isdecimal():
        raise Http404
    try:
        match_waiting_row(row=row, by=request.user, **_subject(request, row, int(subject)))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The row is in the register now."))
    return redirect("imports:waiting")


def _subject(request: HttpRequest, row: StagedRow, pk: int) -> dict[str, object]:
    if waits_for(row) == "household":
        return {"household": visible_or_404(Household.objects.all(), request.user, pk=pk)}
    member = find_member(person_id=pk, who=request.user)
    if member is None:
        raise Http404
    return {"person": member.person}


@requires("imports.match")
@require_POST
def waiting_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = DismissForm(request.POST)
    if not form.is_valid():
        return render(request, "imports/match.html", _match_context(request, row) | {"dismiss": form}, status=422)
    try:
        dismiss_waiting_row(row=row, reason=form.cleaned_data["reason"], by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The row was dismissed."))
    return redirect("imports:waiting")


OPEN_DOUBTS = Doubt.objects.filter(resolved_at__isnull=True)


@requires("imports.view")
@require_GET
def doubt_list(request: HttpRequest) -> HttpResponse:
    """What a person should look at. Who has no right to households sees only where in the file it stands."""
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    if problems:
        context = {"problems": BadParameters(problems).sentences()}
        return render(request, "imports/doubts.html", context, status=400)
    page = read_page(
        matching=OPEN_DOUBTS.visible_to(request.user),
        showing=OPEN_DOUBTS.select_related("import_file", "household", "person"),
        cursor=cursor,
        count=True,
    )
    context = {
        "page": page,
        "doubts": [(doubt, entry_sentence({"column": "", "code": doubt.code})) for doubt in page.rows],
        "may_see_households": request.user.has_perm("households.view"),
        "may_settle": request.user.has_perm("imports.match"),
    }
    return _answer(request, "imports/doubts.html", "imports/_doubts.html", context)


@requires("imports.match")
@require_POST
def doubt_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked: the doubt leaves the list. The file or the register is corrected elsewhere."""
    doubt = visible_or_404(Doubt.objects.all(), request.user, pk=pk)
    Doubt.objects.filter(pk=doubt.pk, resolved_at__isnull=True).update(resolved_at=timezone.now())
    write_audit(action="doubt_settled", actor=request.user, subject="import", subject_id=doubt.import_file_id)
    return redirect("imports:doubts")
