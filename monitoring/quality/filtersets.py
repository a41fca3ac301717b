"""The filters of the work list: one kind of gap, one township, one village."""

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.filtering import StrictFilterSet
from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.quality.gaps import ANY, BY_CODE, GAPS, any_gap

ALL = _("All")


class GapFilterSet(StrictFilterSet):
    """Household months of one run with a gap. Without ``gap`` any gap will do."""

    gap = ChoiceFilter(
        label=_("What is missing"),
        choices=[(gap.code, gap.label) for gap in GAPS],
        empty_label=_("Anything"),
        method="by_gap",
    )
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)

    class Meta:
        model = HouseholdMonth
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: Placed, run: JudgmentRun | None, also: tuple[str, ...] = ()):
        super().__init__(query, HouseholdMonth.objects.visible_to(who).filter(run=run), also=also)
        self.areas = ScopeAreas(who.scope)
        self.filters["township"].extra["choices"] = self.areas.townships
        self.filters["village"].extra["choices"] = self.areas.villages
        level = who.scope.level if who.scope else "village"
        if level != "county":
            self.filters["township"].extra["widget"] = HiddenInput
        if level == "village" and (who.scope is None or len(who.scope.codes) == 1):
            self.filters["village"].extra["widget"] = HiddenInput

    @property
    def chosen(self) -> str:
        """The gap asked for, or "any"; read after the query was found to be right."""
        return self.data.get("gap") or ANY

    @property
    def place(self) -> str:
        """The narrowest code that was chosen; "" for the whole scope."""
        return self.data.get("village") or self.data.get("township") or ""

    def by_gap(self, months: QuerySet, _name: str, code: str) -> QuerySet:
        return months.filter(BY_CODE[code].condition)

    def filter_queryset(self, queryset):
        months = super().filter_queryset(queryset)
        return months if self.data.get("gap") else months.filter(any_gap())
