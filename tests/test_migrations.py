"""Migrations go forwards and backwards, and none is missing."""

import pytest
from django.core.management import call_command
from django.db import connection

from alerts.models import AlertKind
from households.models import Area, CalendarDay, Threshold


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_everything_can_be_taken_back_and_laid_again_with_its_reference_data():
    before = set(connection.introspection.table_names())
    for label in ("monitoring", "alerts", "axes", "households"):
        call_command("migrate", label, "zero", verbosity=0)
    left = {name for name in connection.introspection.table_names() if name.startswith(("alerts_", "monitoring_"))}
    call_command("migrate", verbosity=0)

    assert left == set()
    assert set(connection.introspection.table_names()) == before
    assert Area.objects.filter(level="village").count() == 179
    assert Threshold.objects.exists() and CalendarDay.objects.exists()
    assert set(AlertKind.objects.values_list("code", flat=True)) >= {"INC01", "MED09"}
