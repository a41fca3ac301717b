"""Each morning: what visits ask, and uploads that wait for a person."""

from celery import shared_task

from monitoring.tablet.reminding import remind_of_visits


@shared_task
def watch_visits() -> int:
    return remind_of_visits()
