"""The filters of the household list."""

from django.forms import HiddenInput
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.filtering import StrictFilterSet
from households.registry.models import Household


class HouseholdFilterSet(StrictFilterSet):
    """By township and village, as far as there is anything to choose in the scope of ``who``."""

    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=_("All"))
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=_("All"))

    class Meta:
        model = Household
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: Placed, also: tuple[str, ...] = ()):
        super().__init__(query, Household.objects.visible_to(who), also=also)
        self.areas = ScopeAreas(who.scope)
        self.filters["township"].extra["choices"] = self.areas.townships
        self.filters["village"].extra["choices"] = self.areas.villages
        scope = who.scope
        if scope is None or scope.level != "county":
            self.filters["township"].extra["widget"] = HiddenInput
        if scope is None or (scope.level == "village" and len(scope.codes) == 1):
            self.filters["village"].extra["widget"] = HiddenInput
