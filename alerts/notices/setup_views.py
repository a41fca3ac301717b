"""What a county sets up: its own words for notices, and the ways by which they go out."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts.notices.connecting import GatewayRefused, save_gateway, send_test
from alerts.notices.forms import GatewayForm, WordsForm
from alerts.notices.kinds import KINDS
from alerts.notices.models import Gateway, NoticeTemplate
from alerts.notices.placeholders import PLACEHOLDERS, fill, placeholders_of, words_of
from alerts.notices.rewording import back_to_default, change_words
from alerts.notices.tabs import county_tabs
from alerts.notices.wording import Wording, Words
from households.refusal import Refused
from households.staff.access import requires

# What a new gateway starts from.
EXAMPLE = """{
  "phone": "{{ phone }}",
  "content": "{{ text }} {{ url }}",
  "id": "{{ id }}"
}"""


@requires("notices.manage")
@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    own = {row.kind: row for row in NoticeTemplate.objects.select_related("changed_by")}
    wording = Wording([], chinese=True)
    kinds = [{"code": code, "words": wording.patterns(code), "own": own.get(code)} for code in KINDS]
    return render(request, "notices/templates.html", {"kinds": kinds, "tabs": county_tabs("templates")})


def _sample(kind: str, title: str, text: str) -> Words:
    """The words with made-up values."""
    values = {name: PLACEHOLDERS[name].sample for name in KINDS[kind].values}
    wording = Wording([values], chinese=True)
    words = words_of(values, places=wording.places, chinese=True)
    return Words(fill(title, words), fill(text, words))


@requires("notices.manage")
@require_http_methods(["GET", "POST"])
def template_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """``preview`` among what was sent shows the words with made-up values and saves nothing."""
    if kind not in KINDS:
        raise Http404
    now = Wording([], chinese=True).patterns(kind)
    form = WordsForm(request.POST or None, kind=kind, initial={"title": now.title, "text": now.text})
    if form.is_valid() and "preview" not in request.POST:
        change_words(kind=kind, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Notices that still wait go out with these words, too."))
        return redirect("notices:templates")
    words = form.cleaned_data if form.is_bound and form.is_valid() else {"title": now.title, "text": now.text}
    context = {
        "form": form,
        "kind": kind,
        "default": KINDS[kind],
        "own": NoticeTemplate.objects.filter(kind=kind).select_related("changed_by").first(),
        "sample": None if form.errors else _sample(kind, **words),
        "placeholders": [(name, PLACEHOLDERS[name].label) for name in KINDS[kind].values],
    }
    return render(request, "notices/template.html", context, status=422 if form.errors else 200)


@requires("notices.manage")
@require_POST
def template_reset(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    back_to_default(kind=kind, by=request.user)
    messages.success(request, _("The default words hold again."))
    return redirect("notices:template", kind=kind)


@requires("notices.manage")
@require_GET
def gateway_list(request: HttpRequest) -> HttpResponse:
    gateways = list(Gateway.objects.all())
    for gateway in gateways:
        gateway.to_each = "phone" in placeholders_of(gateway.body)
        gateway.lacks_secret = bool(gateway.secret_variable) and not settings.GATEWAY_SECRETS.get(
            gateway.secret_variable
        )
    context = {
        "gateways": gateways,
        "tabs": county_tabs("gateways"),
        "by_email": bool(settings.EMAIL_URL),
        "email_from": settings.DEFAULT_FROM_EMAIL,
        "links": settings.SITE_URL,
    }
    return render(request, "notices/gateways.html", context)


@requires("notices.manage")
@require_http_methods(["GET", "POST"])
def gateway_add(request: HttpRequest) -> HttpResponse:
    return _gateway_form(request, Gateway(body=EXAMPLE))


@requires("notices.manage")
@require_http_methods(["GET", "POST"])
def gateway_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _gateway_form(request, get_object_or_404(Gateway, pk=pk))


def _gateway_form(request: HttpRequest, gateway: Gateway) -> HttpResponse:
    name = gateway.name
    form = GatewayForm(request.POST or None, instance=gateway)
    if form.is_valid():
        try:
            dropped = save_gateway(gateway=form.save(commit=False), by=request.user)
        except GatewayRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Saved."))
            if dropped:
                messages.info(request, _("%(count)s waiting deliveries were dropped.") % {"count": dropped})
            return redirect("notices:gateways")
    context = {"form": form, "name": name}
    return render(request, "notices/gateway.html", context, status=422 if form.errors else 200)


@requires("notices.manage")
@require_POST
def gateway_test(request: HttpRequest, pk: int) -> HttpResponse:
    return _test(request, get_object_or_404(Gateway, pk=pk))


@requires("notices.manage")
@require_POST
def email_test(request: HttpRequest) -> HttpResponse:
    return _test(request, None)


def _test(request: HttpRequest, gateway: Gateway | None) -> HttpResponse:
    try:
        send_test(gateway=gateway, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("notices:gateways")
    messages.success(request, _("The test goes out within ten seconds. What became of it stands in this list."))
    return redirect("notices:deliveries")
