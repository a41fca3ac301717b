"""Real Celery processes on the test database, killed as when the power fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
CELERY = [sys.executable, "-m", "celery", "-A", "monitoring"]


@pytest.fixture
def start_celery():
    """``start_celery("worker", "-c", "2")`` starts a process and returns it. All are killed after the test."""
    database = connection.settings_dict
    address = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    processes = []

    def _start(*words: str, **environment: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [*CELERY, *words, "-l", "WARNING"],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": f"postgres://{address}/{database['NAME']}",
                "REDIS_URL": settings.REDIS_URL,
                "CELERY_QUEUE": settings.CELERY_TASK_DEFAULT_QUEUE,
            }
            | environment,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield _start
    for process in processes:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL for the process and its children at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def is_somebody_waiting() -> bool:
    """Some transaction waits for a lock. ``pg_stat_activity`` would not say: it stands still in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def is_alone() -> bool:
    """Nobody else is connected to the database: what a killed process had sent to it is done, or is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0


def is_idle() -> bool:
    """Nothing waits at the broker or in a worker, which takes some messages ahead."""
    with closing(redis.Redis.from_url(settings.REDIS_URL)) as client:
        return not client.llen(settings.CELERY_TASK_DEFAULT_QUEUE) and not client.exists("unacked")


def broker_answers() -> bool:
    with closing(redis.Redis.from_url(settings.REDIS_URL)) as client, suppress(redis.RedisError):
        return client.ping()
    return False


def wait_for(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(pause)
    return False
