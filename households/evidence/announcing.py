"""The last line of every verb that writes evidence: announces the batch, so that it is judged at once.

``judged_at IS NULL`` is the promise; the message only hurries it, and a sweep keeps the promise when no message
came through. The task is called by name: nobody here knows who judges.
"""

from contextlib import suppress

import redis
from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import OperationalError

from households.evidence.models import EvidenceBatch

JUDGE = "monitoring.judgment.tasks.judge_batches"
# Whoever wrote waits for this message: a broker that is dead, or alive and mute, costs less than a second.
PATIENCE = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.3,
    "retry_on_timeout": False,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}


def announce(_batch: EvidenceBatch) -> None:
    """Tells the workers of a batch once its transaction is committed."""
    transaction.on_commit(_call_worker)


def _call_worker() -> None:
    options = (current_app.conf.broker_transport_options or {}) | PATIENCE
    with (
        suppress(OperationalError, redis.RedisError, OSError),
        Connection(current_app.conf.broker_url, connect_timeout=0.3, transport_options=options) as broker,
    ):
        current_app.send_task(JUDGE, connection=broker, retry=False, ignore_result=True)
