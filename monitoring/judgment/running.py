"""A run: opened once, worked by any number of workers, closed by whoever finishes last.

``manage.py judge_month``, the button and beat call the same two functions, ``open_run`` and ``work_run``.
"""

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from alerts.models import Alert
from households.ledger.services import write_audit
from households.models import Area, EvidenceBatch, Household, HouseholdMove, Level, Threshold, User
from households.policy.thresholds import thresholds_on
from monitoring.judgment.digest import nameless_households, run_digest
from monitoring.judgment.lists import missing_lists
from monitoring.judgment.models import JudgmentRun, RunKind, RunShard, RunState
from monitoring.judgment.shards import judge_next_shard
from monitoring.judgment.window import Window, add_months, first_day
from monitoring.rules import RULES, Rule

# One number for the advisory lock under which runs open and batches get their positions; writers never take it.
OPENING_LOCK = 5270001


class MonthNotOver(Exception):
    """The month cannot be judged before it has ended."""


def last_month() -> date:
    """The month before this one, in Shanghai."""
    return add_months(first_day(timezone.localdate()), -1)


@transaction.atomic
def open_run(*, month: date, by: User | None = None) -> JudgmentRun:
    """The open run of a month; a new revision when none is open. Fixes cut-off, thresholds and rule versions.

    Raises ``MonthNotOver`` for the current and later months.
    """
    if month > last_month():
        raise MonthNotOver
    lock_opening()
    of_month = JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE, month=month)
    running = of_month.filter(state=RunState.OPEN).first()
    if running is not None:
        return running
    revision = (of_month.aggregate(Max("revision"))["revision__max"] or 0) + 1
    run = create_run(Window.of(month), kind=RunKind.MONTHLY, revision=revision, rules=list(RULES), started_by=by)
    RunShard.objects.bulk_create([RunShard(run=run, area=area) for area in _townships(run.county)])
    write_audit(action="run_opened", actor=by, subject="run", subject_id=run.pk, month=f"{month:%Y-%m}")
    return run


def _townships(county: str) -> QuerySet[Area]:
    """Where a household lives or lived, or an alert is open; elsewhere there is nothing to judge."""
    lives = Household.objects.filter(township=OuterRef("code"))
    lived = HouseholdMove.objects.filter(village_before__startswith=OuterRef("code"))
    open_alerts = Alert.objects.filter(township=OuterRef("code"), closed_at__isnull=True)
    townships = Area.objects.filter(level=Level.TOWNSHIP, county=county)
    return townships.filter(Exists(lives) | Exists(lived) | Exists(open_alerts))


def lock_opening() -> None:
    """Runs open one after the other. A statement of its own: lock and numbering in one would share a snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (OPENING_LOCK,))


def create_run(window: Window, *, rules: list[Rule], **fields: object) -> JudgmentRun:
    """Fixes what a run reads: cut-off, thresholds, rule versions, lists, sealed months. Under the opening lock."""
    county = settings.COUNTY_CODE
    cutoff = _give_positions()
    thresholds = thresholds_on(window.end, county)
    if window.events != window.month:
        thresholds |= _of_ledger(thresholds_on(window.ledger_end, county))
    sealed = JudgmentRun.objects.filter(
        county=county,
        month__in=[add_months(window.month, -1), add_months(window.month, -2)],
        sealed_at__isnull=False,
    )
    return JudgmentRun.objects.create(
        month=window.month,
        event_month=window.events,
        county=county,
        cutoff=cutoff,
        thresholds={code: _copied(threshold) for code, threshold in sorted(thresholds.items())},
        rules={rule.code: rule.version for rule in rules},
        refused_rules=_refused(rules, set(thresholds)),
        missing_lists=missing_lists(window.events, cutoff),
        sealed_before=sorted(sealed.values_list("pk", flat=True)),
        **fields,
    )


def _of_ledger(thresholds: dict[str, Threshold]) -> dict[str, Threshold]:
    """Those of the rules that speak of the ledger's last month: the line of its year, not of the one that runs."""
    codes = {code for rule in RULES if rule.of_ledger for code in rule.thresholds}
    return {code: threshold for code, threshold in thresholds.items() if code in codes}


def _give_positions() -> int:
    """Numbers every visible batch that has no position yet. Returns the highest position: the cut-off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(position), 0) FROM households_evidencebatch")
        (highest,) = cursor.fetchone()
        cursor.execute(
            """
            UPDATE households_evidencebatch AS batch SET position = %s + numbered.place
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
                  FROM households_evidencebatch WHERE position IS NULL) AS numbered
            WHERE numbered.id = batch.id
            """,
            (highest,),
        )
    return EvidenceBatch.objects.aggregate(Max("position"))["position__max"] or 0


def _copied(threshold: Threshold) -> dict[str, str]:
    """What a run keeps of a threshold."""
    return {
        "code": threshold.code,
        "value": str(threshold.value),
        "unit": threshold.unit,
        "area": threshold.area_id,
        "valid_from": threshold.valid_from.isoformat(),
        "standing": threshold.standing,
        "document": threshold.document,
        "note": threshold.note,
    }


def _refused(rules: list[Rule], known: set[str]) -> dict[str, list[str]]:
    """Rules whose threshold has no value in the month: said once for the run, nothing is guessed."""
    missing = {rule.code: [code for code in rule.thresholds if code not in known] for rule in rules}
    return {code: thresholds for code, thresholds in missing.items() if thresholds}


def work_run(run_id: int, progress: Callable[[RunShard], None] | None = None) -> int:
    """Judges pending townships until none is left that nobody holds, then closes the run if all are done.

    Safe to call from any number of processes, and again after any of them was killed. Returns how many it judged.
    """
    run = JudgmentRun.objects.get(pk=run_id)
    judged = 0
    while run.state == RunState.OPEN and (shard := judge_next_shard(run)) is not None:
        judged += 1
        if progress is not None:
            progress(shard)
    close_if_done(run_id)
    return judged


@transaction.atomic
def close_if_done(run_id: int) -> bool:
    """Closes a run whose townships are all judged, with its digest. Whoever comes second finds it closed."""
    run = JudgmentRun.objects.select_for_update().get(pk=run_id)
    if run.state == RunState.DONE:
        return True
    if RunShard.objects.filter(run=run, done_at__isnull=True).exists():
        return False
    run.nameless = nameless_households(run)
    run.digest = run_digest(run)
    run.state = RunState.DONE
    run.finished_at = timezone.now()
    run.save(update_fields=["nameless", "digest", "state", "finished_at"])
    if run.kind == RunKind.IMMEDIATE:
        EvidenceBatch.objects.filter(judged_in=run.pk).update(judged_at=run.finished_at)
        return True
    write_audit(action="run_finished", subject="run", subject_id=run.pk, digest=run.digest)
    return True
