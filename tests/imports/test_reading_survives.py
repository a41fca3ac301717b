"""A file that was received is read, whatever happens to messages and workers."""

import datetime as dt

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from households.imports import tasks
from households.imports.services import receive_file
from households.models import Import, ImportState
from tests.imports.conftest import HOUSEHOLD, VILLAGE, as_csv

pytestmark = pytest.mark.django_db
CONTENT = as_csv(HOUSEHOLD, [f"{VILLAGE}000001", VILLAGE, "张三"])


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Ids for which a worker was called."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.stage_import_task, "delay", ids.append)
    return ids


def received(*, seconds_ago: int, state: str = ImportState.RECEIVED) -> Import:
    row = receive_file(name="户信息.csv", content=CONTENT, by=None)
    when = timezone.now() - dt.timedelta(seconds=seconds_ago)
    Import.objects.filter(pk=row.pk).update(state=state, changed_at=when)
    return row


def test_the_sweep_takes_up_what_nobody_reads(sent):
    lost = received(seconds_ago=30)
    killed = received(seconds_ago=30, state=ImportState.READING)
    received(seconds_ago=3)
    received(seconds_ago=30, state=ImportState.STAGED)
    assert tasks.sweep_imports() == 2
    assert sent == [lost.pk, killed.pk]


def test_a_worker_reads_what_a_killed_one_left(sent):
    row = received(seconds_ago=30, state=ImportState.READING)
    assert tasks.stage_import_task(row.pk) == ImportState.STAGED
    assert row.rows.count() == 1


def test_a_dead_broker_loses_nothing(monkeypatch):
    def refuse(_pk):
        raise OperationalError

    monkeypatch.setattr(tasks.stage_import_task, "delay", refuse)
    row = received(seconds_ago=30)
    tasks.call_worker(row.pk)
    row.refresh_from_db()
    assert row.state == ImportState.RECEIVED


def test_a_task_reads_a_file_once():
    row = received(seconds_ago=30)
    assert tasks.stage_import_task(row.pk) == ImportState.STAGED
    assert tasks.stage_import_task(row.pk) is None
    assert row.rows.count() == 1
