"""Each morning: answers that are due. Each night: what is to be forgotten."""

from celery import shared_task

from alerts.reports import forgetting
from alerts.reports.reminding import remind_of_answers


@shared_task
def watch_answers() -> int:
    return remind_of_answers()


@shared_task
def forget_reports() -> int:
    return forgetting.forget_reports()
