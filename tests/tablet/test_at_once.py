"""What comes up at the same moment, and what the judgment makes of it at once."""

import statistics
import threading
import time
from itertools import islice

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from households.ledger.models import Event
from households.ledger.publishing import publish_events
from households.models import EvidenceBatch, Visit
from monitoring.models import Upload
from tests import factories
from tests.conftest import VILLAGES
from tests.pace import least
from tests.tablet.pushed import answers, visit
from tests.workers import broker, is_idle, start_celery, wait_for

__all__ = ["broker", "start_celery"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_tabs_that_send_the_same_work_store_it_once(sign_in):
    households = [factories.household(village=VILLAGES[0], members=1) for _number in range(10)]
    sent = [visit(row, words="一切正常") for row in households]
    clients: list[Client] = [sign_in("specialist") for _tab in range(3)]
    said: list[list[dict]] = []

    def _send(client):
        said.append(answers(client, *sent))
        connection.close()

    threads = [threading.Thread(target=_send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Visit.objects.count(), Upload.objects.count()) == (10, 10)
    assert len({tuple(answer["receipt"] for answer in each) for each in said}) == 1
    assert sorted(all(answer["again"] for answer in each) for each in said) == [False, True, True]


def test_two_tablets_on_one_household_are_two_visits(sign_in):
    row = factories.household(village=VILLAGES[0], members=1)
    outcomes = []

    def _send(client):
        outcomes.append(answers(client, visit(row, words="一切正常"))[0]["outcome"])
        connection.close()

    threads = [threading.Thread(target=_send, args=[sign_in(name)]) for name in ("specialist", "township")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["stored", "stored"]
    assert Visit.objects.filter(household=row).count() == 2


@pytest.mark.worker
@pytest.mark.once
def test_a_risk_found_at_the_door_is_in_the_feed_within_a_second(broker, start_celery, sign_in):
    """From the upload to the numbered event; here the test publishes, as beat's publisher does each second."""
    client = sign_in("specialist")
    rounds, in_round = 4, 7
    households = [factories.household(village=VILLAGES[0], members=1) for _row in range(1 + rounds * in_round)]
    EvidenceBatch.objects.update(judged_at=timezone.now())
    broker()
    start_celery("worker", "-c", "1")
    assert wait_for(lambda: _upload(client, households[0]) and _is_in_feed(households[0]), 120, pause=1), (
        "no worker"
    )

    # Nothing of the beginning is to be judged beside them.
    assert wait_for(is_idle, 60, pause=0.01), "never idle"
    rows = iter(households[1:])

    def middle_of_a_round() -> float:
        return statistics.median(_seconds_to_feed(client, row) for row in islice(rows, in_round))

    assert least(middle_of_a_round, below=1, turns=rounds) < 1


def _seconds_to_feed(client, household) -> float:
    started = time.monotonic()
    _upload(client, household)
    assert wait_for(lambda: _is_in_feed(household), 20, pause=0.01)
    return time.monotonic() - started


def _upload(client, household) -> bool:
    sent = visit(household, risks=["illness"], words="户主住院")
    return answers(client, sent)[0]["outcome"] == "stored"


def _is_in_feed(household) -> bool:
    alert = Alert.objects.filter(household=household, kind="VISIT.illness").first()
    if alert is None:
        return False
    publish_events()
    return Event.objects.filter(subject="alert", subject_id=alert.pk, number__isnull=False).exists()
