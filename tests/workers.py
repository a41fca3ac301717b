"""Real Celery processes on the test database, killed as when the power fails."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from monitoring.engines import valkey_server

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


@pytest.fixture
def broker(tmp_path, monkeypatch):
    """A function that starts the broker (again) on its port; the project's own stays untouched."""
    port = _port()
    words = [valkey_server(system=False), "--port", str(port), "--dir", str(tmp_path), "--appendonly", "yes"]
    url = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(current_app.conf, "broker_url", url)
    monkeypatch.setattr(settings, "REDIS_URL", url)
    processes = []

    def _start() -> subprocess.Popen:
        processes.append(subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True))
        return processes[-1]

    yield _start
    for process in processes:
        kill(process)


def _port() -> int:
    """Not one of those that clients are given: while the broker is dead, nobody else may have its port."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


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


def backends() -> set[int]:
    """Who is connected to the database. Once a killed process is not, what it had sent is done, or is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


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
