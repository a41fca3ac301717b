"""A campaign of 屈原镇, in the ten days up to today."""

import datetime as dt

import pytest
from django.utils import timezone

from households.visits.campaigns import campaign_households, open_campaign
from tests.conftest import TOWNSHIP

DAY = dt.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def begin(cast, today):
    def _begin(**fields):
        return open_campaign(
            name=fields.pop("name", "冬季集中排查"),
            area=fields.pop("area", TOWNSHIP),
            starts_on=fields.pop("starts_on", today - 9 * DAY),
            ends_on=fields.pop("ends_on", today + 9 * DAY),
            by=fields.pop("by", cast.staff),
            **fields,
        )

    return _begin


def done_by(campaign) -> dict[int, int | None]:
    """Household → the visit that made it done."""
    return dict(campaign_households(campaign).values_list("pk", "done_by"))
