"""Today is 10 July 2022; a household with its head and a child, of whom an export knew something."""

import datetime as dt

import pytest
import time_machine

from households.models import Household, Person
from tests import factories


@pytest.fixture
def july():
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def household(db) -> Household:
    return factories.household(members=1)


@pytest.fixture
def head(household) -> Person:
    return Person.objects.get(memberships__household=household)


@pytest.fixture
def child(household) -> Person:
    return factories.person(household=household, born_on=dt.date(2010, 5, 1), facts={"schooling": "小学"})
