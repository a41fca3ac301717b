"""Sealing: a county says that this is the judgment of the month. There is no unsealing.

A sealed run and what it found never change; the database itself refuses (``monitoring.walls``). Judging the month
again makes a revision beside it. The sealed runs of the two months before are what later judgments look back on.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from households.ledger.services import record_event, write_audit
from households.models import Area, User
from monitoring.judgment.models import JudgmentRun, RunKind, RunState
from monitoring.judgment.window import month_end

# A month that is over for this many days and not sealed is marked in the list.
SEAL_WITHIN = timedelta(days=20)


class NotSealable(Exception):
    """``reason``: "immediate", "not_finished", "sealed" (this run) or "month_sealed" (another revision)."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def seal_run(*, run: JudgmentRun, by: User | None) -> JudgmentRun:
    """Makes a finished monthly run the judgment of its month, for good. Raises ``NotSealable``."""
    # All revisions of the month, so that of two people who seal two of them one is told and none fails.
    of_month = JudgmentRun.objects.select_for_update().filter(county=run.county, month=run.month)
    revisions = {row.pk: row for row in of_month.filter(kind=RunKind.MONTHLY).order_by("pk")}
    _check(revisions, run)
    row = revisions[run.pk]
    row.sealed_at, row.sealed_by = timezone.now(), by
    row.save(update_fields=["sealed_at", "sealed_by"])
    write_audit(
        action="run_sealed",
        actor=by,
        subject="run",
        subject_id=row.pk,
        month=f"{row.month:%Y-%m}",
        revision=row.revision,
        digest=row.digest,
    )
    record_event(
        kind="run_sealed",
        subject="run",
        subject_id=row.pk,
        place=Area.objects.get(pk=row.county),
        actor=by,
        status_before=RunState.DONE,
        status_after="sealed",
    )
    return row


def _check(revisions: dict[int, JudgmentRun], run: JudgmentRun) -> None:
    if run.pk not in revisions:
        raise NotSealable("immediate")
    if revisions[run.pk].state != RunState.DONE:
        raise NotSealable("not_finished")
    sealed = next((row for row in revisions.values() if row.sealed_at is not None), None)
    if sealed is not None:
        raise NotSealable("sealed" if sealed.pk == run.pk else "month_sealed")


def is_overdue(month: date) -> bool:
    """Whether a month is over for so long that it should be sealed."""
    return timezone.localdate() > month_end(month) + SEAL_WITHIN
