"""The last line of every verb that writes evidence: announces the batch, so that it is judged at once.

``judged_at IS NULL`` is the promise; the message only hurries it, and a sweep keeps the promise when no message
came through. The task is called by name: nobody here knows who judges.
"""

from contextlib import suppress

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from households.evidence.models import EvidenceBatch

JUDGE = "monitoring.judgment.tasks.judge_batches"


def announce(_batch: EvidenceBatch) -> None:
    """Tells the workers of a batch once its transaction is committed. A dead broker costs a short wait."""
    transaction.on_commit(_call_worker)


def _call_worker() -> None:
    with suppress(OperationalError):
        current_app.send_task(JUDGE, retry=False, ignore_result=True)
