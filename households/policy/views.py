"""The work calendar: a year at a glance, and for the county's administrator entering and changing days."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from households.policy.calendar import known_years
from households.policy.calendar_entries import enter_days, remove_day
from households.policy.calendar_year import calendar_year
from households.policy.forms import EARLIEST_YEAR, LATEST_YEAR, DayForm, NoticeForm
from households.policy.notice_lines import SAMPLE
from households.refusal import Refused
from households.staff.access import requires


def _year_or_404(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not EARLIEST_YEAR <= int(text) <= LATEST_YEAR:
        raise Http404
    return int(text)


@requires("calendar.view")
@require_GET
def year(request: HttpRequest) -> HttpResponse:
    shown = _year_or_404(request.GET.get("year", str(timezone.localdate().year)))
    return _page(request, shown, NoticeForm(initial={"year": shown}), DayForm())


def _page(
    request: HttpRequest, shown: int, notice_form: NoticeForm, day_form: DayForm, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    known = known_years()
    context = {
        "shown": shown,
        "year": calendar_year(shown, today),
        "years": [
            {"label": each, "url": f"{reverse('calendar:year')}?year={each}", "active": each == shown}
            for each in sorted({*known, today.year, today.year + 1, shown})
        ],
        "sample": SAMPLE,
        "notice_form": notice_form,
        "day_form": day_form,
    }
    return render(request, "calendar/year.html", context, status=status)


def _back_to(shown: int) -> HttpResponse:
    return redirect(f"{reverse('calendar:year')}?year={shown}")


@requires("calendar.manage")
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST)
    if form.is_valid():
        try:
            entered = enter_days(days=form.days, by=request.user)
        except Refused as refused:
            form.add_error("lines", str(refused))
        else:
            messages.success(
                request,
                _("%(new)s days entered, %(changed)s changed, %(same)s known already.")
                % {"new": entered.new, "changed": entered.changed, "same": entered.same},
            )
            return _back_to(form.cleaned_data["year"])
    shown = form.cleaned_data.get("year") or timezone.localdate().year
    return _page(request, shown, form, DayForm(), status=422)


@requires("calendar.manage")
@require_POST
def change_day(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST)
    if form.is_valid():
        day, special = form.cleaned_data["day"], form.special
        try:
            if special is not None:
                enter_days(days=[special], by=request.user)
            else:
                remove_day(day=day, by=request.user)
        except Refused as refused:
            form.add_error("day", str(refused))
        else:
            messages.success(request, _("%(day)s is changed.") % {"day": day})
            return _back_to(day.year)
    day = form.cleaned_data.get("day") or timezone.localdate()
    return _page(request, day.year, NoticeForm(initial={"year": day.year}), form, status=422)
