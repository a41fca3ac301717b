"""Every role × every move × every state × every holder × inside and outside, by the page and by the API.

What the table of moves allows succeeds and writes its event; everything else is refused (403, 404, 409; by the API
400 for a move that is the system's own) and changes nothing at all.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alerts.models import Alert
from alerts.notices.models import Notice
from alerts.transitions import LEVELS, MOVES, SYSTEM
from households.models import Area, Event, Role, User
from monitoring.feeds.models import FeedScope, IdempotentAnswer
from monitoring.feeds.services import create_client
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.feeds.conftest import Pulling
from tests.travel.walking import ENOUGH, STANDINGS, may, stand

pytestmark = pytest.mark.once

# Of the system itself: no door leads to them.
OWN = [code for code, move in MOVES.items() if set(move.by) == {SYSTEM}]
# Member → the level that the table knows; None: whatever it is, the answer is the one beside it.
PEOPLE = {
    "admin": ("county", None),
    "staff": ("county", None),
    "township": ("township", None),
    "specialist": ("village", None),
    "auditor": (None, 403),
    "officer": (None, 403),
    "neighbour": (None, 404),
    "far_township": (None, 404),
    "leaver": (None, "sign-in"),
    "stranger": (None, "sign-in"),
}
PROGRAMS = {
    "county": ("county", None),
    "township": ("township", None),
    "village": ("village", None),
    "next_village": (None, 404),
    "far_village": (None, 404),
    "far_township": (None, 404),
    "reader": (None, 403),
}
AREAS = {
    "county": "420527",
    "township": TOWNSHIP,
    "village": VILLAGES[0],
    "next_village": VILLAGES[1],
    "far_village": ELSEWHERE,
    "far_township": ELSEWHERE[:9],
    "reader": "420527",
}


@pytest.fixture
def alert(cast) -> Alert:
    return factories.alert(household=factories.household(village=VILLAGES[0], members=1))


@pytest.fixture
def browsers(cast, sign_in) -> dict:
    user = User.objects.create_user("far_township", "某人", None)
    factories.posting(user=user, role=Role.TOWNSHIP_STAFF, area=ELSEWHERE[:9])
    cast.members["far_township"] = user
    return {name: sign_in(name) for name in PEOPLE}


@pytest.fixture
def programs(cast) -> dict[str, Pulling]:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    made = {}
    for name, area in AREAS.items():
        scopes = ["alerts:read"] if name == "reader" else FeedScope.values
        issued = create_client(
            name=name, area=Area.objects.get(pk=area), scopes=scopes, last_day=tomorrow, by=cast.admin
        )
        made[name] = Pulling(issued.client, issued.key)
    return made


def _all_of_it(alert: Alert) -> tuple:
    return (
        Alert.objects.values().get(pk=alert.pk),
        Event.objects.filter(subject="alert").count(),
        Notice.objects.count(),
    )


def _wrong(door, members: dict, alert: Alert, move: str, refused: dict) -> Iterator[str]:
    """Everything that answered, or changed, as the table does not say."""
    for status, holder in STANDINGS:
        stand(alert, status=status, holder=holder)
        before = _all_of_it(alert)
        possible = any(may(move, status=status, holder=holder, level=level) for level in LEVELS)
        for member, (level, fixed) in members.items():
            if fixed and not possible:
                continue  # it would be refused to everybody
            expected = fixed or ("done" if may(move, status=status, holder=holder, level=level) else refused[move])
            savepoint = transaction.savepoint()
            answer = door(member)
            after = _all_of_it(alert)
            as_told = _is_done(before, after, move) if answer == "done" else after == before
            if answer != expected or not as_told:
                yield f"{member} at {status} with {holder}: {answer} instead of {expected}"
            transaction.savepoint_rollback(savepoint)


def _is_done(before: tuple, after: tuple, move: str) -> bool:
    """It stands where the table says, and one event tells (two where it leaves a village: each is told)."""
    line = MOVES[move]
    events = 2 if after[0]["handled_in"] != before[0]["handled_in"] else 1
    return after[0]["status"] == line.target and after[1] == before[1] + events


@pytest.mark.parametrize("move", MOVES)
def test_on_the_page_only_what_the_table_allows_succeeds(browsers, alert, move):
    url = reverse("alerts:move", args=[alert.pk, move])

    def door(member: str) -> int | str:
        response = browsers[member].post(url, ENOUGH[move])
        if response.status_code == 302:
            return "sign-in" if response.url.startswith(reverse("staff:sign-in")) else "done"
        return response.status_code

    refused = dict.fromkeys(MOVES, 409) | dict.fromkeys(OWN, 404)

    assert list(_wrong(door, PEOPLE, alert, move, refused)) == []


@pytest.mark.parametrize("move", MOVES)
def test_by_the_api_only_what_the_table_allows_succeeds(programs, alert, move):
    def door(member: str) -> int | str:
        response = programs[member].move(alert, move, **ENOUGH[move])
        return "done" if response.status_code == 200 else response.status_code

    refused = dict.fromkeys(MOVES, 409) | dict.fromkeys(OWN, 400)
    # What a key may see is asked only of a move that exists.
    members = {
        name: (level, 400 if move in OWN and fixed == 404 else fixed) for name, (level, fixed) in PROGRAMS.items()
    }

    assert list(_wrong(door, members, alert, move, refused)) == []


@pytest.mark.parametrize("move", MOVES)
def test_a_refusal_by_the_api_is_kept_and_nothing_else_is(programs, alert, move):
    stand(alert, status="withdrawn")
    before = _all_of_it(alert)

    programs["county"].move(alert, move, **ENOUGH[move])

    assert _all_of_it(alert) == before
    assert IdempotentAnswer.objects.count() == (0 if move in OWN else 1)


@pytest.mark.parametrize("move", ["acknowledge", "refuse", "transfer", "verify"])
def test_handed_over_it_is_moved_where_it_is_handled_and_not_where_it_lives(programs, alert, move):
    """Both villages see it; the one that handed it over has nothing to decide any more."""
    status = "acknowledged" if move == "verify" else "dispatched"
    given = ENOUGH[move] | ({"village": VILLAGES[0]} if move == "transfer" else {})
    stand(alert, status=status, holder="village", handled_in=VILLAGES[1])
    before = _all_of_it(alert)

    home, there = programs["village"], programs["next_village"]

    assert home.get(f"/api/v1/alerts/{alert.pk}/").status_code == 200
    assert home.move(alert, move, **given).status_code == 409
    assert home.get(f"/api/v1/alerts/{alert.pk}/moves/").json()["moves"] == []
    assert _all_of_it(alert) == before
    assert move in [each["move"] for each in there.get(f"/api/v1/alerts/{alert.pk}/moves/").json()["moves"]]
    assert there.move(alert, move, **given).status_code == 200
