"""The publisher gives every event one number, whatever order the writers commit in."""

import threading
import time

import pytest
from django.db import transaction

from households.areas.models import Area
from households.ledger.publishing import publish_events
from households.ledger.services import record_event
from households.models import Event


def _event(kind="raised"):
    return record_event(kind=kind, subject="alert", subject_id=1, place=Area.objects.get(code="420527103204"))


@pytest.mark.django_db
def test_it_numbers_in_id_order_and_continues():
    first, second = _event(), _event()
    assert publish_events() == 2
    third = _event()
    assert publish_events() == 1

    numbers = dict(Event.objects.values_list("pk", "number"))
    assert numbers == {first.pk: 1, second.pk: 2, third.pk: 3}


@pytest.mark.django_db
def test_it_has_nothing_to_do_when_all_are_numbered():
    _event()
    publish_events()
    assert publish_events() == 0


@pytest.mark.django_db
def test_it_works_off_a_backlog_in_pieces(monkeypatch):
    monkeypatch.setattr("households.ledger.publishing.EVENTS_AT_ONCE", 2)
    events = [_event() for _i in range(5)]

    assert publish_events() == 5
    assert list(Event.objects.order_by("id").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert len(events) == 5


@pytest.mark.django_db
def test_it_refuses_to_hold_its_lock_inside_another_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError):
        publish_events()


@pytest.mark.django_db(transaction=True)
def test_it_numbers_late_what_commits_late(crew):
    """The row with the lower id becomes visible after a higher one was numbered: it gets the next number."""
    wrote, may_commit = threading.Event(), threading.Event()

    def write_late():
        with transaction.atomic():
            _event("late")
            wrote.set()
            may_commit.wait(10)

    crew.start(write_late)
    assert wrote.wait(10)
    _event("early")

    started = time.monotonic()
    assert publish_events() == 1
    assert time.monotonic() - started < 2, "the publisher waited for an open writer"
    may_commit.set()
    crew.join()
    assert publish_events() == 1

    assert list(Event.objects.order_by("number").values_list("kind", "number")) == [("early", 1), ("late", 2)]
    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == ["late", "early"]


WRITERS, TRANSACTIONS, EACH = 6, 25, 4
TOTAL = WRITERS * TRANSACTIONS * EACH


def _write_with_pauses():
    for turn in range(TRANSACTIONS):
        with transaction.atomic():
            for _i in range(EACH):
                _event()
            # Some transactions stay open while others come and go.
            time.sleep(0.02 if turn % 5 == 0 else 0)


def _follow_by_number(until: int) -> list[int]:
    """What a feed hands out that asks for everything after the last number it saw."""
    seen: list[int] = []
    give_up = time.monotonic() + 60
    while len(seen) < until and time.monotonic() < give_up:
        after = Event.objects.filter(number__gt=seen[-1] if seen else 0)
        seen += after.order_by("number").values_list("number", flat=True)
    return seen


@pytest.mark.django_db(transaction=True)
def test_it_misses_none_and_numbers_none_twice_under_concurrent_writers(crew):
    done = threading.Event()

    def publish():
        while not done.is_set():
            publish_events()

    crew.start(_write_with_pauses, times=WRITERS)
    crew.start(publish, times=2)
    seen = _follow_by_number(until=TOTAL)
    done.set()
    crew.join()

    assert seen == list(range(1, TOTAL + 1))
    assert list(Event.objects.order_by("number").values_list("number", flat=True)) == seen
