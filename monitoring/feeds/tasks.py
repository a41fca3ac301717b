"""Answers to writes of API clients are kept for a day."""

from celery import shared_task

from monitoring.feeds.idempotency import sweep_answers


@shared_task
def sweep_idempotent_answers() -> int:
    return sweep_answers()
