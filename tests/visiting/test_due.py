"""When a household is to be visited next: by the interval of its level, counted from its last visit."""

import datetime as dt

import pytest

from alerts.models import Alert
from households.models import Household
from monitoring.visiting.due import Due, due_of
from tests import factories
from tests.desk.sending import judged

pytestmark = pytest.mark.django_db

TODAY = dt.date(2022, 7, 10)
D = dt.date


def due(household, today=TODAY) -> Due:
    return due_of([household.pk], today)[household.pk]


def raised(household, day, level="red", **fields):
    alert = factories.alert(household=household, level=level, kind=fields.pop("kind", "INC01"), **fields)
    Alert.objects.filter(pk=alert.pk).update(raised_at=dt.datetime.combine(day, dt.time(4), dt.UTC))


def test_nothing_is_due_without_a_reason():
    assert due(factories.household()) == Due("", None, None, None, "none")


@pytest.mark.parametrize(
    ("eliminated", "level", "interval", "due_on", "state"),
    [
        (False, "monitored", 30, D(2022, 7, 1), "overdue"),
        (None, "monitored", 30, D(2022, 7, 1), "overdue"),
        (True, "eliminated", 180, D(2022, 11, 28), "later"),
    ],
)
def test_a_monitored_household_is_due_by_its_interval_after_the_last_visit(
    eliminated, level, interval, due_on, state
):
    household = factories.household(category="marginal", eliminated=eliminated, monitored_since=D(2021, 1, 1))
    factories.visit(household=household, on=D(2022, 6, 1))
    factories.visit(household=household, on=D(2022, 5, 1))
    assert due(household) == Due(level, interval, D(2022, 6, 1), due_on, state)


@pytest.mark.parametrize(("level", "interval"), [("red", 30), ("yellow", 60), ("blue", 90)])
def test_an_open_alert_makes_a_visit_due_from_the_day_it_was_raised(level, interval):
    household = factories.household()
    raised(household, D(2022, 7, 8), level)
    assert due(household) == Due(level, interval, None, D(2022, 7, 8) + dt.timedelta(days=interval), "later")


def test_a_closed_alert_makes_nothing_due():
    household = factories.household()
    raised(household, D(2022, 7, 8), closed=True)
    assert due(household).state == "none"


def test_of_several_reasons_the_one_due_first_counts():
    household = factories.household(category="marginal", eliminated=True, monitored_since=D(2021, 1, 1))
    factories.visit(household=household, on=D(2022, 6, 20))
    raised(household, D(2022, 7, 8), "blue")
    raised(household, D(2022, 7, 8), "yellow", kind="MED01")
    assert due(household) == Due("yellow", 60, D(2022, 6, 20), D(2022, 8, 19), "later")


def test_one_more_reason_never_makes_a_visit_later():
    household = factories.household(category="marginal", eliminated=True, monitored_since=D(2021, 1, 1))
    before = due(household)
    raised(household, D(2022, 7, 8), "red")
    assert due(household) == before == Due("eliminated", 180, None, D(2021, 6, 30), "overdue")


@pytest.mark.parametrize(
    ("visited", "state"),
    [(D(2022, 6, 9), "overdue"), (D(2022, 6, 10), "due"), (D(2022, 6, 17), "due"), (D(2022, 6, 18), "later")],
)
def test_due_is_said_a_week_ahead_and_overdue_from_the_day_after(visited, state):
    household = factories.household(category="marginal", eliminated=False, monitored_since=D(2021, 1, 1))
    factories.visit(household=household, on=visited)
    assert due(household).state == state


def test_where_nothing_says_since_when_the_household_is_due_today():
    household = factories.household(category="marginal", eliminated=False)
    assert due(household) == Due("monitored", 30, None, TODAY, "due")


def test_a_visit_that_was_taken_back_or_lies_ahead_does_not_count():
    household = factories.household(category="marginal", eliminated=False, monitored_since=D(2022, 6, 1))
    factories.visit(household=household, on=D(2022, 7, 1), replaced_in=factories.batch())
    factories.visit(household=household, on=D(2022, 7, 20))
    assert due(household).last is None


def test_who_is_gone_is_not_visited():
    household = factories.household(category="marginal", eliminated=False, monitored_since=D(2021, 1, 1))
    Household.objects.update(gone_on=D(2022, 7, 1))
    assert due_of([household.pk], TODAY) == {}


def test_the_newest_fact_of_today_counts_and_not_one_of_tomorrow():
    household = factories.household(category="marginal", eliminated=False, monitored_since=D(2021, 1, 1))
    household.facts.create(as_of=D(2022, 7, 11), category="", batch=factories.batch())
    assert due(household).level == "monitored"
    assert due(household, D(2022, 7, 11)).level == ""


def test_an_interval_of_the_county_beats_the_shipped_one():
    factories.threshold(code="visit_interval", value=20, unit="天", valid_from=D(2022, 1, 1))
    household = factories.household(category="marginal", eliminated=False, monitored_since=D(2022, 7, 1))
    assert due(household).interval == 20


def test_an_interval_without_a_value_applies_to_nobody():
    household = factories.household()
    raised(household, D(2022, 7, 8))
    assert due(household, D(2019, 7, 1)).state == "none"


def test_many_households_cost_as_many_queries_as_one(django_assert_num_queries):
    for _time in range(5):
        household = factories.household(category="marginal", eliminated=False)
        factories.visit(household=household)
    # The thresholds, the ids, and one statement for all that is due.
    with django_assert_num_queries(3):
        found = due_of(Household.objects.all(), TODAY)
    assert len(found) == 5


@pytest.mark.parametrize("days", [59, 60, 61, 62])
def test_the_rule_finds_who_is_overdue_by_a_whole_interval_and_nobody_else(july, days):
    """SUG08: more than twice the interval, at the end of the month."""
    household = factories.household(
        members=1, category="marginal", eliminated=False, monitored_since=D(2021, 1, 1)
    )
    month_end = D(2022, 6, 30)
    factories.visit(household=household, on=month_end - dt.timedelta(days=days))
    judged(household)
    found = Alert.objects.filter(household=household, kind_id="SUG08").exists()
    Alert.objects.all().delete()
    one = due(household, month_end)
    assert ((month_end - one.due_on).days > one.interval) == found == (days > 60)
