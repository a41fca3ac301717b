"""Five wrong passwords lock the account for fifteen minutes."""

import datetime as dt

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from households.models import AuditEntry

pytestmark = pytest.mark.django_db


def _fail(try_sign_in, times, username="township", **kwargs):
    responses = [try_sign_in(username, "Wrong-horse-8", **kwargs)[1] for _i in range(times)]
    return responses[-1]


def _minutes_pass(minutes):
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= dt.timedelta(minutes=minutes)
        attempt.save()


def test_four_wrong_passwords_lock_nothing(with_password, try_sign_in):
    with_password("township")
    assert _fail(try_sign_in, 4).status_code == 200
    assert try_sign_in("township")[1].status_code == 302


def test_the_fifth_locks_and_says_so_in_plain_words(with_password, try_sign_in):
    with_password("township")

    response = _fail(try_sign_in, 5)

    assert response.status_code == 429
    said = response.content.decode()
    assert " 15 " in said or "15" in said
    assert "5" in said
    assert "township" not in said


def test_the_right_password_does_not_open_a_locked_account(with_password, try_sign_in):
    with_password("township")
    _fail(try_sign_in, 5)

    client, response = try_sign_in("township")

    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_lock_is_on_the_account_and_not_on_the_address(with_password, try_sign_in):
    with_password("township")
    with_password("specialist")
    _fail(try_sign_in, 5)

    assert try_sign_in("specialist")[1].status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")
    assert try_sign_in("township", client=elsewhere)[1].status_code == 429


def test_it_counts_tries_from_several_addresses_together(with_password, try_sign_in):
    with_password("township")
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"):
        _fail(try_sign_in, 1, client=Client(REMOTE_ADDR=address))

    assert _fail(try_sign_in, 1, client=Client(REMOTE_ADDR="10.0.0.5")).status_code == 429


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (16, 302)])
def test_it_opens_again_after_fifteen_minutes(with_password, try_sign_in, minutes, status):
    with_password("township")
    _fail(try_sign_in, 5)

    _minutes_pass(minutes)

    assert try_sign_in("township")[1].status_code == status


def test_tries_during_the_lock_out_do_not_make_it_longer(with_password, try_sign_in):
    with_password("township")
    _fail(try_sign_in, 5)
    _minutes_pass(10)
    _fail(try_sign_in, 3)
    _minutes_pass(6)

    assert try_sign_in("township")[1].status_code == 302


def test_an_unknown_name_is_locked_like_a_known_one(db, quick_hashes, try_sign_in):
    assert _fail(try_sign_in, 5, username="nobody").status_code == 429


def test_it_notes_the_lock_out_once(with_password, try_sign_in):
    user = with_password("township")
    _fail(try_sign_in, 7)

    entries = AuditEntry.objects.filter(subject_id=str(user.pk)).order_by("id")
    assert [entry.action for entry in entries] == ["sign_in_failed"] * 5 + ["locked_out"] + ["sign_in_refused"] * 2
    assert AuditEntry.objects.get(action="locked_out").detail == {"tries": 5}
    assert timezone.now() - entries.last().at < dt.timedelta(minutes=1)
