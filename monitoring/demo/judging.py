"""The last months judged, one after the other, by the real worker."""

import time
from collections.abc import Callable
from datetime import date

from monitoring.judgment.models import JudgmentRun, RunShard, RunState
from monitoring.judgment.running import open_run
from monitoring.judgment.tasks import call_workers
from monitoring.judgment.window import add_months

# The last month and the two before it: lists then show what was found again and what was not.
MONTHS = 3
PATIENCE = 120.0
POLL = 0.2


class WorkerSilent(Exception):
    """No township was finished for a long time: probably no worker is running."""


def months_to_judge(last_month: date) -> list[date]:
    return [add_months(last_month, index + 1 - MONTHS) for index in range(MONTHS)]


def not_judged(last_month: date) -> list[date]:
    """Which of these months have no finished run, in order."""
    months = months_to_judge(last_month)
    done = JudgmentRun.objects.filter(month__in=months, state=RunState.DONE).values_list("month", flat=True)
    return [month for month in months if month not in set(done)]


def open_and_call(month: date) -> JudgmentRun:
    run = open_run(month=month)
    call_workers(run.pk)
    return run


def wait_for(run: JudgmentRun, progress: Callable[[int, int], None], patience: float = PATIENCE) -> None:
    """Returns when the worker has finished the run. Raises ``WorkerSilent`` after ``patience`` idle seconds."""
    shards = RunShard.objects.filter(run=run)
    total, seen, since = shards.count(), 0, time.monotonic()
    while True:
        done = shards.filter(done_at__isnull=False).count()
        if done != seen:
            seen, since = done, time.monotonic()
            progress(done, total)
        run.refresh_from_db()
        if run.state == RunState.DONE:
            return
        if time.monotonic() - since > patience:
            raise WorkerSilent
        time.sleep(POLL)
