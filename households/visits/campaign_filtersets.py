"""The filters of the households of a campaign, and of the list of campaigns."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.areas.choices import ScopeAreas
from households.areas.models import Level
from households.filtering import StrictFilterSet
from households.registry.models import Household
from households.staff.models import User
from households.visits.campaign_listing import is_large
from households.visits.campaigns import concerned, done, place_of
from households.visits.models import Campaign

ALL = _("All")
# What is left to do is what somebody opens the page for.
DEFAULT_QUERY = QueryDict("done=no")


class CampaignFilterSet(StrictFilterSet):
    """The households of a campaign in the scope of ``who``."""

    done = ChoiceFilter(
        label=_("Status"),
        choices=[("no", _("Not visited yet")), ("yes", _("Visited"))],
        empty_label=ALL,
        method="by_done",
    )
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)

    class Meta:
        model = Household
        fields: list[str] = []

    def __init__(self, query: QueryDict, campaign: Campaign, *, who: User, also: tuple[str, ...] = ()):
        self.campaign = campaign
        self.who = who
        super().__init__(query, concerned(campaign, among=Household.objects.visible_to(who)), also=also)
        self.areas = ScopeAreas(who.scope)
        self.filters["township"].extra["choices"] = self._townships
        self.filters["village"].extra["choices"] = self._villages
        scope = who.scope
        if scope is None or scope.level != Level.COUNTY or campaign.township:
            self.filters["township"].extra["widget"] = HiddenInput
        if campaign.village or scope is None or (scope.level == Level.VILLAGE and len(scope.codes) == 1):
            self.filters["village"].extra["widget"] = HiddenInput

    def _inside(self, codes: Iterable[str]) -> set[str]:
        """Of some codes those that lie in the campaign's area or around it."""
        (place,) = place_of(self.campaign).values()
        return {code for code in codes if code.startswith(place) or place.startswith(code)}

    def _townships(self) -> list[tuple[str, str]]:
        inside = self._inside(self.areas.names)
        return [(code, name) for code, name in self.areas.townships() if code in inside]

    def _villages(self) -> list[Any]:
        inside = self._inside(self.areas.names)
        chosen = self.data.get("township") or ""
        found: list[Any] = []
        for key, label in self.areas.villages():
            if isinstance(label, list):
                group = [(code, name) for code, name in label if code in inside and code.startswith(chosen)]
                found += [(key, group)] if group else []
            elif key in inside:
                found.append((key, label))
        return found

    def by_done(self, households: QuerySet, _name: str, value: str) -> QuerySet:
        return done(self.campaign, households, yes=value == "yes")

    @property
    def chosen(self) -> str:
        """The village whose list can be printed: the one that was chosen, or the only one there is."""
        villages = [area for area in self.areas.areas if area.level == Level.VILLAGE]
        only = villages[0].code if len(villages) == 1 else ""
        return self.data.get("village") or self.campaign.village or only

    def is_too_wide(self) -> bool:
        """Without a place the few that are left of a large county would be looked for in all of it."""
        if self.data.get("township") or self.data.get("village"):
            return False
        return is_large(self.campaign, among=Household.objects.visible_to(self.who))
