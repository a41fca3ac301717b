"""The filters of the list of visits, as they stand in its address."""

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter

from households.areas.choices import ScopeAreas
from households.filtering import DayField, IdFilter, MonthFilter, StrictFilterSet
from households.models import BatchKind, Household, User, Visit, VisitMethod
from monitoring.tablet.clocks import TOLERATED
from monitoring.visiting.due import DueLevel, DueState

ALL = _("All")
# A visit that came in this many days after its day is late: something held it up.
LATE_DAYS = 3
# Doubts are few among a million visits: without a period of their own they are looked for this far back.
DOUBTS_DAYS = 31
# A day that is not the tablet's own, or a clock that was off (seconds).
RIGHT_CLOCK = (-TOLERATED.total_seconds(), TOLERATED.total_seconds())
CLOCK_DOUBT = Q(tablet_day__isnull=False) | Q(clock_behind__isnull=False) & ~Q(clock_behind__range=RIGHT_CLOCK)


class DateFilter(Filter):
    """A day on a column of days."""

    field_class = DayField


class VisitFilterSet(StrictFilterSet):
    """Visits of one's area: where the household lived that day. ``household``: those of one, wherever it lived."""

    since = DateFilter("visited_on", "gte", label=_("From"))
    until = DateFilter("visited_on", "lte", label=_("Until"))
    method = ChoiceFilter(label=_("How"), choices=VisitMethod, empty_label=ALL)
    found = ChoiceFilter(
        label=_("Result of the visit"),
        choices=[("risk", _("A risk was found")), ("unchanged", _("Nothing has changed"))],
        empty_label=ALL,
        method="by_found",
    )
    source = ChoiceFilter(
        label=_("Where it was written"),
        choices=[("tablet", _("On a tablet")), ("desk", _("At the desk"))],
        empty_label=ALL,
        method="by_source",
    )
    doubt = ChoiceFilter(
        label=_("Late or doubtful"),
        choices=[("late", _("Came in late")), ("clock", _("The clock was wrong"))],
        empty_label=ALL,
        method="by_doubt",
    )
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)
    household = IdFilter(widget=HiddenInput, method="by_household")

    RARE = ("method", "source", "doubt", "township")
    SPAN = ("since", "until")

    class Meta:
        model = Visit
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        self.who = who
        visits = Visit.objects.current()
        super().__init__(query, visits if query.get("household") else visits.visible_to(who), also=also)
        self.areas = ScopeAreas(who.scope)
        choose_places(self, who)

    def by_found(self, visits: QuerySet, _name: str, value: str) -> QuerySet:
        return visits.exclude(risks=[]) if value == "risk" else visits.filter(unchanged=True)

    def by_source(self, visits: QuerySet, _name: str, value: str) -> QuerySet:
        from_tablet = Q(batch__kind=BatchKind.TABLET)
        return visits.filter(from_tablet if value == "tablet" else ~from_tablet)

    @property
    def reaches_to(self) -> date | None:
        """The day to which doubts are looked for where no period is asked for."""
        asked = {"since", "until", "household"} & {name for name, value in self.data.items() if value}
        if asked or not self.data.get("doubt"):
            return None
        return timezone.localdate() - timedelta(days=DOUBTS_DAYS)

    def by_doubt(self, visits: QuerySet, _name: str, value: str) -> QuerySet:
        if self.reaches_to:
            visits = visits.filter(visited_on__gte=self.reaches_to)
        if value == "clock":
            return visits.filter(CLOCK_DOUBT)
        came_in = TruncDate("batch__recorded_at")
        written = visits.filter(form__isnull=False).alias(came_in=came_in)
        return written.filter(came_in__gt=F("visited_on") + timedelta(days=LATE_DAYS))

    def by_household(self, visits: QuerySet, _name: str, pk: int) -> QuerySet:
        """Whoever sees a household sees its visits, also those of the village where it lived before."""
        return visits.filter(household__in=Household.objects.visible_to(self.who).filter(pk=pk))


class MonthFilterSet(StrictFilterSet):
    """A month, and a place in one's area."""

    month = MonthFilter(label=_("Month"), method="by_month")
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)

    class Meta:
        model = Visit
        fields: list[str] = []

    def __init__(self, query: QueryDict, visits: QuerySet, *, who: User):
        super().__init__(query, visits)
        self.who = who
        self.areas = ScopeAreas(who.scope)
        choose_places(self, who)

    def by_month(self, visits: QuerySet, _name: str, _value: date) -> QuerySet:
        """The page asks for the days of its month itself."""
        return visits

    @property
    def first_day(self) -> date | None:
        return self.form.cleaned_data["month"]

    @property
    def of_village(self) -> bool:
        """Whether a village's is asked for, or its own people ask."""
        return bool(self.data.get("village")) or self.who.scope is not None and self.who.scope.level == "village"

    @property
    def place_name(self) -> str:
        chosen = self.data.get("village") or self.data.get("township")
        codes = [chosen] if chosen else list(self.who.scope.codes) if self.who.scope else []
        return gettext(", ").join(self.areas.short_names.get(code, "") for code in codes)


class DueFilterSet(StrictFilterSet):
    """Households due for a visit: the place, why, and how urgent. ``place`` says where to look."""

    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL, method="leave")
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL, method="leave")
    level = ChoiceFilter(label=_("Why"), choices=DueLevel, empty_label=ALL, method="leave")
    state = ChoiceFilter(
        label=_("When due"),
        choices=[choice for choice in DueState.choices if choice[0] != DueState.NONE],
        empty_label=_("Due and overdue"),
        method="leave",
    )

    class Meta:
        model = Household
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        super().__init__(query, Household.objects.visible_to(who), also=also)
        self.who = who
        self.areas = ScopeAreas(who.scope)
        choose_places(self, who)

    def leave(self, households: QuerySet, _name: str, _value: str) -> QuerySet:
        """When a household is due is no column: the page reads the choices itself."""
        return households

    @property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """Level and codes: what was chosen among one's own areas, else all of them. Never more than one's scope:
        the township around a village is among the choices, for its name alone.
        """
        scope, chosen = self.who.scope, self.form.cleaned_data
        if scope is None:
            return "village", ()
        if chosen["village"]:
            return "village", (chosen["village"],)
        if chosen["township"] and scope.level != "village":
            return "township", (chosen["township"],)
        return scope.level, scope.codes


def choose_places(filters: StrictFilterSet, who: User) -> None:
    """Fills ``township`` and ``village`` with the areas of ``who``; what leaves no choice is hidden."""
    filters.filters["township"].extra["choices"] = filters.areas.townships
    filters.filters["village"].extra["choices"] = filters.areas.villages
    level = who.scope.level if who.scope else "village"
    if level != "county":
        filters.filters["township"].extra["widget"] = HiddenInput
    if level == "village" and (who.scope is None or len(who.scope.codes) == 1):
        filters.filters["village"].extra["widget"] = HiddenInput
