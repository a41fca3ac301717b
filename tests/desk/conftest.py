"""Days of the desk: today is 10 July 2022, June is the last closed month."""

import datetime as dt

import pytest
import time_machine


@pytest.fixture
def july():
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield
