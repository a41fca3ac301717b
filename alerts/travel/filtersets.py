"""The filters of the alert list: the page and the feed share them, so a filtered page can be fetched as data."""

import datetime as dt

from django.db.models import QuerySet
from django.forms import HiddenInput
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel, Channel, Risk
from alerts.transitions import FINAL
from alerts.travel.holding import held_by
from alerts.travel.models import Alert, AlertKind, AlertStatus, Holder, Outcome, Reason, Verdict
from households.areas.choices import ScopeAreas
from households.areas.scope import Placed
from households.filtering import ChoiceFilter, DayFilter, IdFilter, MonthFilter, StrictFilterSet
from households.models import Department, User

ALL = _("All")
# "Soon" is after today, and at most so many days away.
SOON = dt.timedelta(days=3)
# Filters that ask who asks: a program is nobody to whom an alert could be given.
PERSONAL = ("assignee",)


def _day(field: str, lookup: str, label: str) -> DayFilter:
    return DayFilter(field_name=field, lookup_expr=lookup, label=label, widget=HiddenInput)


class AlertFilterSet(StrictFilterSet):
    """Months are written 2022-06, days 2022-06-30. The filters of the pages' numbers are among them."""

    RARE = (
        "department", "risk", "channel", "holder", "waiting", "assignee", "due", "verdict", "reason", "outcome",
        "month",
    )  # fmt: skip

    open = ChoiceFilter(
        label=_("Whether closed"),
        choices=[("any", ALL), ("true", _("Not closed")), ("false", _("Closed"))],
        empty_label=None,
        method="by_open",
    )
    level = ChoiceFilter(label=_("Level"), choices=AlertLevel, empty_label=ALL)
    kind = ChoiceFilter(label=_("Kind"), choices=(), empty_label=ALL, method="by_kind")
    department = ChoiceFilter(label=_("Department"), choices=Department, empty_label=ALL, method="by_kinds")
    risk = ChoiceFilter(label=_("Risk"), choices=Risk, empty_label=ALL, method="by_kinds")
    status = ChoiceFilter(label=_("Status"), choices=AlertStatus, empty_label=ALL, method="by_status")
    township = ChoiceFilter(label=_("Township"), choices=(), empty_label=ALL)
    village = ChoiceFilter(label=_("Village"), choices=(), empty_label=ALL)
    month = MonthFilter(label=_("Found in month"), method="by_month")
    first_month = MonthFilter(label=_("First found in"), widget=HiddenInput)
    last_month = MonthFilter(label=_("Last found in"), widget=HiddenInput)
    found_again = MonthFilter(label=_("Found again in"), method="by_found_again", widget=HiddenInput)
    not_found = MonthFilter(label=_("Not found any more in"), field_name="not_found_month", widget=HiddenInput)
    household = IdFilter(label=_("Household"), widget=HiddenInput)
    channel = ChoiceFilter(label=_("Found through"), choices=Channel, empty_label=ALL, method="by_kinds")
    holder = ChoiceFilter(label=_("With"), choices=Holder, empty_label=ALL, method="by_holder")
    waiting = ChoiceFilter(
        label=_("Waiting for"),
        choices=[("me", _("Us")), ("others", _("Others"))],
        empty_label=ALL,
        method="by_waiting",
    )
    assignee = ChoiceFilter(label=_("Given to"), choices=[("me", _("Me"))], empty_label=ALL, method="by_assignee")
    due = ChoiceFilter(
        label=_("Deadline"),
        choices=[("overdue", _("Overdue")), ("today", _("Today")), ("soon", _("Within three days"))],
        empty_label=ALL,
        method="by_due",
    )
    verdict = ChoiceFilter(label=_("Verification"), choices=Verdict, empty_label=ALL)
    reason = ChoiceFilter(label=_("Why no risk"), choices=Reason, empty_label=ALL)
    outcome = ChoiceFilter(label=_("Outcome"), choices=Outcome, empty_label=ALL)
    area_event = IdFilter(label=_("Area event"), widget=HiddenInput)
    raised_from = _day("raised_at", "gte", _("Raised from"))
    raised_until = _day("raised_at", "lte", _("Raised until"))
    dispatched_from = _day("dispatched_at", "gte", _("Sent down from"))
    dispatched_until = _day("dispatched_at", "lte", _("Sent down until"))
    verified_from = _day("verified_at", "gte", _("Verified from"))
    verified_until = _day("verified_at", "lte", _("Verified until"))

    class Meta:
        model = Alert
        fields: list[str] = []

    def __init__(self, query: QueryDict, *, who: Placed, also: tuple[str, ...] = (), blank_is_error: bool = False):
        super().__init__(query, Alert.objects.visible_to(who), also=also, blank_is_error=blank_is_error)
        self.who = who
        self.areas = ScopeAreas(who.scope)
        if not isinstance(who, User):
            for name in PERSONAL:
                del self.filters[name]
        # Read when a value must be checked or a form is shown, not before. A function, since forms copy bound
        # methods together with all they are bound to.
        self.filters["kind"].extra["choices"] = lambda: self._kind_choices()
        self.filters["township"].extra["choices"] = self.areas.townships
        self.filters["village"].extra["choices"] = self.areas.villages
        self._hide_what_has_one_choice(who)

    def _hide_what_has_one_choice(self, who: Placed) -> None:
        level = who.scope.level if who.scope else "village"
        if level != "county":
            self.filters["township"].extra["widget"] = HiddenInput
        if level == "village" and (who.scope is None or len(who.scope.codes) == 1):
            self.filters["village"].extra["widget"] = HiddenInput

    @cached_property
    def kinds(self) -> dict[str, AlertKind]:
        """All kinds, by code; a page names them without a join."""
        return AlertKind.objects.in_bulk()

    def _kind_choices(self) -> list[tuple[str, str]]:
        """One entry a rule. Kinds of one family (``CLU01.INC01`` …) stand there together, as ``CLU01``.

        A single one of a family is a value, too, and is offered where it was asked for.
        """
        choices: dict[str, str] = {}
        for kind in sorted(self.kinds.values(), key=lambda kind: kind.position):
            choices.setdefault(kind.family, f"{kind.family} {kind.family_name}")
        asked = self.kinds.get(self.data.get("kind", ""))
        if asked is not None:
            choices.setdefault(asked.code, f"{asked.code} {asked.name}")
        return list(choices.items())

    def by_kind(self, alerts: QuerySet, _name: str, value: str) -> QuerySet:
        """A kind, or all of a family."""
        codes = [code for code, kind in self.kinds.items() if value in (code, kind.family)]
        return alerts.filter(kind=codes[0]) if len(codes) == 1 else alerts.filter(kind__in=codes)

    def by_open(self, alerts: QuerySet, _name: str, value: str) -> QuerySet:
        return alerts if value == "any" else alerts.filter(closed_at__isnull=value == "true")

    def by_status(self, alerts: QuerySet, _name: str, status: str) -> QuerySet:
        """What a status says of open or closed is said, too: the indexes of open alerts are a fifth in size."""
        return alerts.filter(status=status, closed_at__isnull=status not in FINAL)

    def by_kinds(self, alerts: QuerySet, name: str, value: str) -> QuerySet:
        """What stands with the kind. Codes, not a join: the list stays a walk along one index."""
        return alerts.filter(kind__in=[code for code, kind in self.kinds.items() if getattr(kind, name) == value])

    def by_month(self, alerts: QuerySet, _name: str, month) -> QuerySet:
        return alerts.filter(first_month__lte=month, last_month__gte=month)

    def by_found_again(self, alerts: QuerySet, _name: str, month) -> QuerySet:
        return alerts.filter(last_month=month, first_month__lt=month)

    def by_holder(self, alerts: QuerySet, _name: str, holder: str) -> QuerySet:
        """Nobody has to move a closed one."""
        return alerts.filter(closed_at__isnull=True, holder=holder)

    def by_waiting(self, alerts: QuerySet, _name: str, whom: str) -> QuerySet:
        mine = held_by(self.who)
        return alerts.filter(mine if whom == "me" else ~mine, closed_at__isnull=True)

    def by_assignee(self, alerts: QuerySet, _name: str, _me: str) -> QuerySet:
        return alerts.filter(closed_at__isnull=True, assignee=self.who.pk)

    def by_due(self, alerts: QuerySet, _name: str, when: str) -> QuerySet:
        """By the last day of the step that is under way.

        Whoever holds it is named, all of them: the index has the holder before the day, and PostgreSQL 15 does not
        skip a column.
        """
        today = timezone.localdate()
        days = {"overdue": {"due_on__lt": today}, "today": {"due_on": today}}
        soon = {"due_on__gt": today, "due_on__lte": today + SOON}
        return alerts.filter(closed_at__isnull=True, holder__in=Holder.values, **days.get(when, soon))
