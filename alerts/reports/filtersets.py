"""The filters of the list of reports."""

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from alerts.kinds import Channel, Risk
from alerts.reports.models import Report, ReportState, Source
from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.filtering import StrictFilterSet

ALL = _("All")
DUE, OVERDUE, DONE = "due", "overdue", "done"


class ReportFilterSet(StrictFilterSet):
    """``answer``: whoever reported waits for it, waits too long, or has it."""

    state = ChoiceFilter(label=_("Status"), choices=ReportState, empty_label=ALL)
    channel = ChoiceFilter(
        label=_("Channel"), choices=[c for c in Channel.choices if c[0] != Channel.RULE], empty_label=ALL
    )
    source = ChoiceFilter(label=_("Where it comes from"), choices=Source, empty_label=ALL)
    risk = ChoiceFilter(label=_("Risk"), choices=Risk, empty_label=ALL)
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)
    answer = ChoiceFilter(
        label=_("Answer"),
        choices=[(DUE, _("Waiting for an answer")), (OVERDUE, _("Overdue")), (DONE, _("Answered"))],
        empty_label=ALL,
        method="by_answer",
    )

    class Meta:
        model = Report
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: Placed, also: tuple[str, ...] = ()):
        super().__init__(query, Report.objects.visible_to(who), also=also)
        self.areas = ScopeAreas(who.scope)
        self.filters["township"].extra["choices"] = self.areas.townships
        self.filters["village"].extra["choices"] = self.areas.villages
        level = who.scope.level if who.scope else "village"
        if level != "county":
            self.filters["township"].extra["widget"] = HiddenInput
        if level == "village" and (who.scope is None or len(who.scope.codes) == 1):
            self.filters["village"].extra["widget"] = HiddenInput

    def by_answer(self, reports: QuerySet, _name: str, value: str) -> QuerySet:
        if value == DONE:
            return reports.filter(answered_at__isnull=False)
        waiting = reports.filter(answer_by__isnull=False, answered_at__isnull=True)
        return waiting.filter(answer_by__lt=timezone.localdate()) if value == OVERDUE else waiting
