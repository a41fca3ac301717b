"""Many visits, and visits while somebody else writes: nothing twice, and nobody waits for an import."""

import datetime as dt
import threading
import time
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from households.desk.corrections import save_line
from households.imports.locking import lock_register, share_register
from households.models import HouseholdFact, IncomeLine, Visit, VisitAnswer
from tests import factories
from tests.desk.sending import at_once
from tests.pace import least
from tests.visits.taking import coming, states, take, visited

JUNE = dt.date(2022, 6, 1)
WAGE = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "3000"}


def full(household, person):
    """A visit with a line of every section."""
    return coming(
        household,
        words="屋顶漏雨。",
        risks=["housing"],
        income=[WAGE, WAGE | {"kind": "cost", "item": "种子", "amount": "200"}],
        work=[{"person": person.pk, "work_place": "省外", "work_months": 6}],
        illness=[{"person": person.pk, "treatment": "inpatient", "month": "2022-06", "self_pay": "1"}],
        schooling=[{"person": person.pk, "schooling": "小学"}],
        house=[{"house_grade": "C", "seen": {"house_grade": None}}],
        water=[{"safe_water": False}],
        disaster=[{"happened": "火灾", "happened_on": "2022-06-30"}],
    )


@pytest.fixture
def village(db):
    """Households with one member each."""
    households = [factories.household(members=1) for _number in range(50)]
    return [(row, row.memberships.get().person) for row in households]


@pytest.mark.usefixtures("july")
def test_fifty_visits_take_as_many_statements_as_two(village):
    with CaptureQueriesContext(connection) as two:
        take([full(*one) for one in village[:2]])
    with CaptureQueriesContext(connection) as many:
        take([full(*one) for one in village[2:]])
    assert len(many) == len(two)
    # Two of them open and close the transaction, two are the lock of the households and the batch.
    assert len(many) <= 18


@pytest.mark.usefixtures("july")
def test_two_hundred_visits_are_recorded_in_two_seconds(village):
    """Half of them found nothing new, one in five says something in every section."""

    times: list[float] = []

    def record() -> float:
        day = [
            full(*one) if place % 5 == 0 else coming(one[0], unchanged=place % 2 == 0, words="老人身体好。")
            for place, one in enumerate(village * 4)
        ]
        begun = time.perf_counter()
        for start in range(0, len(day), 50):
            take(day[start : start + 50])
        times.append(time.perf_counter() - begun)
        return times[-1]

    assert least(record, below=2) < 2
    assert Visit.objects.count() == 200 * len(times)
    # Whoever says it again says nothing new.
    assert VisitAnswer.objects.filter(state="added").count() == 10 * 7


@pytest.mark.django_db(transaction=True)
def test_two_tablets_at_one_door_add_one_line(cast):
    household = factories.household(members=1)
    said = {"income": [WAGE], "house": [{"house_grade": "C"}]}
    results = at_once([partial(visited, household, by=cast.specialist, **said)] * 3)
    assert sorted(states(visit)["务工"][0] for visit in results) == ["added", "same", "same"]
    assert IncomeLine.objects.count() == 1
    assert HouseholdFact.objects.filter(household=household).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_visit_and_the_desk_at_once_end_in_one_line(cast):
    household = factories.household(members=1)
    line = {
        "month": JUNE,
        "kind": "wage",
        "item": "务工",
        "reason": "工资单",
        "token": "c" * 32,
        "by": cast.township,
    }
    desk = partial(save_line, household=household, amount=2900, **line)
    at_once([partial(visited, household, income=[WAGE]), desk])
    assert IncomeLine.objects.current().count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_a_file_is_written_nothing_is_added_and_nobody_waits(cast):
    household = factories.household(members=1, safe_water=True)
    writing, written = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            lock_register()
            writing.set()
            written.wait(20)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    writing.wait(10)
    begun = time.perf_counter()
    simple = visited(household, unchanged=True)
    at_the_door = time.perf_counter() - begun
    visit = visited(household, income=[WAGE], house=[{"house_grade": "C"}], water=[{"safe_water": True}])
    waited = time.perf_counter() - begun
    written.set()
    thread.join(10)
    assert at_the_door < 1
    assert waited < 5
    assert states(visit) == {
        "务工": ("asked", "3000.00", None),
        "house_grade": ("asked", "C", None),
        "safe_water": ("same", True, True),
    }
    assert not IncomeLine.objects.exists()
    assert Visit.objects.filter(pk__in=[simple.pk, visit.pk]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_visits_share_the_register_and_keep_writers_out():
    shared, done = threading.Event(), threading.Event()
    order = []

    def visit() -> None:
        with transaction.atomic():
            assert share_register(patience=0)
            shared.set()
            done.wait(20)
            order.append("visit")
        connection.close()

    def write() -> None:
        with transaction.atomic():
            lock_register()
            order.append("file")
        connection.close()

    threads = [threading.Thread(target=visit)]
    threads[0].start()
    shared.wait(10)
    with transaction.atomic():
        assert share_register(patience=0)
    threads.append(threading.Thread(target=write))
    threads[1].start()
    time.sleep(0.2)
    assert order == []
    done.set()
    for thread in threads:
        thread.join(10)
    assert order == ["visit", "file"]
