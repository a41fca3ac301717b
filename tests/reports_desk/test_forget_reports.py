"""Three years after the answer nobody learns from a report any more who was in need."""

import datetime as dt

import pytest

from alerts.models import Report
from alerts.reports.forgetting import forget_reports
from households.privacy.seal import lookup_hash, seal

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
THREE_YEARS_AGO = dt.datetime(2023, 11, 24, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def report(**fields) -> Report:
    return Report.objects.create(
        channel="self",
        source="public",
        county="420527",
        township="420527103",
        village="420527103204",
        risk="illness",
        name="王秀英",
        group="3组",
        phone_sealed=seal("13812345678"),
        phone_hash=lookup_hash("13812345678"),
        words_sealed=seal("老伴住院"),
        state=fields.pop("state", "accepted"),
        reported_at=THREE_YEARS_AGO,
        **fields,
    )


@pytest.mark.parametrize(
    ("answered_at", "forgotten"),
    [(THREE_YEARS_AGO - SECOND, 1), (THREE_YEARS_AGO, 0), (THREE_YEARS_AGO + SECOND, 0), (None, 0)],
)
def test_name_numbers_and_words_go_three_years_after_the_answer(answered_at, forgotten):
    kept = report(answered_at=answered_at)
    assert forget_reports(NOW) == forgotten
    kept.refresh_from_db()
    assert (kept.name == "—", kept.phone_sealed is None, kept.words_sealed is None) == (bool(forgotten),) * 3
    assert (kept.risk, kept.village) == ("illness", "420527103204")


def test_what_was_set_aside_is_forgotten_too_and_nothing_is_forgotten_twice():
    report(state="discarded", checked_at=THREE_YEARS_AGO - SECOND)
    assert [forget_reports(NOW), forget_reports(NOW)] == [1, 0]


def test_on_the_29th_of_february_it_forgets_as_on_the_28th():
    report(answered_at=dt.datetime(2025, 2, 27, tzinfo=dt.UTC))
    assert forget_reports(dt.datetime(2028, 2, 29, tzinfo=dt.UTC)) == 1
