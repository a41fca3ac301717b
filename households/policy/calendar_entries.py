"""Entering days of the work calendar. What deadlines have already counted on is not changed any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from households.areas.models import Area
from households.ledger.services import write_audit
from households.policy.calendar import SATURDAY
from households.policy.models import CalendarDay
from households.policy.notice_lines import SpecialDay
from households.refusal import Refused
from households.staff.models import User

# Packages above answer which of ``days`` (all before today) some deadline of theirs ran over: a set of dates.
days_counted_on = Signal()


@dataclass(frozen=True)
class Entered:
    """How many days are new, say something else than before, and were known already."""

    new: int
    changed: int
    same: int


@transaction.atomic
def enter_days(*, days: Iterable[SpecialDay], by: User | None, today: date | None = None) -> Entered:
    """Adds the days of a notice; a day that said something else says this now. The same again changes nothing.

    Raises ``Refused``: a make-up day that is a working day anyway, or a day before ``today`` that has counted.
    """
    wanted = {special.day: special for special in days}
    for special in wanted.values():
        _check_kind(special)
    known = _known(wanted)
    fresh = [special for special in wanted.values() if special.day not in known]
    changed = [special for special in wanted.values() if special.day in known and known[special.day] != special]
    _check_past([special.day for special in fresh + changed], today)
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=each.day, is_workday=each.is_workday, name=each.name) for each in fresh + changed],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name"],
    )
    entered = Entered(len(fresh), len(changed), len(wanted) - len(fresh) - len(changed))
    if fresh or changed:
        write_audit(
            action="calendar_entered",
            actor=by,
            subject="calendar",
            subject_id=max(special.day.year for special in fresh + changed),
            new=entered.new,
            changed=entered.changed,
            days=_words(fresh + changed),
            days_before=_words(known[special.day] for special in changed),
        )
    return entered


@transaction.atomic
def remove_day(*, day: date, by: User | None, today: date | None = None) -> bool:
    """Lets a day be what its weekday says. False when it was that already; raises ``Refused`` as entering does."""
    known = _known({day: None})
    if day not in known:
        return False
    _check_past([day], today)
    CalendarDay.objects.filter(day=day).delete()
    write_audit(
        action="calendar_day_removed",
        actor=by,
        subject="calendar",
        subject_id=day.year,
        days_before=_words(known.values()),
    )
    return True


def _known(wanted: Mapping[date, object]) -> dict[date, SpecialDay]:
    """What the table says of these days, held to the end: of two people one enters after the other."""
    Area.objects.select_for_update(no_key=True).get(pk=settings.COUNTY_CODE)
    rows = CalendarDay.objects.filter(day__in=list(wanted))
    return {row.day: SpecialDay(row.day, row.is_workday, row.name) for row in rows}


def _check_kind(special: SpecialDay) -> None:
    if special.is_workday and special.day.weekday() < SATURDAY:
        raise Refused(
            _("%(day)s is a working day anyway: only a Saturday or Sunday can be made up for.")
            % {"day": special.day}
        )


def _check_past(days: list[date], today: date | None) -> None:
    past = [day for day in days if day < (today or timezone.localdate())]
    if not past:
        return
    counted: set[date] = set()
    for _receiver, answer in days_counted_on.send(sender=CalendarDay, days=past):
        counted |= cast(set[date], answer)
    if counted:
        raise Refused(
            _("%(days)s: deadlines have counted on that, and what is past stays as it was counted.")
            % {"days": _(", ").join(day.isoformat() for day in sorted(counted))}
        )


def _words(days: Iterable[SpecialDay]) -> str:
    """``2026-10-10 班 国庆节`` and so on, for the audit trail."""
    return "; ".join(f"{each.day} {'班' if each.is_workday else '休'} {each.name}" for each in days)
