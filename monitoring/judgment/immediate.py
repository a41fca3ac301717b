"""At once: what just came in is judged for the households it touches.

An immediate run judges income on the last closed month and events up to now; it is never sealed, and the monthly
run refreshes the same alerts. The list of an earlier month is judged for that month, by the rules that read it.
"""

from collections import defaultdict
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from households.models import Area, BatchKind, EvidenceBatch, MedicalBill, Visit
from monitoring.judgment.affected import AFFECTED
from monitoring.judgment.lists import rules_of_list
from monitoring.judgment.models import JudgmentRun, RunKind, RunShard
from monitoring.judgment.running import create_run, last_month, lock_opening
from monitoring.judgment.window import Window, add_months, first_day
from monitoring.rules import RULES

# Where the affected households lie; who moved is judged where he lived then.
TOWNSHIPS = f"""
WITH {AFFECTED}
SELECT DISTINCT household.township FROM affected
JOIN households_household AS household ON household.id = affected.household_id
UNION
SELECT left(move.village_before, 9) FROM affected
JOIN households_householdmove AS move ON move.household_id = affected.household_id
"""

# Which window, and which list when the window is that of an earlier month.
Reference = tuple[Window, str]


@transaction.atomic
def open_immediate_runs(only: list[int] | None = None) -> list[JudgmentRun]:
    """Takes up every batch that waits to be judged, or ``only`` some: a run for each month of events."""
    lock_opening()
    waiting = EvidenceBatch.objects.filter(judged_at__isnull=True, judged_in__isnull=True)
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    by_reference: dict[Reference, list[EvidenceBatch]] = defaultdict(list)
    for batch in waiting.select_related("retracts").order_by("pk"):
        by_reference[_reference(batch)].append(batch)
    runs = []
    for reference, batches in by_reference.items():
        ids = [batch.pk for batch in batches]
        townships = _townships(ids)
        if townships:
            runs.append(_open(reference, ids, townships))
        else:
            waiting.filter(pk__in=ids).update(judged_at=timezone.now())
    return runs


def _reference(batch: EvidenceBatch) -> Reference:
    """The window a batch is judged in."""
    closed = last_month()
    running = add_months(closed, 1)
    month = _month(batch)
    if month is None or month >= running:
        return Window(closed, running), ""
    if month == closed:
        return Window.of(closed), ""
    return Window.of(month), (batch.retracts or batch).source


def _month(batch: EvidenceBatch) -> date | None:
    """The month a batch speaks of: that of its list, of the newest bill corrected at the desk, or of the visit
    that found a risk, however late it is written down.
    """
    if batch.kind == BatchKind.DESK:
        found = Visit.objects.filter(batch=batch).exclude(risks=[]).aggregate(Max("visited_on"))["visited_on__max"]
        if found:
            return first_day(found)
        day = MedicalBill.objects.filter(batch=batch).aggregate(Max("settled_on"))["settled_on__max"]
        return max(first_day(day), last_month()) if day else None
    return (batch.retracts or batch).month


def _townships(batches: list[int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TOWNSHIPS, {"batches": batches})
        return sorted(code for (code,) in cursor.fetchall())


def _open(reference: Reference, batches: list[int], townships: list[str]) -> JudgmentRun:
    window, source = reference
    rules = rules_of_list(source) if source else list(RULES)
    run = create_run(window, kind=RunKind.IMMEDIATE, revision=0, rules=rules)
    EvidenceBatch.objects.filter(pk__in=batches).update(judged_in=run.pk)
    RunShard.objects.bulk_create(
        [RunShard(run=run, area=area) for area in Area.objects.filter(code__in=townships)]
    )
    return run


def batches_waiting() -> bool:
    return EvidenceBatch.objects.filter(judged_at__isnull=True, judged_in__isnull=True).exists()
