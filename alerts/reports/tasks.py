"""Each morning: answers that are due."""

from celery import shared_task

from alerts.reports.reminding import remind_of_answers


@shared_task
def watch_answers() -> int:
    return remind_of_answers()
