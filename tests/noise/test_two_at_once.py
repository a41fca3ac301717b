"""Two judgments, or a judgment and a person, at one closed alert: one reopens it, the other goes on with it."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.raising import Quiet
from households.models import Event
from tests.noise.conftest import QUIET, close, find
from tests.workers import is_somebody_waiting, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work) -> threading.Thread:
    """Runs in a connection of its own, which the other transaction makes wait."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("other", [QUIET, Quiet()], ids=["both reopen it", "one would raise a new one"])
def test_two_runs_leave_one_open_alert(household, other):
    close(household, values={"net_per_head": 6000})
    results = []
    with transaction.atomic():
        results.append(find(household, net_per_head=4000))
        second = beside(lambda: results.append(_in_transaction(household, other)))
        assert wait_for(is_somebody_waiting, 30)
    second.join(timeout=20)

    assert [(result.raised, result.reopened, result.found_again) for result in results] == [(0, 1, 0), (0, 0, 1)]
    assert Alert.objects.filter(closed_at__isnull=True).count() == 1
    assert Event.objects.filter(kind="alert_reopened").count() == 1


def _in_transaction(household, quiet):
    with transaction.atomic():
        return find(household, net_per_head=4000, run_id=8, quiet=quiet)


def test_what_a_person_reopens_meanwhile_is_refreshed(household):
    closed = close(household, values={"net_per_head": 6000})
    results = []
    with transaction.atomic():
        Alert.objects.filter(pk=closed.pk).update(
            status="raised", closed_at=None, outcome="", changed_at=timezone.now()
        )
        second = beside(lambda: results.append(_in_transaction(household, QUIET)))
        assert wait_for(is_somebody_waiting, 30)
    second.join(timeout=20)

    assert (results[0].reopened, results[0].found_again) == (0, 1)
    assert Alert.objects.get().last_run == 8
