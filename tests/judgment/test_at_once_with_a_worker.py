"""A real worker on a broker of its own: what comes in is judged in half a second, and no outage loses it."""

import datetime as dt
import statistics
import time
from itertools import islice

import pytest
from django.db import transaction
from django.utils import timezone

from alerts.models import Alert
from households.evidence.announcing import announce
from households.evidence.services import open_batch
from households.models import BatchKind, EvidenceBatch, Household
from tests import factories
from tests.pace import least
from tests.workers import broker, broker_answers, is_idle, kill, start_celery, wait_for

__all__ = ["broker", "start_celery"]

pytestmark = [pytest.mark.worker, pytest.mark.once, pytest.mark.django_db(transaction=True)]

WRITES = 8
ROUNDS = 4
# Seconds until a worker has started, also where other tests keep the cores.
START = 60


@pytest.fixture
def households() -> list[Household]:
    rows = [factories.household(members=1, lifted=True) for _number in range(1 + WRITES * ROUNDS)]
    EvidenceBatch.objects.update(judged_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    return rows


def write_bill(household: Household) -> float:
    """A dear stay written as a desk entry. Returns the seconds that the writer waited."""
    started = time.monotonic()
    with transaction.atomic():
        batch = open_batch(kind=BatchKind.DESK, by=None)
        factories.bill(
            person=household.memberships.get().person,
            self_pay=6000,
            settled_on=timezone.localdate(),
            batch=batch,
        )
        announce(batch)
    return time.monotonic() - started


def has_alert(household: Household) -> bool:
    return Alert.objects.filter(household=household, kind="MED01").exists()


def seconds_until_alert(household: Household) -> float:
    started = time.monotonic()
    write_bill(household)
    assert wait_for(lambda: has_alert(household), 20, pause=0.005)
    return time.monotonic() - started


def test_a_desk_entry_has_its_alert_within_half_a_second(broker, start_celery, households):
    """The middle one of a round. ``make bench`` measures the 95th percentile on idle cores."""
    broker()
    start_celery("worker", "-c", "1")
    assert wait_for(lambda: write_bill(households[0]) and has_alert(households[0]), START), "no worker"

    # Nothing of the beginning is to be judged beside them.
    assert wait_for(is_idle, START, pause=0.01), "never idle"
    rows = iter(households[1:])

    def middle_of_a_round() -> float:
        return statistics.median(seconds_until_alert(household) for household in islice(rows, WRITES))

    assert least(middle_of_a_round, below=0.5, turns=ROUNDS) < 0.5


def test_a_dead_broker_delays_the_judgment_and_not_the_write(broker, start_celery, households, tmp_path):
    process = broker()
    start_celery("worker", "-c", "1")
    start_celery("beat", "--schedule", str(tmp_path / "schedule"), "--pidfile", "")
    assert wait_for(lambda: write_bill(households[0]) and has_alert(households[0]), START), "no worker"
    # A message that the worker had taken ahead would have it judge after the broker's death.
    assert wait_for(is_idle, START, pause=0.01), "never idle"
    kill(process)

    assert write_bill(households[1]) < 1
    # Long enough that the worker has tried in vain, and waits before it tries again.
    time.sleep(12)
    assert not has_alert(households[1])
    broker()

    assert wait_for(lambda: has_alert(households[1]), START)


def test_with_a_mute_broker_the_write_succeeds_within_a_second(broker, households):
    """It accepts connections and answers nothing."""
    process = broker()
    assert wait_for(broker_answers, START), "the broker does not come up"
    write_bill(households[0])
    process.send_signal(19)  # SIGSTOP

    assert write_bill(households[1]) < 1

    assert EvidenceBatch.objects.filter(judged_at__isnull=True).count() >= 2
