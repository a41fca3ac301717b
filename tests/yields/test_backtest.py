"""Another threshold on the months that were judged, against those whom a visit confirmed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from alerts.models import AlertKind
from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.judgment.rehearsal import UnknownThreshold
from monitoring.yields.backtest import backtest
from tests import factories
from tests.conftest import ELSEWHERE

pytestmark = pytest.mark.django_db
LINE = {"code": "outpatient_month_line", "value": "500"}


def month(number: int) -> dt.date:
    """1 is 2022-01."""
    return dt.date(2022 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


@pytest.fixture
def runs(db):
    """A finished run of each month of 2022, with 500 yuan of out-patient self-pay as the line."""
    return [
        JudgmentRun.objects.create(
            month=month(number),
            event_month=month(number),
            revision=1,
            county="420527",
            cutoff=0,
            state="done",
            thresholds={LINE["code"]: LINE},
        )
        for number in range(1, 13)
    ]


@pytest.fixture
def pays(runs):
    """``pays(household, {3: 300, 6: 600})``: what a member paid in these months, 0 in the others."""

    def _pays(household, amounts):
        HouseholdMonth.objects.bulk_create(
            HouseholdMonth(
                run=run,
                household=household,
                month=run.month,
                county=household.county,
                township=household.township,
                village=household.village,
                outpatient_month=Decimal(amounts.get(run.month.month, 0)),
            )
            for run in runs
        )
        return household

    return _pays


@pytest.fixture
def tried_value(runs, cast):
    def _tried(value, **fields):
        asked = {"runs": runs, "code": LINE["code"], "who": cast.staff, "within": 3} | fields
        return backtest(value=Decimal(value), **asked)

    return _tried


def verdict(household, known, *, verdict="confirmed", kind="MED03", risks=("illness",)):
    return factories.alert(
        household=household,
        kind=kind,
        first_month=month(known),
        status="verified",
        verdict=verdict,
        risks=list(risks) if verdict == "confirmed" else None,
        verified_at=timezone.now(),
    )


def test_a_lower_line_would_have_seen_a_confirmed_household_months_earlier(pays, tried_value):
    verdict(pays(factories.household(), {4: 300, 5: 400, 6: 600}), known=6)

    tested = tried_value(300)
    assert (tested.confirmed, tested.now.confirmed, tested.tried.confirmed) == (1, 1, 1)
    assert (tested.now.before, tested.tried.before, tested.earlier) == (0, 2, 2)
    assert (tested.sooner, tested.later, tested.more, tested.fewer) == (1, 0, 0, 0)


def test_a_higher_line_would_have_seen_it_later_or_never(pays, tried_value):
    verdict(pays(factories.household(), {6: 600, 8: 900}), known=6)
    verdict(pays(factories.household(), {6: 600}), known=6)

    tested = tried_value(800)
    assert (tested.earlier, tested.later_by, tested.later, tested.fewer) == (-2, 2, 1, 1)
    assert (tested.now.confirmed, tested.tried.confirmed, tested.tried.before) == (2, 1, -2)


def test_one_that_only_another_channel_found_is_found_in_addition(pays, tried_value):
    own = pays(factories.household(), {5: 400})
    kind = AlertKind.objects.create(
        code="SELF.x", channel="self", name_zh="x", name_en="x", department="rural", risk="illness", nature="event"
    )
    verdict(own, known=6, kind=kind.pk)

    tested = tried_value(400)
    assert (tested.now.confirmed, tested.tried.confirmed, tested.more) == (0, 1, 1)
    assert tested.tried.before == 1


@pytest.mark.parametrize(("found", "hits"), [(2, 0), (3, 1), (6, 1), (9, 1), (10, 0)])
def test_finding_and_confirmation_lie_within_the_months_given(pays, tried_value, found, hits):
    verdict(pays(factories.household(), {found: 600}), known=6)

    assert tried_value(500).now.confirmed == hits


def test_a_risk_of_another_kind_confirms_nothing_here(pays, tried_value):
    verdict(pays(factories.household(), {6: 600}), known=6, kind="INC01", risks=("income",))

    tested = tried_value(500)
    assert (tested.confirmed, tested.now.unconfirmed) == (0, 1)


def test_what_nobody_confirmed_is_counted_by_whether_somebody_looked(pays, tried_value):
    verdict(pays(factories.household(), {4: 600}), known=4, verdict="no_risk")
    pays(factories.household(), {4: 600})
    pays(factories.household(), {4: 300})

    tested = tried_value(300)
    assert (tested.now.unconfirmed, tested.now.no_risk, tested.now.unvisited) == (2, 1, 1)
    assert (tested.tried.unconfirmed, tested.tried.no_risk, tested.extra_unconfirmed) == (3, 1, 1)


@pytest.mark.parametrize(("found", "unconfirmed", "undecided"), [(9, 1, 0), (10, 0, 1)])
def test_what_was_found_lately_may_still_be_confirmed(pays, tried_value, found, unconfirmed, undecided):
    pays(factories.household(), {found: 600})

    side = tried_value(500).now
    assert (side.unconfirmed, side.undecided) == (unconfirmed, undecided)


def test_each_month_is_compared_with_the_value_of_its_own_run(runs, pays, tried_value):
    for run in runs[6:]:
        run.thresholds = {LINE["code"]: LINE | {"value": "900"}}
        run.save()
    verdict(pays(factories.household(), {6: 600, 8: 600}), known=8)

    tested = tried_value(500)
    assert (tested.now.before, tested.tried.before) == (2, 2)
    verdict(pays(factories.household(), {8: 600}), known=8)
    assert (tried_value(500).now.confirmed, tried_value(500).tried.confirmed) == (1, 2)


def test_a_township_counts_its_own_households(pays, tried_value, cast):
    verdict(pays(factories.household(), {6: 600}), known=6)
    verdict(pays(factories.household(village=ELSEWHERE), {6: 600}), known=6)

    assert tried_value(500).confirmed == 2
    assert tried_value(500, who=cast.township).confirmed == 1
    assert tried_value(500, township=ELSEWHERE[:9]).now.confirmed == 1
    assert tried_value(500, who=cast.stranger).confirmed == 0


def test_without_months_or_for_rules_that_read_other_findings_there_is_nothing(runs, cast, tried_value):
    assert tried_value(500, runs=[]) is None
    assert tried_value(2, code="composite_departments") is None
    with pytest.raises(UnknownThreshold):
        tried_value(90, code="quiet_days_dismissed")
