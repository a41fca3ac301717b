"""Answers that are due: one notice a day to the township and the county, while a report waits."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Notice
from alerts.reports.reminding import remind_of_answers
from tests.conftest import ELSEWHERE

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, MONDAY, TUESDAY = (dt.date(2026, 7, day) for day in (3, 4, 6, 7))
COUNTY = {"admin", "staff"}


@pytest.fixture
def waiting(make_report):
    """``waiting(MONDAY)``: checked, and to be answered until then."""

    def _waiting(answer_by, **fields):
        return make_report(state="accepted", answer_by=answer_by, **fields)

    return _waiting


def told() -> dict[str, dict]:
    return dict(Notice.objects.filter(kind="answer_due").values_list("recipient__username", "values"))


@pytest.mark.parametrize(
    ("today", "is_told"), [(dt.date(2026, 7, 2), False), (FRIDAY, True), (MONDAY, True), (TUESDAY, True)]
)
def test_from_the_working_day_before_on_township_and_county_are_told(cast, waiting, today, is_told):
    waiting(MONDAY)

    assert remind_of_answers(today=today) == int(is_told)

    expected = {name: {"count": 1, "day": "2026-07-06"} for name in {"township", *COUNTY}}
    assert told() == (expected if is_told else {})


def test_over_national_day_the_working_day_before_is_the_last_of_september(cast, waiting):
    waiting(dt.date(2026, 10, 8))
    assert [remind_of_answers(today=dt.date(2026, 9, day)) for day in (29, 30)] == [0, 1]
    assert remind_of_answers(today=dt.date(2026, 10, 5)) == 0


def test_a_day_brings_one_notice_and_the_next_one_another(cast, waiting):
    waiting(MONDAY)
    for _call in range(3):
        remind_of_answers(today=MONDAY)
    assert Notice.objects.filter(recipient=cast.township).count() == 1
    remind_of_answers(today=TUESDAY)
    assert Notice.objects.filter(recipient=cast.township).count() == 2


def test_on_a_day_off_nobody_is_told(cast, waiting):
    waiting(FRIDAY)
    assert remind_of_answers(today=SATURDAY) == 0
    assert told() == {}


def test_what_is_answered_or_not_checked_yet_is_not_due(cast, waiting):
    waiting(MONDAY, answered_at=timezone.now())
    waiting(None)
    assert remind_of_answers(today=MONDAY) == 0


def test_a_township_hears_of_its_own_and_the_county_of_all(cast, waiting):
    for answer_by in (FRIDAY, MONDAY):
        waiting(answer_by)
    waiting(MONDAY, village=ELSEWHERE)

    assert remind_of_answers(today=MONDAY) == 3

    counts = {name: (values["count"], values["day"]) for name, values in told().items()}
    assert counts == {
        "township": (2, "2026-07-03"),
        "admin": (3, "2026-07-03"),
        "staff": (3, "2026-07-03"),
    }
