"""Whether the machine works: the last run, the queue, the workers, the lists of departments that are missing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from alerts.notices.health import Standing, deliveries_now
from alerts.notices.tasks import SENDER_KEY
from households.policy.calendar import known_years
from monitoring.judgment.lists import missing_lists
from monitoring.judgment.models import JudgmentRun, RunState
from monitoring.judgment.running import last_month
from monitoring.judgment.tasks import HEARTBEAT_KEY

# Beat calls a worker every twenty seconds; three calls without an answer is silence.
SILENCE = timedelta(seconds=60)


@dataclass(frozen=True)
class Machine:
    last_run: JudgmentRun | None
    open_run: JudgmentRun | None
    # The newest month that was judged; the last run may have judged an older one again.
    judged_month: date | None
    broker_up: bool
    waiting_messages: int
    worker_seen: datetime | None
    missing_lists: list[str]
    # The month whose lists should be there by now.
    month: date
    # Years of which the holidays are entered.
    known_years: list[int]
    # How the sending of notices stands, and when a sender was last at work.
    deliveries: Standing
    sender_seen: datetime | None

    @property
    def worker_up(self) -> bool:
        return self.worker_seen is not None and timezone.now() - self.worker_seen < SILENCE


def machine_state() -> Machine:
    """Looked at anew for each home page: six queries and two calls to the broker, which may be down."""
    month = last_month()
    runs = JudgmentRun.objects.monthly().filter(county=settings.COUNTY_CODE)
    done = runs.filter(state=RunState.DONE)
    open_runs = runs.annotate(shards_all=Count("shards"), shards_done=Count("shards__done_at"))
    waiting, seen, sender_seen, broker_up = _broker()
    return Machine(
        last_run=done.select_related("started_by").order_by("-finished_at").first(),
        open_run=open_runs.filter(state=RunState.OPEN).first(),
        judged_month=done.aggregate(Max("month"))["month__max"],
        broker_up=broker_up,
        waiting_messages=waiting,
        worker_seen=seen,
        missing_lists=missing_lists(month),
        month=month,
        known_years=known_years(),
        deliveries=deliveries_now(),
        sender_seen=sender_seen,
    )


def _broker() -> tuple[int, datetime | None, datetime | None, bool]:
    """Messages that wait, when a worker and a sender of notices last worked, whether the broker answers at all."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=0.5)
    try:
        waiting = client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)
        worker, sender = (
            datetime.fromisoformat(seen.decode()) if seen else None
            for seen in client.mget(HEARTBEAT_KEY, SENDER_KEY)
        )
    except redis.RedisError:
        return 0, None, None, False
    return waiting, worker, sender, True
