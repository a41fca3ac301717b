"""What cannot simply be stored waits for a person, and a wrong clock is seen."""

import datetime as dt

import pytest
from django.utils import timezone

from households.ledger.models import AuditEntry
from households.models import Household, Visit
from monitoring.models import HeldFor, Upload
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.tablet.pushed import VISITS, answers, body, outcomes, visit

pytestmark = pytest.mark.django_db
HERE = VILLAGES[0]
TODAY = timezone.localdate


@pytest.fixture
def tablet(sign_in):
    return sign_in("specialist")


@pytest.fixture
def home():
    return factories.household(village=HERE, members=1)


def test_a_household_elsewhere_is_kept_for_review_where_it_lives(tablet):
    row = factories.household(village=ELSEWHERE)

    (answer,) = answers(tablet, visit(row))

    upload = Upload.objects.get()
    assert (answer["outcome"], answer["receipt"]) == ("held", upload.pk)
    assert (upload.state, upload.held_for, upload.village, upload.visit) == ("held", "moved", ELSEWHERE, None)
    assert not Visit.objects.exists()
    entry = AuditEntry.objects.get(action="upload_held")
    assert (entry.subject_id, entry.detail) == (str(upload.pk), {"reason": "moved"})


def test_a_village_where_one_was_posted_before_is_said_so(tablet, cast):
    factories.posting(
        user=cast.specialist,
        area=ELSEWHERE,
        role="village_specialist",
        valid_until=TODAY() - dt.timedelta(days=1),
    )
    answers(tablet, visit(factories.household(village=ELSEWHERE)))

    assert Upload.objects.get().held_for == HeldFor.POSTING


def test_a_household_that_is_gone_is_kept_for_review(tablet, home):
    Household.objects.filter(pk=home.pk).update(gone_on=dt.date(2022, 1, 1))

    assert outcomes(tablet, visit(home)) == ["held"]
    assert Upload.objects.get().held_for == HeldFor.GONE


def test_a_visit_of_tomorrow_is_kept_for_review(tablet, home):
    tomorrow = TODAY() + dt.timedelta(days=1)

    assert outcomes(tablet, visit(home, on=tomorrow.isoformat())) == ["held"]
    assert Upload.objects.get().held_for == HeldFor.FUTURE


@pytest.mark.parametrize("days", [3, -3])
def test_a_wrong_clock_is_seen_and_both_days_are_kept(tablet, home, days):
    """``days`` behind: what the tablet calls today lies as many days before."""
    there = timezone.localtime() - dt.timedelta(days=days)
    sent = visit(home, on=there.date().isoformat(), began_at=there.isoformat(), ended_at=there.isoformat())

    assert outcomes(tablet, sent, sent_at=there) == ["stored"]

    row = Visit.objects.get()
    assert (row.visited_on, row.tablet_day) == (TODAY(), there.date())
    assert abs(row.clock_behind - days * 86400) < 30
    assert row.began_at == there


def test_an_hour_that_crosses_midnight_moves_the_day(tablet, home):
    """The clock is two hours behind: at one in the morning it says eleven at night."""
    now = timezone.localtime()
    there = now - dt.timedelta(hours=2)
    began = there.replace(hour=23, minute=0) - dt.timedelta(days=1)
    sent = visit(home, on=began.date().isoformat(), began_at=began.isoformat())

    answers(tablet, sent, sent_at=there)

    assert Visit.objects.get().visited_on == began.date() + dt.timedelta(days=1)


def test_a_clock_that_is_minutes_off_moves_nothing(tablet, home):
    sent_at = timezone.now() - dt.timedelta(minutes=9)
    began = timezone.localtime().replace(hour=23, minute=58) - dt.timedelta(days=1)

    answers(tablet, visit(home, on=began.date().isoformat(), began_at=began.isoformat()), sent_at=sent_at)

    row = Visit.objects.get()
    assert (row.visited_on, row.tablet_day) == (began.date(), None)
    assert row.clock_behind > 500


def test_a_visit_that_a_right_clock_would_put_into_the_future_is_kept(tablet, home):
    """The clock is a day behind and the visit is said to be of its tomorrow's tomorrow."""
    there = timezone.localtime() - dt.timedelta(days=1)
    sent = visit(home, on=(there.date() + dt.timedelta(days=2)).isoformat(), began_at=there.isoformat())

    assert outcomes(tablet, sent, sent_at=there) == ["held"]


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-08:00"])
def test_a_clock_beyond_all_reason_is_no_crash(tablet, home, sent_at):
    content = body(visit(home)) | {"sent_at": sent_at}

    response = tablet.post(VISITS, content, content_type="application/json")

    assert response.status_code == 200
    assert response.json()["answers"][0]["outcome"] in {"stored", "held"}
