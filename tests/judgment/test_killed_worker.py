"""A real worker on a real broker, killed at random moments: the run ends the same as an undisturbed one."""

import datetime as dt
import os
import random
import time

import pytest
from django.db import connection
from django.utils import timezone

from alerts.models import Alert
from households.models import Event, EvidenceBatch
from monitoring.judgment.models import Finding, JudgmentRun, RunState
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.tasks import call_workers
from tests import factories
from tests.judgment.county import make_county
from tests.workers import kill, start_celery, wait_for

__all__ = ["start_celery"]

pytestmark = [pytest.mark.worker, pytest.mark.once, pytest.mark.django_db(transaction=True)]

JUNE = dt.date(2022, 6, 1)
KILLS = int(os.environ.get("KILLS", "4"))
HOUSEHOLDS = int(os.environ.get("KILL_HOUSEHOLDS", "12000"))


def _shards_done(run: JudgmentRun) -> int:
    return run.shards.filter(done_at__isnull=False).count()


def _at_work() -> bool:
    """Whether a worker is inside a township right now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            " AND xact_start IS NOT NULL AND query ~ 'monitoring_|alerts_'"
        )
        return cursor.fetchone()[0] > 0


def _is_done(run: JudgmentRun) -> bool:
    return JudgmentRun.objects.get(pk=run.pk).state == RunState.DONE


@pytest.mark.timeout(600)
def test_a_run_whose_workers_are_killed_again_and_again_ends_like_an_undisturbed_one(start_celery):
    make_county(households=HOUSEHOLDS, batch_id=factories.batch().pk)
    factories.medical_list(JUNE)
    # Nothing waits to be judged at once: a worker that starts would do that beside the month.
    EvidenceBatch.objects.update(judged_at=timezone.now())
    undisturbed = open_run(month=JUNE)
    work_run(undisturbed.pk)
    undisturbed.refresh_from_db()
    assert Finding.objects.filter(run=undisturbed).count() > HOUSEHOLDS / 20
    undisturbed_seconds = sum(shard.seconds for shard in undisturbed.shards.all()) / 12
    events = Event.objects.count()

    disturbed = open_run(month=JUNE)
    call_workers(disturbed.pk)
    chance = random.Random(os.environ.get("KILL_SEED", "7"))
    killed_at_work = 0
    for _kill_number in range(KILLS):
        worker = start_celery("worker", "-c", "2")
        wait_for(lambda: _at_work() or _is_done(disturbed), 60)
        time.sleep(chance.uniform(0, undisturbed_seconds))
        killed_at_work += _at_work()
        kill(worker)
    start_celery("worker", "-c", "2")

    assert wait_for(lambda: _is_done(disturbed), 60), f"{_shards_done(disturbed)} townships after 60 s"
    disturbed.refresh_from_db()
    assert killed_at_work
    assert disturbed.digest == undisturbed.digest
    assert Finding.objects.filter(run=disturbed).count() == Finding.objects.filter(run=undisturbed).count()
    # The same month again changed no alert, so it said nothing.
    assert Event.objects.count() == events
    assert not Alert.objects.filter(months_found__gt=1).exists()
