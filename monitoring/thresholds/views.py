"""The thresholds: the list, one with its history and form, the rehearsal, and the verbs of the county."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from households.areas.choices import ScopeAreas
from households.filtering import BadParameters
from households.models import Area, Threshold
from households.paging import without
from households.policy.services import ThresholdRefused, withdraw_threshold
from households.staff.access import requires
from monitoring.judgment.labels import SHARE, threshold_label, unit_label
from monitoring.judgment.rehearsal import From, rehearse
from monitoring.thresholds.entering import enter_threshold, stop_threshold
from monitoring.thresholds.forms import LastDayForm, RehearsalForm, ThresholdForm
from monitoring.thresholds.overview import (
    areas_read,
    known_codes,
    rules_reading,
    sealed_until,
    threshold_history,
    threshold_overview,
    unit_of,
)
from monitoring.thresholds.rehearsing import CURSOR, counts_context, read_changed, read_start


@requires("thresholds.view")
@require_GET
def threshold_list(request: HttpRequest) -> HttpResponse:
    known = threshold_overview()
    context = {
        "missing": [threshold for threshold in known if threshold.now is None],
        "holding": [threshold for threshold in known if threshold.now is not None],
        "share": SHARE,
    }
    return render(request, "thresholds/list.html", context)


def _unit_or_404(code: str) -> str:
    """The unit of a threshold that some rule reads."""
    if code not in known_codes():
        raise Http404
    return unit_of(code, Threshold.objects.filter(code=code).order_by("-id")[:1])


@requires("thresholds.view")
@require_GET
def threshold_detail(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit_or_404(code)
    return _detail(request, code, unit, ThresholdForm(unit=unit, url=_rehearsal_url(code)))


def _rehearsal_url(code: str) -> str:
    return reverse("thresholds:rehearsal", kwargs={"code": code})


def _detail(
    request: HttpRequest, code: str, unit: str, form: ThresholdForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "form": form,
        "history": threshold_history(code),
        "sealed_until": sealed_until(),
        "above": Area.objects.filter(code__in=areas_read()[:-1]).order_by("-code"),
    }
    context |= _named(code, unit) | more
    return render(request, "thresholds/detail.html", context, status=status)


def _named(code: str, unit: str) -> dict[str, object]:
    return {
        "code": code,
        "named": threshold_label(code),
        "unit": "" if unit == SHARE else unit_label(unit),
        "reading": rules_reading(code),
    }


@requires("thresholds.manage")
@require_POST
def threshold_try(request: HttpRequest, code: str) -> HttpResponse:
    """What the typed value would change, below the form with everything that was typed. Writes nothing."""
    unit = _unit_or_404(code)
    tried = _rehearsal_form(request, code, unit, QueryDict(urlencode({"value": request.POST.get("value", "")})))
    form = ThresholdForm(unit=unit, url=_rehearsal_url(code), initial=request.POST.dict())
    if not tried.is_valid():
        context = {"form_problem": tried.errors["value"][0], "problem_field": tried.fields["value"].label}
        return _detail(request, code, unit, form, status=422, **context)
    return _detail(request, code, unit, form, **_counts(request, code, unit, tried))


def _rehearsal_form(request: HttpRequest, code: str, unit: str, query: QueryDict | None) -> RehearsalForm:
    return RehearsalForm(query, unit=unit, areas=ScopeAreas(request.user.scope), url=_rehearsal_url(code))


@requires("thresholds.manage")
@require_POST
def threshold_add(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit_or_404(code)
    form = ThresholdForm(request.POST, unit=unit, url=_rehearsal_url(code))
    if form.is_valid():
        try:
            threshold, ended = enter_threshold(code=code, by=request.user, **form.what_was_typed())
        except ThresholdRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Entered: it holds from %(day)s on.") % {"day": threshold.valid_from})
            if ended is not None:
                messages.info(request, _("The value before it ends on %(day)s.") % {"day": ended.valid_until})
            return redirect("thresholds:detail", code=code)
    return _detail(request, code, unit, form, status=422)


def _own_or_404(code: str, pk: int) -> Threshold:
    """A value of the county; the province's are read-only."""
    threshold = Threshold.objects.filter(pk=pk, code=code, area_id=areas_read()[-1]).first()
    if threshold is None:
        raise Http404
    return threshold


@requires("thresholds.manage")
@require_POST
def threshold_end(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    threshold = _own_or_404(code, pk)
    form = LastDayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Last day: %(error)s") % {"error": form.errors["last_day"][0]})
        return redirect("thresholds:detail", code=code)
    try:
        stop_threshold(threshold=threshold, last_day=form.cleaned_data["last_day"], by=request.user)
    except ThresholdRefused as refused:
        messages.error(request, _("Last day: %(error)s") % {"error": refused})
    else:
        messages.success(request, _("It holds until %(day)s.") % {"day": form.cleaned_data["last_day"]})
    return redirect("thresholds:detail", code=code)


@requires("thresholds.manage")
@require_POST
def threshold_withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    try:
        withdraw_threshold(threshold=_own_or_404(code, pk), by=request.user)
    except ThresholdRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Withdrawn before it started."))
    return redirect("thresholds:detail", code=code)


PARTS = {"rehearsal": "_rehearsal.html", "tried": "_tried.html", "results": "_changed.html"}


@requires("thresholds.view")
@require_GET
def threshold_rehearsal(request: HttpRequest, code: str) -> HttpResponse:
    """The whole page; an htmx request gets the counts, the list, or both, by the element that it replaces."""
    unit = _unit_or_404(code)
    part = request.htmx.target if request.htmx and request.htmx.target in PARTS else ""
    form = _rehearsal_form(request, code, unit, request.GET if "value" in request.GET else None)
    context: dict[str, Any] = {"form": form} | _named(code, unit)
    status = 200
    try:
        context |= _what_would_change(request, code, unit, form, part)
    except BadParameters as bad:
        context["problems"] = list(bad.sentences())
    if context.keys() & {"problems", "form_problem"}:
        status = 422 if part else 400
    template = f"thresholds/{PARTS.get(part, 'rehearsal.html')}"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _what_would_change(
    request: HttpRequest, code: str, unit: str, form: RehearsalForm, part: str
) -> dict[str, object]:
    """The counts, the list or both. Raises ``BadParameters``."""
    start = read_start(request.GET)
    if not form.is_bound:
        return {}
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        return {"form_problem": errors[0], "problem_field": form.fields[name].label}
    if not rules_reading(code):
        return {"no_rules": True}
    context = {} if part == "results" else _counts(request, code, unit, form)
    return context | ({} if part == "rehearsal" or form.run is None else _changed(request, code, form, start))


def _counts(request: HttpRequest, code: str, unit: str, form: RehearsalForm) -> dict[str, object]:
    run, value = form.run, form.cleaned_data["value"]
    if not rules_reading(code):
        return {"no_rules": True}
    if run is None:
        return {"nothing_judged": True}
    rehearsal = rehearse(run=run, code=code, value=value, who=request.user)
    query = urlencode({"value": f"{value.normalize():f}", "month": f"{run.month:%Y-%m}"})
    list_url = f"{_rehearsal_url(code)}?{query}"
    return counts_context(rehearsal, form.areas, unit) | {"list_url": list_url}


def _changed(request: HttpRequest, code: str, form: RehearsalForm, start: From | None) -> dict[str, object]:
    data = form.cleaned_data
    page = read_changed(
        run=form.run,
        code=code,
        value=data["value"],
        who=request.user,
        change=data["change"],
        township=data["township"],
        start=start,
        areas=form.areas,
    )
    here = f"{request.path}?{without(request.GET, *CURSOR)}"
    return {
        "rows": page.rows,
        "first_url": here,
        "previous_url": page.before and f"{here}&before={page.before}",
        "next_url": page.after and f"{here}&after={page.after}",
    }
