"""The Celery app. Settings come from Django, prefixed ``CELERY_``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")

app = Celery("monitoring", amqp="monitoring.broker:PromptAMQP")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "alerts.notices",
        "alerts.reports",
        "alerts.travel",
        "households.imports",
        "households.ledger",
        "monitoring.feeds",
        "monitoring.judgment",
        "monitoring.tablet",
    ]
)
