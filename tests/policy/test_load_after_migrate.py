"""What ships with the system is there after ``migrate``, also in a county that has been running for years."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from households.models import CalendarDay, Threshold

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_an_updated_county_gets_the_thresholds_that_are_new():
    Threshold.objects.filter(code="visit_interval_red").delete()

    call_command("migrate", verbosity=0)

    assert Threshold.objects.get(code="visit_interval_red").value == 30


def test_what_a_county_has_changed_or_ended_stays_as_it_is():
    Threshold.objects.filter(code="visit_interval").update(value=Decimal(45), valid_until=dt.date(2026, 1, 31))
    CalendarDay.objects.filter(day=dt.date(2026, 10, 1)).delete()

    call_command("migrate", verbosity=0)

    (kept,) = Threshold.objects.filter(code="visit_interval")
    assert (kept.value, kept.valid_until) == (45, dt.date(2026, 1, 31))
    assert not CalendarDay.objects.filter(day=dt.date(2026, 10, 1)).exists()
