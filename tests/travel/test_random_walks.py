"""Whatever is tried on an alert, in whatever order and on whatever day: what must always hold, holds."""

import datetime as dt
import threading
from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alerts.models import Alert
from alerts.transitions import CLOSED, COUNTY, FINAL, GIVEN, LEVELS, MOVES, STAYS, UP, level_above
from alerts.travel.given import Given, MoveRefused
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.areas.scope import Scope
from households.models import Event
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.travel.walking import ENOUGH, may, stand

NOT_ENOUGH = (
    {},
    {"to": "county"},
    {"verdict": "confirmed"},
    {"outcome": "?"},
    {"village": ELSEWHERE, "note": "远"},
)
# Always the same walks; a failure is told as it was found, since making it shorter takes minutes.
WALKS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Step:
    """``wild``: any move with any words; otherwise one of those that are possible, with all that it needs."""

    who: int
    what: int
    wild: bool
    words: int
    days: int


STEPS = st.builds(
    Step,
    who=st.integers(0, 5),
    what=st.integers(0, 99),
    wild=st.sampled_from((False, False, True)),
    words=st.integers(0, len(NOT_ENOUGH)),
    days=st.sampled_from((0, 0, 1, 3, 40)),
)


@pytest.fixture
def alert(cast) -> Alert:
    return factories.alert(household=factories.household(village=VILLAGES[0], members=1))


@pytest.fixture
def movers(cast) -> list[Mover]:
    """Three people, a key for the village next door, one for another township, and the system."""
    return [
        *(Mover.of_user(cast.members[name]) for name in ("staff", "township", "specialist")),
        Mover("village", Scope("village", (VILLAGES[1],)), client_id=7),
        Mover("village", Scope("village", (ELSEWHERE,)), client_id=8),
        Mover.of_system("420527"),
    ]


def _choose(step: Step, movers: list[Mover], alert: Alert) -> tuple[str, dict, Mover]:
    codes = list(MOVES)
    if not step.wild:
        possible = [
            (code, mover)
            for code in codes
            for mover in movers[:4]
            if may(code, status=alert.status, holder=alert.holder, level=mover.level_at(alert) or "nobody")
        ]
        if possible:
            code, mover = possible[step.what % len(possible)]
            return code, _enough(code, alert), mover
    words = (*NOT_ENOUGH, ENOUGH[codes[step.what % len(codes)]])[step.words]
    return codes[step.what % len(codes)], words, movers[step.who]


def _enough(code: str, alert: Alert) -> dict:
    if code == "transfer" and alert.working_village == VILLAGES[1]:
        return ENOUGH[code] | {"village": VILLAGES[0]}
    return ENOUGH[code]


def _row(alert: Alert) -> dict:
    return Alert.objects.values().get(pk=alert.pk)


def _events(alert: Alert) -> list[Event]:
    """Those of its moves; that it left a village is told there beside the move."""
    events = Event.objects.filter(subject="alert", subject_id=alert.pk).exclude(kind="alert_left")
    return list(events.order_by("pk"))


@WALKS
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
def test_no_walk_leads_where_no_alert_may_be(steps, alert, movers):
    with transaction.atomic(), time_machine.travel(timezone.now(), tick=False) as clock:
        for step in steps:
            clock.shift(dt.timedelta(days=step.days))
            alert.refresh_from_db()
            _take(step, movers, alert)
        _check_chain(alert)
        transaction.set_rollback(True)


def _take(step: Step, movers: list[Mover], alert: Alert) -> None:
    code, words, by = _choose(step, movers, alert)
    given_words = Given(**{**words, "risks": tuple(words.get("risks", ()))})
    before, told = _row(alert), len(_events(alert))
    try:
        make_move(alert_id=alert.pk, move=code, given=given_words, by=by)
    except (MoveRefused, Alert.DoesNotExist):
        assert _row(alert) == before
        assert len(_events(alert)) == told
        return
    after = _row(alert)
    assert by.level == "system" or may(code, status=before["status"], holder=before["holder"], level=by.level)
    assert before["village"] in by.scope.codes or before["handled_in"] in by.scope.codes or by.level != "village"
    _check_event(alert, code, words, by, before, after, told)
    _check_row(code, words, before, after)


def _check_event(alert, code: str, words: dict, by: Mover, before: dict, after: dict, told: int) -> None:
    """Exactly one, of this move, by this mover."""
    events = _events(alert)
    assert len(events) == told + 1
    event = events[-1]
    assert (event.status_before, event.status_after) == (before["status"], after["status"])
    assert (event.actor_id, event.client_id) == (by.user.pk if by.user else None, by.client_id)
    assert event.note == words.get("note", "")
    assert event.detail["holder"] == [before["holder"], after["holder"]], code


def _check_row(code: str, words: dict, before: dict, after: dict) -> None:
    move = MOVES[code]
    assert after["status"] == move.target
    is_open = after["status"] not in FINAL
    assert (after["closed_at"] is None) is is_open
    holders = {UP: level_above(before["holder"]), GIVEN: words.get("to"), STAYS: before["holder"]}
    assert after["holder"] == holders.get(move.holder, move.holder)
    assert after["holder"] in LEVELS
    today = timezone.localdate()
    assert (after["due_on"] is not None) is is_open
    if is_open and move.restarts:
        # Whoever acknowledges late has no more time: the verification counts from the first dispatch. What is sent
        # down again overdue stays so.
        is_late = after["due_on"] < today
        assert is_late or (after["reminded_on"], after["escalated_to"]) == (None, "")
        if is_late:
            kept = {"acknowledge": after["verify_by"], "dispatch": before["due_on"]}
            assert after["due_on"] == kept[code]
        if code in ("acknowledge", "dispatch"):
            assert after["due_on"] <= after["verify_by"]
    if not move.restarts:
        # The clock goes on: it is not wound up.
        assert after["verify_by"] == before["verify_by"]
        assert after["due_on"] <= min(before["due_on"], before["verify_by"])
    assert (after["verdict"] != "") is (after["verified_at"] is not None)
    if after["status"] in ("verified", "reviewed"):
        assert after["verdict"]
    if before["dispatched_at"] is not None:
        assert after["dispatched_at"] == before["dispatched_at"]
    assert after["changed_at"] >= before["changed_at"]


def _check_chain(alert: Alert) -> None:
    """From the first event to the row as it stands, each begins where the one before it ended."""
    events = _events(alert)
    for earlier, later in zip(events, events[1:], strict=False):
        assert earlier.status_after == later.status_before
    if events:
        row = _row(alert)
        assert events[0].status_before == "raised"
        assert events[-1].status_after == row["status"]
        assert events[-1].detail["holder"][1] == row["holder"]


# Whichever comes first, the other is not possible any more.
RACES = [
    ("dispatched", "village", ("specialist", "acknowledge"), ("specialist", "acknowledge")),
    ("acknowledged", "village", ("specialist", "verify"), ("specialist", "refuse")),
    ("raised", "county", ("staff", "dispatch"), ("admin", "dismiss")),
    ("verified", "township", ("township", "review"), ("township", "send_back")),
    ("reviewed", "county", ("staff", "close"), ("admin", "return")),
    (CLOSED, COUNTY, ("staff", "reopen"), ("admin", "reopen")),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seeing", [True, False], ids=["on a page", "blindly"])
@pytest.mark.parametrize("race", RACES, ids=lambda race: f"{race[2][1]} and {race[3][1]}")
def test_of_two_at_once_one_wins_and_the_other_is_told(race, seeing, cast, alert):
    status, holder, *both = race
    stand(alert, status=status, holder=holder)
    stamp = Alert.objects.get(pk=alert.pk).stamp if seeing else ""
    start = threading.Barrier(2)
    told: list[MoveRefused | str] = []

    def decide(member: str, move: str) -> None:
        try:
            start.wait(10)
            by, words = Mover.of_user(cast.members[member]), ENOUGH[move]
            make_move(alert_id=alert.pk, move=move, given=Given(**words), seen=stamp, by=by)
            told.append(move)
        except MoveRefused as refused:
            told.append(refused)
        finally:
            connection.close()

    people = [threading.Thread(target=decide, args=one) for one in both]
    for person in people:
        person.start()
    for person in people:
        person.join(30)

    (won,) = [each for each in told if isinstance(each, str)]
    (lost,) = [each for each in told if isinstance(each, MoveRefused)]
    assert lost.code == ("alert_changed" if seeing else "move_not_possible")
    (event,) = _events(alert)
    row = _row(alert)
    assert (event.status_before, event.status_after) == (status, MOVES[won].target)
    assert row["status"] == MOVES[won].target
