"""Pages of the public host: no session, no cookie, no script. Chinese first, English with ``?lang=en``."""

import time
from collections.abc import Callable
from functools import lru_cache, wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from alerts.reports import guessing
from alerts.reports.host import inner_urls
from alerts.reports.limits import REMEMBERED
from alerts.reports.public_forms import ForSomebodyForm, ReceiptForm, ReportForm
from alerts.reports.receipts import find_report, standing_of
from alerts.reports.receiving import Written, new_token, receive_report
from households.models import Area, Level

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def public(view: Callable) -> Callable:
    """A page for everybody: nothing to sign in to, hence nothing that another site could make a browser do."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with translation.override(LANGUAGES.get(request.GET.get("lang", ""), "zh-hans")):
            return view(request, *args, **kwargs)

    return csrf_exempt(login_not_required(answered))


def _page(request: HttpRequest, template: str, status: int = 200, **context: object) -> HttpResponse:
    """A form with errors is 200 as well: operators of old phones replace pages of another status."""
    english = translation.get_language() == "en"
    context |= {
        "english": english,
        "query": "?lang=en" if english else "",
        "other_url": request.path if english else f"{request.path}?lang=en",
        "site_name": settings.SITE_NAME,
        "contact": settings.PUBLIC_CONTACT,
    }
    headers = {"Content-Language": translation.get_language(), "X-Robots-Tag": "noindex"}
    return HttpResponse(render_to_string(f"public/{template}", context), status=status, headers=headers)


def _in_use() -> Q:
    today = timezone.localdate()
    return Q(county=settings.COUNTY_CODE) & (Q(valid_until__isnull=True) | Q(valid_until__gte=today))


@public
@require_safe
def townships(request: HttpRequest) -> HttpResponse:
    """Whoever came without a QR code chooses a township, then a village."""
    areas = Area.objects.filter(_in_use(), level=Level.TOWNSHIP).order_by("code")
    return _page(request, "places.html", areas=areas, kind="t")


@public
@require_safe
def villages(request: HttpRequest, code: str) -> HttpResponse:
    township = Area.objects.filter(_in_use(), level=Level.TOWNSHIP, code=code).first()
    if township is None:
        raise Http404
    areas = Area.objects.filter(_in_use(), level=Level.VILLAGE, township=code).order_by("code")
    return _page(request, "places.html", areas=areas, kind="v", township=township)


def _village(code: str) -> Area | None:
    """The village, or for the code on an old sheet the one that it has become a part of.

    A process remembers it for half a minute: the same villages are asked for again and again.
    """
    return _village_of(code, int(time.monotonic()) // REMEMBERED)


@lru_cache(maxsize=512)
def _village_of(code: str, _half_minute: int) -> Area | None:
    areas = Area.objects.select_related("parent", "successor__parent").filter(level=Level.VILLAGE)
    village = areas.filter(county=settings.COUNTY_CODE, code=code).first()
    if village is None or village.valid_until is None or village.valid_until >= timezone.localdate():
        return village
    return village.successor


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    return _report(request, code, ReportForm, "report.html")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def report_for_somebody(request: HttpRequest, code: str) -> HttpResponse:
    return _report(request, code, ForSomebodyForm, "report_for_somebody.html")


def _report(request: HttpRequest, code: str, form_class: type[ReportForm], template: str) -> HttpResponse:
    village = _village(code)
    if village is None:
        raise Http404
    if village.code != code and request.method != "POST":
        return HttpResponseRedirect(request.get_full_path().replace(code, village.code, 1))
    form = form_class(request.POST if request.method == "POST" else None, initial={"token": new_token()})
    if not form.is_valid():
        return _page(request, template, form=form, village=village)
    written = Written(
        token=form.cleaned_data["token"],
        village=village,
        risk=form.cleaned_data["risk"],
        name=form.cleaned_data["name"],
        phone=form.cleaned_data["phone"],
        group=form.cleaned_data["group"],
        words=form.cleaned_data.get("words", ""),
        identity=form.cleaned_data.get("identity", ""),
        for_other=form_class is ForSomebodyForm,
        trap=bool(form.cleaned_data["homepage"]),
    )
    with inner_urls():
        received = receive_report(written=written)
    # No redirect: the receipt is shown here and nowhere else, and stands in no address.
    return _page(request, "received.html", receipt=received.receipt, village=village)


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """How a report stands. A wrong receipt and a wrong number get the same answer."""
    form = ReceiptForm(request.POST or None)
    if not form.is_valid():
        return _page(request, "receipt.html", form=form)
    number = form.cleaned_data["receipt"]
    if not guessing.may_try(number):
        return _page(request, "receipt.html", form=form, too_often=True)
    found = find_report(receipt=number, last_four=form.cleaned_data["last_four"])
    if found is None:
        guessing.note_wrong()
        return _page(request, "receipt.html", form=form, not_found=True)
    guessing.note_right(number)
    return _page(request, "standing.html", standing=standing_of(found))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    with translation.override("zh-hans"):
        return _page(request, "message.html", 404)


def out_of_order(request: HttpRequest) -> HttpResponse:
    """Without the database: whoever is in need reads whom to call."""
    with translation.override("zh-hans"):
        return _page(request, "message.html", 500, broken=True)
