"""Sheets for the village's board: the QR code of its report page, and what everybody should know (明白纸)."""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from alerts.reports.host import PUBLIC_URLS, public_address
from alerts.reports.kinds import LEVEL
from alerts.reports.public_forms import RISKS
from alerts.sla import ANSWER_TO_REPORTER, STEPS, VERIFICATION
from households.areas.scope import Scope
from households.models import Area, Level
from households.staff.access import requires


@dataclass(frozen=True)
class Sheet:
    """What one village's sheet says that no other does."""

    village: Area
    address: str
    code: SafeString


def _villages(scope: Scope | None) -> list[Area]:
    """Those of the scope that still exist, in order of code. One query."""
    if scope is None:
        return []
    inside = Q(**{f"{scope.level}__in": scope.codes}, level=Level.VILLAGE)
    standing = Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate())
    return list(Area.objects.filter(inside & standing).select_related("parent").order_by("code"))


def _qr(address: str) -> SafeString:
    """As an image inside the page. A quarter of it may be dirty or torn before it cannot be read any more."""
    code = segno.make(address, error="q", boost_error=False, micro=False)
    return mark_safe(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308 - no input


def _sheets(request: HttpRequest, villages: Iterable[Area]) -> list[Sheet]:
    sheets = []
    for village in villages:
        address = public_address(request, reverse("report", PUBLIC_URLS, args=[village.code]))
        sheets.append(Sheet(village, address, _qr(address)))
    return sheets


@requires("reports.view")
@require_safe
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Choose villages; all of a township are one link."""
    groups: dict[Area, list[Area]] = {}
    for village in _villages(request.user.scope):
        groups.setdefault(village.parent, []).append(village)
    context = {"groups": list(groups.items()), "public_host": settings.PUBLIC_HOST}
    return render(request, "reports/sheets.html", context)


@requires("reports.view")
@require_safe
def sheet_print(request: HttpRequest) -> HttpResponse:
    """A page of paper for each village of ``?village=…&village=…`` or ``?township=…``; elsewhere is nowhere."""
    villages = _villages(request.user.scope)
    asked, township = set(request.GET.getlist("village")), request.GET.get("township")
    chosen = [village for village in villages if village.code in asked or village.township == township]
    if not settings.PUBLIC_HOST or not chosen or asked - {village.code for village in villages}:
        raise Http404
    context = {
        "sheets": _sheets(request, chosen),
        "risks": [label for value, label in RISKS if value != "other"],
        "verify_days": STEPS[VERIFICATION][LEVEL].days,
        "answer_days": ANSWER_TO_REPORTER.days,
        "contact": settings.PUBLIC_CONTACT,
    }
    return render(request, "reports/sheet.html", context)
