"""Celery tasks of the judgment: ids in, one call, counts out."""

from contextlib import suppress

import redis
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from households.models import User
from monitoring.judgment import immediate, replaying, running
from monitoring.judgment.models import JudgmentRun, RunState

HEARTBEAT_KEY = "monitoring:worker-seen"
# How many messages call workers to an open run; one that finds nothing to do costs a query.
CALLS = 4


@shared_task
def work_run(run_id: int) -> int:
    return running.work_run(run_id)


@shared_task
def judge_batches() -> int:
    """Judges what just came in, and whatever waits besides."""
    runs = immediate.open_immediate_runs()
    for run in runs:
        if run.shards.count() > 1:
            call_workers(run.pk)
        running.work_run(run.pk)
    return len(runs)


@shared_task
def replay_run(run_id: int, user_id: int) -> bool | None:
    """Whether it gave the same; None when another worker is at it already."""
    try:
        result = replaying.replay_run(run=JudgmentRun.objects.get(pk=run_id), by=User.objects.get(pk=user_id))
    except replaying.NotReplayable:
        return None
    return result.is_same


@shared_task
def judge_last_month() -> int:
    run = running.open_run(month=running.last_month())
    call_workers(run.pk)
    return run.pk


@shared_task
def sweep_open_runs() -> int:
    """Keeps the promise when a message was lost or a worker killed; also the workers' sign of life."""
    redis.Redis.from_url(settings.REDIS_URL).set(HEARTBEAT_KEY, timezone.now().isoformat(), ex=3600)
    open_runs = list(JudgmentRun.objects.filter(state=RunState.OPEN).values_list("pk", flat=True))
    for run_id in open_runs:
        call_workers(run_id)
    if immediate.batches_waiting():
        judge_batches.delay()
    return len(open_runs)


def call_workers(run_id: int) -> None:
    """Hurries the workers. With a dead broker nothing is lost: the sweep keeps the promise."""
    with suppress(OperationalError):
        for _call in range(CALLS):
            work_run.delay(run_id)


def call_replay(run_id: int, user_id: int) -> bool:
    """Asks a worker to replay a run. False with a dead broker: then nobody was asked."""
    try:
        replay_run.apply_async((run_id, user_id), retry=False, ignore_result=True)
    except OperationalError:
        return False
    return True


@worker_ready.connect
def sweep_at_start(**_kwargs: object) -> None:
    """A worker that comes back takes up open runs at once instead of at the next sweep."""
    sweep_open_runs.delay()
