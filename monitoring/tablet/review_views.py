"""Uploads that were kept for review (待核上传): the list, everything that one of them said, and deciding on it."""

from collections.abc import Callable, Collection

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from households.areas.choices import ScopeAreas
from households.desk.forms import DayField
from households.filtering import BadParameters
from households.ledger.services import write_audit
from households.models import Household
from households.paging import read_cursor, read_page, without
from households.privacy.seal import unseal_bytes
from households.refusal import NotPossible
from households.staff.access import requires, visible_or_404
from monitoring.tablet.clocks import clock_words
from monitoring.tablet.models import HeldFor, HeldPhoto, Upload, UploadState
from monitoring.tablet.review_filtersets import UploadFilterSet
from monitoring.tablet.review_telling import WHY, beside, names_of, payload_of, tell_payload
from monitoring.tablet.reviewing import LONGEST_REASON, SUBJECT, accept_upload, set_aside_upload
from monitoring.visiting.tabs import visit_tabs

PAGE_ROWS = 50
CURSOR = ("before", "after")
SHOWING = Upload.objects.select_related("household", "sender", "decided_by").defer("payload_sealed")
UPLOADS = Upload.objects.select_related("household", "sender", "decided_by", "visit")


class DecisionForm(forms.Form):
    """One reason for both buttons: without one nothing is set aside. The day is asked for where it was wrong."""

    on = DayField(
        label=gettext_lazy("Day of the visit"),
        required=False,
        help_text=gettext_lazy("If you know it; otherwise it counts on the day on which it came in."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("Needed when it is set aside."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, upload: Upload, *args: object):
        super().__init__(*args)
        if upload.held_for != HeldFor.FUTURE:
            del self.fields["on"]


@requires("visits.decide")
@require_GET
def upload_list(request: HttpRequest) -> HttpResponse:
    """Those that wait, the newest first. An htmx request gets the results alone."""
    filters = UploadFilterSet(request.GET, who=request.user, also=CURSOR)
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"filters": filters, "tabs": visit_tabs(request, "uploads:list")}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "tablet_review/list.html", context, status=400)
    page = read_page(matching=filters.listed, showing=SHOWING, cursor=cursor)
    for upload in page.rows:
        upload.place = filters.areas.short_names.get(upload.village or upload.township or "", "")
        upload.clock = clock_words(upload.clock_behind)
    context |= {
        "rows": page.rows,
        "waiting": not request.GET.get("state") or request.GET["state"] == UploadState.HELD,
        "first_url": f"?{without(request.GET, *CURSOR)}",
        "previous_url": page.newer and f"?{without(request.GET, *CURSOR, after=page.newer)}",
        "next_url": page.older and f"?{without(request.GET, *CURSOR, before=page.older)}",
    }
    partial = request.htmx and not request.htmx.boosted
    response = render(request, "tablet_review/_results.html" if partial else "tablet_review/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("visits.decide")
@require_GET
def upload_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that it said. Reading it is noted like reading the household's page."""
    upload = _find(request, pk)
    return _page(request, upload, DecisionForm(upload))


def _find(request: HttpRequest, pk: int) -> Upload:
    """What waits for a person, or a person has decided on; what was stored at once is a visit's page."""
    return visible_or_404(UPLOADS.exclude(state=UploadState.STORED), request.user, pk=pk)


def _page(request: HttpRequest, upload: Upload, form: DecisionForm, status: int = 200) -> HttpResponse:
    write_audit(action="upload_read", actor=request.user, subject=SUBJECT, subject_id=upload.pk)
    names = names_of(upload.household_id)
    other = _other_version(request, upload)
    told = tell_payload(payload_of(upload), names)
    there = tell_payload(payload_of(other), names) if other else None
    areas = ScopeAreas(request.user.scope)
    context = {
        "upload": upload,
        "other": other,
        "rows": beside(told, there),
        "why": WHY.get(upload.held_for, ""),
        "place": areas.short_names.get(upload.village or upload.township or "", ""),
        "clock": clock_words(upload.clock_behind),
        "lives_here": Household.objects.visible_to(request.user).filter(pk=upload.household_id).exists(),
        "photos": HeldPhoto.objects.filter(upload=upload).defer("sealed"),
        "waits": upload.state == UploadState.HELD,
        "form": form,
    }
    return render(request, "tablet_review/detail.html", context, status=status)


def _other_version(request: HttpRequest, upload: Upload) -> Upload | None:
    """What came before under the same number: first what became a visit."""
    rows = UPLOADS.visible_to(request.user).filter(uid=upload.uid, household=upload.household_id)
    versions = list(rows.exclude(pk=upload.pk).order_by("pk")[:20])
    return next((row for row in versions if row.visit_id), versions[0] if versions else None)


@requires("visits.decide")
@never_cache
@require_GET
def upload_photo(request: HttpRequest, pk: int, photo_pk: int) -> HttpResponse:
    """One photo of it, opened as it is asked for; it stays nowhere on the way."""
    photo = HeldPhoto.objects.filter(upload=_find(request, pk), pk=photo_pk).first()
    if photo is None:
        raise Http404
    response = HttpResponse(unseal_bytes(photo.sealed), content_type="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    return response


@requires("visits.decide")
@require_http_methods(["GET", "POST"])
def upload_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, accept_upload, ("reason", "on"), _("Accepted: it is a visit now."))


@requires("visits.decide")
@require_http_methods(["GET", "POST"])
def upload_set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, set_aside_upload, ("reason",), _("Set aside: it stays to be read here."))


def _decide(
    request: HttpRequest, pk: int, verb: Callable[..., Upload], names: Collection[str], told: str
) -> HttpResponse:
    """After a refusal this address stands in the browser: loaded again, it shows the upload."""
    if request.method == "GET":
        return redirect("uploads:detail", pk)
    upload = _find(request, pk)
    form = DecisionForm(upload, request.POST)
    if form.is_valid():
        try:
            given = {name: value for name, value in form.cleaned_data.items() if name in names}
            verb(upload_id=pk, by=request.user, **given)
        except NotPossible as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, told)
            return redirect("uploads:list")
    upload.refresh_from_db()
    return _page(request, upload, form, 422)
