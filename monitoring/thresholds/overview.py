"""What the rules compare with: every threshold, the value in force, where it comes from, and what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise

from households.models import Threshold
from households.policy.thresholds import thresholds_on
from monitoring.judgment.labels import SHARE, THRESHOLDS, ThresholdRow, threshold_label, threshold_row, unit_label
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import month_end
from monitoring.rules import RULES, Rule

# Those that shipped without a value, and so without a row that carries their unit.
UNIT_OF = {"rural_income_last_year": "元/人·年"}
IN_FORCE, COMING, ENDED, OVERRIDDEN = "in_force", "coming", "ended", "overridden"


@dataclass(frozen=True)
class Known:
    """A threshold that some rule reads. ``now`` is None where nothing holds today, and the rules refuse."""

    code: str
    label: str | Promise
    unit: str | Promise
    rules: tuple[Rule, ...]
    now: ThresholdRow | None
    row: Threshold | None
    next: ThresholdRow | None
    next_row: Threshold | None
    # The last day on which a value held, where none holds today.
    held_until: date | None


@dataclass(frozen=True)
class Dated:
    """One value of the history, and where it stands today."""

    row: Threshold
    words: ThresholdRow | None
    state: str
    is_own: bool


def known_codes() -> list[str]:
    """Every threshold that a rule or the travel of alerts reads, in the order of its labels."""
    order = list(THRESHOLDS)
    read = {code for rule in RULES for code in rule.thresholds} | set(order)
    return sorted(read, key=lambda code: (order.index(code) if code in order else len(order), code))


def rules_reading(code: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if code in rule.thresholds)


def areas_read() -> list[str]:
    """Whose values the judgment reads: the county's, and those of what lies above it."""
    return [settings.COUNTY_CODE[:length] for length in (2, 4, 6)]


def unit_of(code: str, rows: Iterable[Threshold] = ()) -> str:
    """The unit as threshold rows carry it; "" when nobody knows."""
    return next((row.unit for row in rows if row.unit), UNIT_OF.get(code, ""))


def worded(row: Threshold) -> ThresholdRow | None:
    """A value in words; the same words as of a run that copied it."""
    return threshold_row(
        {
            "code": row.code,
            "value": str(row.value),
            "unit": row.unit,
            "document": row.document,
            "standing": row.standing,
            "valid_from": row.valid_from.isoformat(),
            "note": row.note,
        }
    )


def threshold_overview() -> list[Known]:
    """Those without a value today first. Two queries."""
    today = timezone.localdate()
    in_force = thresholds_on(today, settings.COUNTY_CODE)
    rows: dict[str, list[Threshold]] = {}
    for row in Threshold.objects.filter(area_id__in=areas_read()).order_by("valid_from", "area_id"):
        rows.setdefault(row.code, []).append(row)
    known = [_known(code, in_force.get(code), rows.get(code, []), today) for code in known_codes()]
    return sorted(known, key=lambda threshold: threshold.now is not None)


def _known(code: str, now: Threshold | None, rows: list[Threshold], today: date) -> Known:
    coming = next((row for row in rows if row.valid_from > today), None)
    ends = [row.valid_until for row in rows if row.valid_until is not None and row.valid_until < today]
    unit = unit_of(code, rows)
    return Known(
        code=code,
        label=threshold_label(code),
        unit="" if unit == SHARE else unit_label(unit),
        rules=rules_reading(code),
        now=worded(now) if now else None,
        row=now,
        next=worded(coming) if coming else None,
        next_row=coming,
        held_until=max(ends, default=None) if now is None else None,
    )


def threshold_history(code: str) -> list[Dated]:
    """Every dated value that the judgment reads or read: those of the county first, the newest first."""
    today = timezone.localdate()
    in_force = thresholds_on(today, settings.COUNTY_CODE).get(code)
    rows = (
        Threshold.objects.filter(code=code, area_id__in=areas_read())
        .select_related("area")
        .order_by("-area_id", "-valid_from")
    )
    return [
        Dated(row, worded(row), _state(row, in_force, today), row.area_id == settings.COUNTY_CODE) for row in rows
    ]


def _state(row: Threshold, in_force: Threshold | None, today: date) -> str:
    if row.valid_from > today:
        return COMING
    if row.valid_until is not None and row.valid_until < today:
        return ENDED
    return IN_FORCE if in_force is not None and in_force.pk == row.pk else OVERRIDDEN


def sealed_until() -> date | None:
    """The last day of the newest sealed month; None when no month is sealed."""
    sealed = JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE, sealed_at__isnull=False)
    newest = sealed.aggregate(Max("month"))["month__max"]
    return month_end(newest) if newest else None
