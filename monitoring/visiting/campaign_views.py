"""Campaigns: the list, opening one, how far it is as a whole, which households are left, and ending it early."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters, problem
from households.ledger.services import write_audit
from households.models import Area, Campaign, Household
from households.paging import read_cursor, read_page, without
from households.staff.access import requires
from households.visits.campaign_filtersets import DEFAULT_QUERY, CampaignFilterSet
from households.visits.campaign_forms import CampaignForm, EndingForm
from households.visits.campaign_listing import (
    CURSOR,
    count_done,
    is_large,
    iterate_listed,
    read_campaign_page,
    read_place,
    village_of,
)
from households.visits.campaign_sheet import HIGHEST, write_campaign_sheet
from households.visits.campaigns import (
    SUBJECT,
    CampaignRefused,
    campaigns_around,
    concerned,
    done,
    end_campaign,
    ending_of,
    last_day,
    may_manage,
    open_campaign,
)
from monitoring.visiting.tabs import visit_tabs

PAGE_ROWS = 50
DONE = {"": None, "yes": True, "no": False}


@requires("visits.view")
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Those of one's area and around it, the newest first."""
    cursor, problems = read_cursor(request.GET, limit=PAGE_ROWS)
    problems = odd_parameters(request.GET, CURSOR) + problems
    context: dict[str, object] = {"tabs": visit_tabs(request, "campaigns:list"), "today": timezone.localdate()}
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "campaigns/list.html", context, status=400)
    shown = Campaign.objects.select_related("created_by")
    page = read_page(matching=campaigns_around(request.user), showing=shown, cursor=cursor)
    names = _names_of(page.rows)
    for campaign in page.rows:
        campaign.place = names.get(_code_of(campaign), "")
    return render(request, "campaigns/list.html", context | {"page": page})


def _code_of(campaign: Campaign) -> str:
    return campaign.village or campaign.township or campaign.county


def _names_of(campaigns: list[Campaign]) -> dict[str, str]:
    """Code → name, also of areas around the own one."""
    areas = Area.objects.filter(pk__in={_code_of(campaign) for campaign in campaigns})
    return {area.code: area.short_name for area in areas}


@requires("campaigns.manage")
@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None, areas=ScopeAreas(request.user.scope))
    if form.is_valid():
        try:
            campaign = open_campaign(**form.asked(), by=request.user)
        except CampaignRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Opened: tablets show it when they next fetch their households."))
            return redirect("campaigns:detail", campaign.pk)
    return render(request, "campaigns/new.html", {"form": form}, status=422 if form.errors else 200)


def _campaign_or_404(request: HttpRequest, pk: int) -> Campaign:
    campaign = campaigns_around(request.user).select_related("created_by").filter(pk=pk).first()
    if campaign is None:
        raise Http404
    return campaign


@requires("visits.view")
@require_GET
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is as a whole, and its households in one's area. An htmx request gets the list alone."""
    return _detail(request, _campaign_or_404(request, pk))


def _detail(
    request: HttpRequest, campaign: Campaign, form: EndingForm | None = None, status: int = 200
) -> HttpResponse:
    context = _listed(request, campaign)
    if request.htmx and not request.htmx.boosted and "problems" not in context:
        response = render(request, "campaigns/_results.html", context)
    else:
        context |= _about(request, campaign) | {"form": form or EndingForm()}
        status = 400 if "problems" in context else status
        response = render(request, "campaigns/detail.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _about(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    today = timezone.localdate()
    large = is_large(campaign)
    return {
        "place": _names_of([campaign]).get(_code_of(campaign), ""),
        "today": today,
        "last_day": last_day(campaign),
        "ending": ending_of(campaign),
        "may_end": may_manage(campaign, request.user) and campaign.closed_at is None and campaign.ends_on >= today,
        # Of a large county they are counted after the page has been shown.
        "figures": None if large else count_done(campaign),
    }


def _listed(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    """``rows`` and the addresses around them; or ``problems``; or ``too_wide``."""
    query = request.GET if request.method == "GET" and request.GET else DEFAULT_QUERY
    filters = CampaignFilterSet(query, campaign, who=request.user, also=CURSOR)
    place, back, problems = read_place(query, request.user)
    problems = filters.find_problems() + problems
    context: dict[str, object] = {"campaign": campaign, "filters": filters}
    if problems:
        return context | {"problems": list(BadParameters(problems).sentences())}
    context["chosen"] = filters.chosen
    context["query"] = without(query, *CURSOR)
    # Also after a refusal, which answers at another address.
    context["here"] = f"{reverse('campaigns:detail', args=[campaign.pk])}?{query.urlencode()}"
    if filters.is_too_wide():
        return context | {"too_wide": True}
    page = read_campaign_page(campaign, filters.qs, place, back=back, areas=filters.areas)
    return context | {
        "rows": page.rows,
        "first_url": f"?{without(query, *CURSOR)}",
        "previous_url": page.before and f"?{without(query, *CURSOR, before=page.before)}",
        "next_url": page.after and f"?{without(query, *CURSOR, after=page.after)}",
    }


@requires("visits.view")
@require_GET
def campaign_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of the whole area alone, for the page of a large one."""
    campaign = _campaign_or_404(request, pk)
    return render(request, "campaigns/_figures.html", {"campaign": campaign, "figures": count_done(campaign)})


@requires("campaigns.manage")
@require_POST
def campaign_end(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = _campaign_or_404(request, pk)
    if not may_manage(campaign, request.user):
        raise Http404
    form = EndingForm(request.POST)
    if form.is_valid():
        try:
            end_campaign(campaign_id=pk, reason=form.cleaned_data["reason"], by=request.user)
        except CampaignRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Ended: visits of later days do not count for it."))
            return redirect("campaigns:detail", pk)
    campaign.refresh_from_db()
    return _detail(request, campaign, form, status=422)


@requires("visits.view")
@require_GET
def campaign_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page lists, all of it, as XLSX. Logged: who took which list along."""
    campaign = _campaign_or_404(request, pk)
    query = request.GET or DEFAULT_QUERY
    filters = CampaignFilterSet(query, campaign, who=request.user)
    if filters.find_problems():
        raise Http404
    households = filters.qs
    if households.order_by()[: HIGHEST + 1].count() > HIGHEST:
        messages.error(
            request, _("More than %(count)s households: choose a township first.") % {"count": f"{HIGHEST:,}"}
        )
        return redirect("campaigns:detail", pk)
    file, rows = write_campaign_sheet(campaign, households, filters.areas.short_names)
    _note_download(request, campaign, rows, filters=without(query))
    return FileResponse(file, as_attachment=True, filename=f"campaign-{pk}.xlsx")


def _note_download(request: HttpRequest, campaign: Campaign, rows: int, **detail: object) -> None:
    write_audit(
        action="campaign_downloaded",
        actor=request.user,
        subject=SUBJECT,
        subject_id=campaign.pk,
        rows=rows,
        **detail,
    )


@requires("visits.view")
@require_GET
def campaign_village(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """All households of one village on one page, to be printed and taken along."""
    campaign = _campaign_or_404(request, pk)
    village = village_of(campaign, code, request.user)
    if village is None:
        raise Http404
    context: dict[str, object] = {"campaign": campaign, "area": village}
    asked = request.GET.get("done", "")
    problems = odd_parameters(request.GET, ("done",))
    if asked not in DONE:
        problems.append(problem("invalid_value", "done", ("yes", "no")))
    if problems:
        context["problems"] = list(BadParameters(problems).sentences())
        return render(request, "campaigns/village.html", context, status=400)
    context["rows"] = list(iterate_listed(campaign, _of_village(campaign, village, DONE[asked]), {}))
    context["asked"] = asked
    return render(request, "campaigns/village.html", context)


def _of_village(campaign: Campaign, village: Area, made: bool | None) -> QuerySet[Household]:
    households = concerned(campaign, among=Household.objects.filter(village=village.code))
    return households if made is None else done(campaign, households, yes=made)
