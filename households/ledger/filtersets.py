"""The filters of the audit page, all in its address: codes and ids, no names."""

import datetime as dt

from django import forms
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from households.filtering import StrictFilterSet
from households.ledger.models import AuditEntry
from households.ledger.words import ACTIONS, SUBJECTS

ALL = _("All")
# Entries that no signed-in person wrote: failed sign-ins, the command line, the machine.
NOBODY = "none"


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class DayField(forms.DateField):
    allowed = ("YYYY-MM-DD",)
    widget = forms.DateInput(attrs={"type": "date"})


class DayFilter(DateFilter):
    field_class = DayField


class AuditFilterSet(StrictFilterSet):
    action = ChoiceFilter(label=_("Action"), choices=list(ACTIONS.items()), empty_label=ALL)
    actor = ChoiceFilter(label=_("Who"), choices=(), empty_label=ALL, method="by_actor")
    subject = ChoiceFilter(label=_("Subject"), choices=list(SUBJECTS.items()), empty_label=ALL)
    subject_id = CharFilter(label=_("Number of the subject"), max_length=40)
    from_day = DayFilter(label=_("From"), method="by_first_day")
    until_day = DayFilter(label=_("Until"), method="by_last_day")

    SPAN = ("from_day", "until_day")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def __init__(self, query, *, who, also=()):
        super().__init__(query, AuditEntry.objects.visible_to(who), also=also)
        people = get_user_model().objects.visible_to(who).order_by("username").values_list("pk", "name")
        self.filters["actor"].extra["choices"] = lambda: [
            (NOBODY, _("Nobody signed in")),
            *((str(pk), name) for pk, name in people),
        ]

    def by_actor(self, entries, _name, value):
        return entries.filter(actor__isnull=True) if value == NOBODY else entries.filter(actor_id=int(value))

    def by_first_day(self, entries, _name, day):
        return entries.filter(at__gte=_midnight(day))

    def by_last_day(self, entries, _name, day):
        return entries.filter(at__lt=_midnight(day + dt.timedelta(days=1)))
