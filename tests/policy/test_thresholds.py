"""Dated thresholds: the value of the day, the nearest area first."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from households.models import AuditEntry
from households.policy.thresholds import thresholds_on

pytestmark = pytest.mark.django_db


def line_on(*day: int) -> Decimal | None:
    threshold = thresholds_on(dt.date(*day), "420527").get("income_line")
    return threshold.value if threshold else None


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ((2021, 12, 31), None),
        ((2022, 1, 1), 6900),
        ((2022, 12, 31), 6900),
        ((2023, 1, 1), 7600),
        ((2023, 12, 31), 7600),
        ((2024, 1, 1), None),
    ],
)
def test_the_line_of_hubei_holds_in_its_year_and_no_other(day, line):
    assert line_on(*day) == line


def test_a_county_value_beats_that_of_the_province():
    call_command("set_threshold", "income_line", "7000", "--from=2022-07-01", "--until=2022-12-31", "--document=x")

    assert (line_on(2022, 6, 30), line_on(2022, 7, 1)) == (6900, 7000)
    assert AuditEntry.objects.filter(action="threshold_added").count() == 1


def test_the_command_ends_the_open_value_before():
    call_command("set_threshold", "income_line", "8300", "--from=2025-01-01", "--document=x")
    call_command("set_threshold", "income_line", "8400", "--from=2026-01-01", "--document=x")

    assert (line_on(2025, 12, 31), line_on(2026, 1, 1)) == (8300, 8400)


def test_a_second_value_for_the_same_days_is_refused():
    call_command("set_threshold", "income_line", "8300", "--from=2025-01-01", "--until=2025-12-31", "--document=x")

    with pytest.raises(CommandError, match="2025-12-31"):
        call_command("set_threshold", "income_line", "8400", "--from=2025-07-01", "--document=x")


def test_a_threshold_that_never_had_a_value_can_be_entered_with_its_unit():
    call_command("set_threshold", "rural_income_last_year", "19000", "--from=2025-01-01", "--document=x")

    assert thresholds_on(dt.date(2025, 1, 1), "420527")["rural_income_last_year"].unit == "元/人·年"


def test_a_code_that_no_rule_knows_is_refused_with_the_known_ones():
    with pytest.raises(CommandError, match="income_line"):
        call_command("set_threshold", "line", "8300", "--from=2025-01-01", "--document=x")
