"""One flood in two villages of 屈原镇."""

import datetime as dt

import pytest

from alerts.areawide.services import declare_event
from alerts.models import Alert
from households.models import Visit
from tests import factories
from tests.conftest import VILLAGES

FLOOD_DAY = dt.date(2026, 9, 12)
DRY = "420527103208"


@pytest.fixture
def declare(cast):
    def _declare(*villages, **fields):
        return declare_event(
            name=fields.pop("name", "9·12 暴雨洪涝"),
            risk=fields.pop("risk", "disaster"),
            happened_on=fields.pop("happened_on", FLOOD_DAY),
            villages=villages or VILLAGES,
            by=fields.pop("by", cast.staff),
            **fields,
        )

    return _declare


def visit(household, day) -> Visit:
    return factories.visit(household=household, on=day)


def alert_of(event, village=VILLAGES[0]) -> Alert:
    return Alert.objects.get(area_event=event, area=village)
