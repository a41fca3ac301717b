"""Visits of the specialist that say something else than the register: grade C where it has B, and so on."""

import datetime as dt

import pytest
from django.urls import reverse

from households.evidence.services import open_batch
from households.models import Visit
from households.visits.checking import check_visit
from households.visits.recording import Incoming, record_visits
from tests import factories

DAY = dt.timedelta(days=1)
ON = dt.date(2026, 11, 20)
LIST = "/visits/requests/"


@pytest.fixture
def visited(cast):
    """``visited(household, house=[…])`` is the stored visit with its answers."""

    def _visited(household, on=ON, **said) -> Visit:
        checked, problems = check_visit(factories.payload(household=household, on=on, **said))
        assert problems == []
        batch = open_batch(kind="tablet", source="visit", by=cast.specialist)
        incoming = Incoming(checked, household, cast.specialist, 0, checked.on)
        return record_visits(incoming=[incoming], batch=batch)[0].visit

    return _visited


@pytest.fixture
def asks(visited):
    """A household of grade B whose visit says C."""

    def _asks(**fields) -> Visit:
        household = factories.household(house_grade="B", members=1, **fields)
        return visited(household, house=[{"house_grade": "C", "seen": {"house_grade": "B"}}])

    return _asks


def groups(client, **query):
    return client.get(LIST, query).context["groups"]


def picks(client, visit) -> list[str]:
    (group,) = groups(client, visit=visit.pk)
    return [one.pick for one in group.asked]


def decide(client, visit, decision="accept", reason="", picked=None, query=""):
    data = {"picked": picks(client, visit) if picked is None else picked, "decision": decision, "reason": reason}
    return client.post(reverse("visits:request-decide", args=[visit.pk]), data | {"query": query})
