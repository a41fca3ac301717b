"""Entering a threshold: dated, with its document, never over a value that has already counted."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from households.areas.models import Area
from households.ledger.models import AuditEntry
from households.ledger.services import write_audit
from households.policy.models import Threshold
from households.refusal import Refused
from households.staff.models import User

DAY = timedelta(days=1)


class ThresholdRefused(Refused):
    """A value that cannot stand as asked for; ``field`` names what is wrong in the form."""

    def __init__(self, sentence: str, field: str):
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def add_threshold(
    *, threshold: Threshold, by: User | None = None, sealed_until: date | None = None
) -> tuple[Threshold, Threshold | None]:
    """Saves a new value; an open-ended earlier one of the area is ended on the day before.

    ``sealed_until`` is the last day of the newest sealed month; no value may start on it or before. Returns the
    value and the one that it ended, if any. Raises ``ThresholdRefused``, also where another holds on these days.
    """
    first, last = threshold.valid_from, threshold.valid_until
    if last is not None and last < first:
        raise ThresholdRefused(_("The last day lies before the first."), "valid_until")
    if sealed_until is not None and first <= sealed_until:
        raise ThresholdRefused(_sealed_sentence(sealed_until), "valid_from")
    of_area = _locked(threshold)
    ended = of_area.filter(valid_from__lt=first, valid_until__isnull=True).first()
    overlapping = of_area.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first))
    if last is not None:
        overlapping = overlapping.filter(valid_from__lte=last)
    if ended is not None:
        overlapping = overlapping.exclude(pk=ended.pk)
    if (in_the_way := overlapping.order_by("valid_from").first()) is not None:
        raise ThresholdRefused(_overlap_sentence(in_the_way), "valid_from")
    if ended is not None:
        ended.valid_until = first - DAY
        ended.save(update_fields=["valid_until"])
    threshold.save(force_insert=True)
    write_audit(
        action="threshold_added",
        actor=by,
        subject="threshold",
        subject_id=threshold.pk,
        code=threshold.code,
        area=threshold.area_id,
        value=str(threshold.value),
        valid_from=first.isoformat(),
        valid_until=last.isoformat() if last else "",
        document=threshold.document,
        **_ended_words(ended),
    )
    return threshold, ended


def _ended_words(ended: Threshold | None) -> dict[str, str]:
    if ended is None:
        return {}
    return {"ended": str(ended.pk), "ended_value": str(ended.value), "ended_on": f"{ended.valid_until:%Y-%m-%d}"}


@transaction.atomic
def end_threshold(
    *, threshold: Threshold, last_day: date, by: User | None = None, sealed_until: date | None = None
) -> Threshold:
    """Lets a value hold until ``last_day`` and no longer; rules refuse afterwards until there is another.

    Raises ``ThresholdRefused``: before its first day, after the day it ends anyway, or in a sealed month.
    """
    threshold = _locked(threshold).get(pk=threshold.pk)
    if last_day < threshold.valid_from:
        raise ThresholdRefused(_("The last day lies before the first."), "last_day")
    if threshold.valid_until is not None and last_day >= threshold.valid_until:
        raise ThresholdRefused(_("This value ends on that day or before it already."), "last_day")
    if sealed_until is not None and last_day < sealed_until:
        raise ThresholdRefused(_sealed_sentence(sealed_until), "last_day")
    before = threshold.valid_until
    threshold.valid_until = last_day
    threshold.save(update_fields=["valid_until"])
    write_audit(
        action="threshold_ended",
        actor=by,
        subject="threshold",
        subject_id=threshold.pk,
        code=threshold.code,
        area=threshold.area_id,
        value=str(threshold.value),
        valid_until=last_day.isoformat(),
        valid_until_before=before.isoformat() if before else "",
    )
    return threshold


@transaction.atomic
def withdraw_threshold(*, threshold: Threshold, by: User | None = None) -> Threshold | None:
    """Takes back a value that has not started yet. The one that it had ended holds on; returns that, if any.

    Raises ``ThresholdRefused`` for one that has.
    """
    of_area = _locked(threshold)
    threshold = of_area.get(pk=threshold.pk)
    if threshold.valid_from <= timezone.localdate():
        raise ThresholdRefused(_("This value has started: it can be ended, not taken back."), "valid_from")
    resumed = _ended_by(threshold, of_area)
    number = threshold.pk
    threshold.delete()
    if resumed is not None:
        following = of_area.filter(valid_from__gt=resumed.valid_from).order_by("valid_from").first()
        resumed.valid_until = following.valid_from - DAY if following else None
        resumed.save(update_fields=["valid_until"])
    write_audit(
        action="threshold_withdrawn",
        actor=by,
        subject="threshold",
        subject_id=number,
        code=threshold.code,
        area=threshold.area_id,
        value=str(threshold.value),
        valid_from=threshold.valid_from.isoformat(),
        **({"resumed": str(resumed.pk), "resumed_value": str(resumed.value)} if resumed else {}),
    )
    return resumed


def _ended_by(threshold: Threshold, of_area: QuerySet[Threshold]) -> Threshold | None:
    """The value that was ended to let this one start, if it still ends on the day before; the trail says so."""
    entry = (
        AuditEntry.objects.filter(action="threshold_added", subject="threshold", subject_id=str(threshold.pk))
        .order_by("-id")
        .first()
    )
    ended = entry.detail.get("ended") if entry else None
    if not ended:
        return None
    return of_area.filter(pk=ended, valid_until=threshold.valid_from - DAY).first()


def _locked(threshold: Threshold) -> QuerySet[Threshold]:
    """The values of the same code and area, held to the end: of two people one enters after the other."""
    Area.objects.select_for_update(no_key=True).get(pk=threshold.area_id)
    return Threshold.objects.filter(code=threshold.code, area_id=threshold.area_id)


def _sealed_sentence(sealed_until: date) -> str:
    return _(
        "Months up to %(month)s are sealed and what they were judged by is not changed; "
        "a value can start or stop on %(day)s at the earliest."
    ) % {"month": f"{sealed_until:%Y-%m}", "day": f"{sealed_until + DAY:%Y-%m-%d}"}


def _overlap_sentence(other: Threshold) -> str:
    number = f"{other.value.normalize():,f}"
    if other.valid_until is None:
        return _("From %(first)s on the value %(value)s holds already.") % {
            "first": f"{other.valid_from:%Y-%m-%d}",
            "value": number,
        }
    return _("From %(first)s to %(last)s the value %(value)s holds already; end it first.") % {
        "first": f"{other.valid_from:%Y-%m-%d}",
        "last": f"{other.valid_until:%Y-%m-%d}",
        "value": number,
    }
