"""Every ten seconds: what a killed sender left is taken up, and what is due goes out."""

import redis
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from alerts.notices.sending import send_due, sweep

SENDER_KEY = "notices:sender-seen"
# Judgments share these workers; what is left over goes with the next call.
AT_MOST_SECONDS = 20


@shared_task
def send_notices() -> dict[str, int]:
    redis.Redis.from_url(settings.REDIS_URL).set(SENDER_KEY, timezone.now().isoformat(), ex=86_400)
    taken_up = sweep()
    return {"taken_up": taken_up} | send_due(seconds=AT_MOST_SECONDS)
