"""Entering values: a new one ends the one before, the past stays, and everything is in the trail."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from households.models import Area, AuditEntry, Threshold
from households.policy.services import ThresholdRefused, add_threshold, end_threshold, withdraw_threshold
from households.policy.thresholds import thresholds_on
from tests import factories

pytestmark = pytest.mark.django_db
CODE = "visit_interval"
NEW_YEAR = dt.date(2025, 1, 1)


def entered(value: int, valid_from: dt.date, valid_until: dt.date | None = None, **how):
    """A new value of the county through the service: it, and the one that it ended."""
    threshold = Threshold(
        code=CODE,
        area_id="420527",
        value=value,
        unit="天",
        valid_from=valid_from,
        valid_until=valid_until,
        standing="sourced",
        document="县文〔2024〕1号",
    )
    return add_threshold(threshold=threshold, **how)


def value_on(day: dt.date) -> Decimal:
    return thresholds_on(day, "420527")[CODE].value


def test_a_new_value_ends_the_open_one_on_the_day_before():
    first, ended = entered(30, dt.date(2024, 1, 1))
    assert ended is None

    _second, ended = entered(20, NEW_YEAR)

    assert (ended.pk, ended.valid_until) == (first.pk, dt.date(2024, 12, 31))
    assert (value_on(dt.date(2024, 12, 31)), value_on(NEW_YEAR)) == (30, 20)


def test_the_trail_names_both_values():
    entered(30, dt.date(2024, 1, 1))
    second, ended = entered(20, NEW_YEAR)

    detail = AuditEntry.objects.filter(action="threshold_added").latest("id").detail
    assert (detail["value"], detail["ended"], detail["ended_on"]) == ("20", str(ended.pk), "2024-12-31")
    assert detail["ended_value"].startswith("30")


def test_the_value_of_the_province_is_left_as_it_is():
    province = Threshold.objects.get(code=CODE, area_id="42")

    _new, ended = entered(20, NEW_YEAR)

    province.refresh_from_db()
    assert (ended, province.valid_until) == (None, None)


def test_a_value_of_its_own_last_day_is_followed_by_nothing_of_the_county():
    entered(30, dt.date(2024, 1, 1))
    entered(20, NEW_YEAR, dt.date(2025, 12, 31))

    # The province's holds again: the one it ended does not come back by itself.
    assert value_on(dt.date(2026, 1, 1)) == Threshold.objects.get(code=CODE, area_id="42").value


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (dt.date(2025, 6, 1), None, "valid_from"),
        (dt.date(2025, 12, 31), None, "valid_from"),
        (dt.date(2024, 6, 1), dt.date(2025, 1, 1), "valid_from"),
        (dt.date(2026, 3, 1), dt.date(2026, 2, 28), "valid_until"),
    ],
)
def test_what_overlaps_or_ends_before_it_begins_is_refused_by_its_field(first, last, field):
    entered(30, NEW_YEAR, dt.date(2025, 12, 31))

    with pytest.raises(ThresholdRefused) as refused:
        entered(20, first, last)

    assert refused.value.field == field
    assert Threshold.objects.filter(code=CODE, area_id="420527").count() == 1


def test_the_day_after_a_last_day_is_free():
    entered(30, NEW_YEAR, dt.date(2025, 12, 31))

    entered(20, dt.date(2026, 1, 1))

    assert value_on(dt.date(2026, 1, 1)) == 20


@pytest.mark.parametrize(("day", "is_refused"), [(31, True), (1, False)])
def test_a_sealed_month_keeps_its_value(day, is_refused):
    sealed_until = dt.date(2024, 12, 31)
    entered(30, dt.date(2024, 1, 1))
    first = dt.date(2024, 12, 31) if day == 31 else NEW_YEAR

    if not is_refused:
        entered(20, first, sealed_until=sealed_until)
        return
    with pytest.raises(ThresholdRefused) as refused:
        entered(20, first, sealed_until=sealed_until)
    assert refused.value.field == "valid_from"
    assert "2024-12" in str(refused.value)
    assert "2025-01-01" in str(refused.value)


def test_a_value_is_ended_and_never_altered():
    threshold = factories.threshold(code=CODE, value=20)

    ended = end_threshold(threshold=threshold, last_day=dt.date(2025, 6, 30))

    assert (ended.value, ended.valid_from, ended.valid_until) == (20, NEW_YEAR, dt.date(2025, 6, 30))
    assert AuditEntry.objects.get(action="threshold_ended").detail["valid_until"] == "2025-06-30"


@pytest.mark.parametrize(
    ("last_day", "sealed_until"),
    [
        (dt.date(2024, 12, 31), None),
        (dt.date(2025, 12, 31), None),
        (dt.date(2026, 1, 31), None),
        (dt.date(2025, 6, 29), dt.date(2025, 6, 30)),
    ],
    ids=["before it begins", "the day it ends anyway", "longer", "inside a sealed month"],
)
def test_an_end_that_cannot_be_is_refused(last_day, sealed_until):
    threshold = factories.threshold(code=CODE, valid_until=dt.date(2025, 12, 31))

    with pytest.raises(ThresholdRefused) as refused:
        end_threshold(threshold=threshold, last_day=last_day, sealed_until=sealed_until)

    assert refused.value.field == "last_day"
    threshold.refresh_from_db()
    assert threshold.valid_until == dt.date(2025, 12, 31)


def test_it_may_end_with_the_sealed_month():
    threshold = factories.threshold(code=CODE)
    end_threshold(threshold=threshold, last_day=dt.date(2025, 6, 30), sealed_until=dt.date(2025, 6, 30))


def test_withdrawing_what_has_not_started_lets_the_one_before_hold_on():
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    first, _none = entered(30, dt.date(2024, 1, 1))
    second, _first = entered(20, tomorrow)

    resumed = withdraw_threshold(threshold=second)

    assert (resumed.pk, resumed.valid_until) == (first.pk, None)
    assert value_on(tomorrow) == 30
    assert AuditEntry.objects.get(action="threshold_withdrawn").detail["resumed"] == str(first.pk)


def test_withdrawing_the_middle_one_lets_the_first_hold_until_the_third():
    today = timezone.localdate()
    first, _none = entered(30, dt.date(2024, 1, 1))
    second, _first = entered(20, today + dt.timedelta(days=10))
    entered(15, today + dt.timedelta(days=20))

    resumed = withdraw_threshold(threshold=second)

    assert (resumed.pk, resumed.valid_until) == (first.pk, today + dt.timedelta(days=19))


def test_what_has_started_is_not_withdrawn():
    threshold = factories.threshold(code=CODE, valid_from=timezone.localdate())

    with pytest.raises(ThresholdRefused):
        withdraw_threshold(threshold=threshold)

    assert Threshold.objects.filter(pk=threshold.pk).exists()


def test_another_area_is_not_in_the_way():
    other = Area.objects.create(code="420528", name="邻县", level="county", county="420528")
    factories.threshold(code=CODE, area=other, valid_from=NEW_YEAR)

    _new, ended = entered(20, NEW_YEAR)

    assert ended is None
