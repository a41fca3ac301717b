"""Campaigns (集中排查): every household of an area is visited between two days.

Nothing is written but the campaign itself: whether a household is done is a question about visits.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from households.areas.models import Area, Level
from households.areas.scope import Placed
from households.ledger.models import Event
from households.ledger.services import record_event, write_audit
from households.refusal import Refused
from households.registry.models import Household, HouseholdFact, HouseholdKind
from households.staff.models import User
from households.visits.models import Campaign, Visit

SUBJECT = "campaign"
# Longer is no campaign but the year's work.
LONGEST_DAYS = 366
LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


class CampaignRefused(Refused):
    """``field`` names what is wrong in the form; empty where it is the campaign itself."""

    def __init__(self, sentence: str, field: str = ""):
        super().__init__(sentence)
        self.field = field


def campaigns_around(who: Placed) -> QuerySet[Campaign]:
    """The campaigns whose area lies in the scope of ``who`` or around it; none for somebody who stands nowhere.

    A county-wide campaign is the work of every village in it, so whoever is posted there sees it.
    """
    scope = who.scope
    if scope is None or not scope.codes:
        return Campaign.objects.none()
    if scope.level == Level.COUNTY:
        return Campaign.objects.filter(county__in=scope.codes)
    around = Q()
    for code in scope.codes:
        around |= _around(code)
    return Campaign.objects.filter(around)


def _around(code: str) -> Q:
    """Campaigns of a township or village, of what lies around it, and (for a township) of its villages."""
    county, township = code[:6], code[:9]
    if code == township:
        return Q(county=county) & (Q(township__isnull=True) | Q(township=township))
    whole = Q(township__isnull=True) | Q(township=township, village__isnull=True)
    return Q(county=county) & (whole | Q(village=code))


def open_campaigns(village_code: str, today: dt.date, *, ahead: int = 0) -> list[Campaign]:
    """The campaigns that run in a village on a day or begin within ``ahead`` days after it, the one that ends
    first before the others. One query.
    """
    begun = today + dt.timedelta(days=ahead)
    running = Campaign.objects.filter(starts_on__lte=begun, ends_on__gte=today, closed_at__isnull=True)
    return list(running.filter(_around(village_code)).order_by("ends_on", "pk"))


def last_day(campaign: Campaign) -> dt.date:
    """The last day whose visits count: a campaign that was ended early ends on that day."""
    if campaign.closed_at is None:
        return campaign.ends_on
    return min(campaign.ends_on, timezone.localdate(campaign.closed_at))


def campaign_visits(campaign: Campaign) -> QuerySet[Visit]:
    """The visits that count: made on a day of the campaign, wherever, and not taken back since."""
    return Visit.objects.current().filter(visited_on__range=(campaign.starts_on, last_day(campaign)))


def campaign_households(campaign: Campaign, *, among: QuerySet[Household] | None = None) -> QuerySet[Household]:
    """The households that a campaign is about, each with ``done_by`` (id of the first visit that counts) and
    ``done_on`` (its day); both None where none was made.

    Those that live in the area today; ``among``: of these only (a village, somebody's scope).
    """
    first = campaign_visits(campaign).filter(household=OuterRef("pk")).order_by("visited_on", "pk")
    return concerned(campaign, among=among).annotate(
        done_by=Subquery(first.values("pk")[:1]), done_on=Subquery(first.values("visited_on")[:1])
    )


def concerned(campaign: Campaign, *, among: QuerySet[Household] | None = None) -> QuerySet[Household]:
    """The households of ``campaign_households`` without saying which are done."""
    rows = Household.objects.all() if among is None else among
    rows = rows.filter(gone_on__isnull=True, **place_of(campaign))
    if campaign.everybody:
        return rows
    facts = HouseholdFact.objects.current()
    newer = facts.filter(household=OuterRef("household")).filter(
        Q(as_of__gt=OuterRef("as_of"))
        | Q(as_of=OuterRef("as_of"), batch__gt=OuterRef("batch"))
        | Q(as_of=OuterRef("as_of"), batch=OuterRef("batch"), pk__gt=OuterRef("pk"))
    )
    looked_after = Q(category__gt="") | Q(kind=HouseholdKind.LIFTED)
    # Asked of the fact and not of each household: a county's facts are read once.
    return rows.filter(Exists(facts.filter(looked_after, ~Exists(newer), household=OuterRef("pk"))))


def done(campaign: Campaign, households: QuerySet[Household], *, yes: bool = True) -> QuerySet[Household]:
    """Those of ``households`` that were (``yes``) or were not visited yet."""
    made = Exists(campaign_visits(campaign).filter(household=OuterRef("pk")))
    return households.filter(made if yes else ~made)


def place_of(campaign: Campaign) -> dict[str, str]:
    """The column and code that its households share: ``{"township": "420527103"}``."""
    for level in ("village", "township"):
        if code := getattr(campaign, level):
            return {level: code}
    return {"county": campaign.county}


def may_manage(campaign: Campaign, user: User) -> bool:
    """Whether it is of the own area: a township ends no campaign of the county."""
    covers = user.scope is not None and user.scope.covers(campaign.county, campaign.township, campaign.village)
    return covers and user.has_perm("campaigns.manage")


@transaction.atomic
def open_campaign(
    *,
    name: str,
    area: str,
    starts_on: dt.date,
    ends_on: dt.date,
    by: User,
    words: str = "",
    everybody: bool = True,
) -> Campaign:
    """Opens one of a county, township or village (``area``: its code) that lies in the scope of ``by``.

    Raises ``CampaignRefused`` for another area, for days that are no span, and for a name that is in use there.
    """
    _require_right(by)
    place = _locked_area(area, by)
    if ends_on < starts_on:
        raise CampaignRefused(_("The last day lies before the first day."), "ends_on")
    if ends_on < timezone.localdate():
        raise CampaignRefused(_("The last day is over already."), "ends_on")
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise CampaignRefused(_("A campaign lasts a year at most."), "ends_on")
    where: dict[str, Any] = {level: getattr(place, level) for level in ("county", "township", "village")}
    if Campaign.objects.filter(**_exactly(where), name=name, closed_at__isnull=True).exists():
        raise CampaignRefused(_("A campaign of this name is open there already."), "name")
    campaign = Campaign.objects.create(
        name=name, words=words, starts_on=starts_on, ends_on=ends_on, everybody=everybody, created_by=by, **where
    )
    _note(campaign, "campaign_opened", by, day=f"{starts_on}", until=f"{ends_on}")
    return campaign


def _require_right(by: User) -> None:
    if not by.has_perm("campaigns.manage"):
        raise PermissionDenied


def _locked_area(code: str, by: User) -> Area:
    """Of two people who open the same campaign one comes after the other."""
    area = Area.objects.filter(pk=code, level__in=LEVELS).select_for_update(no_key=True).first()
    scope = by.scope
    if area is None or scope is None or not scope.covers(area.county, area.township, area.village):
        raise CampaignRefused(_("This area is not one of yours."), "area")
    return area


def _exactly(where: dict[str, Any]) -> dict[str, Any]:
    return {level if code else f"{level}__isnull": code or True for level, code in where.items()}


@transaction.atomic
def end_campaign(*, campaign_id: int, reason: str, by: User) -> Campaign:
    """Ends one early: visits of later days do not count any more. Why stands in its event.

    Raises ``Campaign.DoesNotExist`` for one that is not of the area of ``by``, ``CampaignRefused`` without a
    reason and for one that is over.
    """
    _require_right(by)
    campaign = Campaign.objects.visible_to(by).select_for_update().get(pk=campaign_id)
    if not reason.strip():
        raise CampaignRefused(_("Say why."), "reason")
    if campaign.closed_at is not None:
        raise CampaignRefused(
            _("This campaign was ended on %(day)s already.")
            % {"day": f"{timezone.localdate(campaign.closed_at):%Y-%m-%d}"}
        )
    if campaign.ends_on < timezone.localdate():
        raise CampaignRefused(_("This campaign is over since %(day)s.") % {"day": f"{campaign.ends_on:%Y-%m-%d}"})
    campaign.closed_at = timezone.now()
    campaign.save(update_fields=["closed_at"])
    _note(campaign, "campaign_ended", by, note=reason.strip(), day=f"{last_day(campaign)}")
    return campaign


def ending_of(campaign: Campaign) -> Event | None:
    """The event that says who ended it early, when and why."""
    if campaign.closed_at is None:
        return None
    events = Event.objects.filter(kind="campaign_ended", subject=SUBJECT, subject_id=campaign.pk)
    return events.select_related("actor").order_by("-pk").first()


def _note(campaign: Campaign, kind: str, by: User, note: str = "", **detail: object) -> None:
    record_event(
        kind=kind, subject=SUBJECT, subject_id=campaign.pk, place=campaign, actor=by, note=note, detail=detail
    )
    write_audit(action=kind, actor=by, subject=SUBJECT, subject_id=campaign.pk, **detail)
