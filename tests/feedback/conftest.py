"""A medical list of June 2022 taken in and judged at once, on 10 July 2022; who sent it hears back."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Alert
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import Department, Household, Import, Person, Posting, Role, User
from households.privacy.seal import lookup_hash, seal
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import VILLAGES
from tests.imports.conftest import MEDICAL, as_csv, number, take_in

MAY, JUNE, JULY = (dt.date(2022, month, 1) for month in (5, 6, 7))
SICK, WELL, CHILD, UNKNOWN = (number(sequence=sequence) for sequence in (1, 3, 5, 7))
WRONG = SICK[:-1] + ("0" if SICK[-1] != "0" else "1")


@pytest.fixture(autouse=True)
def july():
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield


def known_person(name: str, identity: str, household: Household, **fields) -> Person:
    return factories.person(
        name=name,
        household=household,
        identity_sealed=seal(identity),
        identity_hash=lookup_hash(identity),
        **fields,
    )


@pytest.fixture
def sick(db) -> Household:
    """A lifted household of a sick head and a child; nobody else has a finding."""
    household = factories.household(lifted=True, head_name="向病", village=VILLAGES[0])
    known_person("向病", SICK, household, is_head=True)
    known_person("向小", CHILD, household)
    return household


@pytest.fixture
def well(db) -> Household:
    household = factories.household(lifted=True, head_name="郑好", village=VILLAGES[0])
    known_person("郑好", WELL, household, is_head=True)
    return household


def bill(identity: str, name: str, self_pay: object, day: str = "20220608", total: int = 20000) -> list[object]:
    return [identity, name, "住院", day, total, self_pay]


# Row number → what the file says; the header is row 1.
ROWS = {
    2: bill(SICK, "向病", 5500),
    3: bill(WELL, "郑好", 300, total=900),
    4: bill(UNKNOWN, "无名", 800),
    5: bill(WRONG, "错号", 900),
    6: bill(CHILD, "向小", 50, total=100),
    7: bill(WELL, "郑好", 300, total=900),
}


def send(rows, *, month=JUNE, name="医保_2022-06.csv", header=MEDICAL, by=None, judge=True) -> Import:
    row = take_in(as_csv(header, *rows), name, month=month, by=by)
    if judge:
        judge_batches()
    return Import.objects.get(pk=row.pk)


@pytest.fixture
def sent(cast, sick, well) -> Import:
    return send(ROWS.values(), by=cast.officer)


@pytest.fixture
def move(cast):
    """``move("staff", "dispatch", …)`` moves the one alert there is, or ``of``."""

    def _move(name: str, code: str, of: Alert | None = None, **given) -> Alert:
        alert = of or Alert.objects.get()
        words = {"to": "village", "note": "说明"} | given
        return make_move(alert_id=alert.pk, move=code, given=Given(**words), by=Mover.of_user(cast.members[name]))

    return _move


@pytest.fixture
def verify(move):
    """Sends an alert down and has it looked at."""

    def _verify(verdict: str = "confirmed", of: Alert | None = None, **given) -> Alert:
        if (of or Alert.objects.get()).status == "raised":
            move("staff", "dispatch", of)
        move("specialist", "acknowledge", of)
        words = {"risks": ("illness", "income")} if verdict == "confirmed" else {"reason": "able"}
        return move("specialist", "verify", of, verdict=verdict, **words | given)

    return _verify


@pytest.fixture
def officer_of(cast):
    """``officer_of("civil")``: signed in as that department's officer."""

    def _officer_of(department: str) -> User:
        user = User.objects.create_user(f"officer-{department}", f"{Department(department).label}干部", None)
        Posting.objects.create(
            user=user,
            role=Role.DEPARTMENT_OFFICER,
            area_id="420527",
            department=department,
            valid_from=dt.date(2020, 1, 1),
        )
        cast.members[user.username] = user
        return user

    return _officer_of


@pytest.fixture
def count_queries(db):
    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        # The session is saved inside the test's own transaction: its savepoints are the test's.
        return result, sum("SAVEPOINT" not in query["sql"] for query in captured)

    return _count
