"""Celery tasks of importing: ids in, one call, state out."""

import datetime as dt
from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from households.imports.models import Import
from households.imports.staging import UNFINISHED, stage_import

# Younger files have their own message under way.
OVERDUE = dt.timedelta(seconds=20)


@shared_task
def stage_import_task(import_id: int) -> str | None:
    return stage_import(import_id)


@shared_task
def sweep_imports() -> int:
    """Keeps the promise when a message was lost or a worker killed: whatever is unfinished is read."""
    overdue = Import.objects.filter(state__in=UNFINISHED, changed_at__lt=timezone.now() - OVERDUE)
    ids = list(overdue.order_by("pk").values_list("pk", flat=True))
    for import_id in ids:
        call_worker(import_id)
    return len(ids)


def call_worker(import_id: int) -> None:
    """Hurries a worker. With a dead broker nothing is lost: the sweep keeps the promise."""
    with suppress(OperationalError):
        stage_import_task.delay(import_id)
