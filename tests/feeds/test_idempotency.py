"""Idempotency-Key: a write happens once, however often and at how many moments it is sent."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from households.models import Event
from monitoring.feeds import idempotency
from monitoring.feeds.models import IdempotentAnswer
from monitoring.feeds.tasks import sweep_idempotent_answers
from tests import factories
from tests.conftest import TOWNSHIP, VILLAGES
from tests.feeds.conftest import ALL, COUNTY
from tests.workers import is_somebody_waiting, wait_for

DISPATCH = {"move": "dispatch", "to": "village"}


@pytest.fixture
def alert(cast):
    return factories.alert(household=factories.household(village=VILLAGES[0], members=1))


@pytest.fixture
def key(pull):
    return pull(COUNTY, ALL)


def _url(alert) -> str:
    return f"/api/v1/alerts/{alert.pk}/moves/"


def _events() -> int:
    return Event.objects.filter(subject="alert").count()


def test_sent_again_it_is_answered_again_and_done_once(key, alert):
    first = key.post(_url(alert), DISPATCH, once="k1")
    again = key.post(_url(alert), DISPATCH, once="k1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert _events() == 1


def test_the_answer_stays_the_first_one_whatever_happened_since(key, pull, alert):
    first = key.post(_url(alert), DISPATCH, once="k1")
    assert pull(VILLAGES[0], ALL).move(alert, "acknowledge").status_code == 200

    assert key.post(_url(alert), DISPATCH, once="k1").json() == first.json()
    assert Alert.objects.get(pk=alert.pk).status == "acknowledged"


def test_spaces_and_order_make_no_other_request(key, alert):
    key.post(_url(alert), b'{"move":"dispatch","to":"village"}', once="k1")

    again = key.post(_url(alert), b'{ "to": "village",\n "move": "dispatch" }', once="k1")

    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")


def test_a_refusal_is_an_answer_too_and_is_not_carried_out_later(key, pull, alert):
    township = pull(TOWNSHIP, ALL)
    first = township.post(_url(alert), {"move": "acknowledge"}, once="k1")
    assert first.status_code == 409
    assert key.move(alert, "dispatch", to="township").status_code == 200

    again = township.post(_url(alert), {"move": "acknowledge"}, once="k1")

    assert (again.status_code, again.content) == (409, first.content)
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotency-Replayed"] == "true"
    assert Alert.objects.get(pk=alert.pk).status == "dispatched"
    assert township.post(_url(alert), {"move": "acknowledge"}, once="k2").status_code == 200


@pytest.mark.parametrize("change", ["body", "address"])
def test_a_key_is_good_for_one_request(key, alert, change):
    other = factories.alert(household=factories.household(village=VILLAGES[0], members=1))
    key.post(_url(alert), DISPATCH, once="k1")

    url = _url(alert) if change == "body" else _url(other)
    body = {"move": "dispatch", "to": "township"} if change == "body" else DISPATCH
    response = key.post(url, body, once="k1")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert _events() == 1


def test_clients_do_not_share_their_keys(key, pull, alert):
    key.post(_url(alert), DISPATCH, once="k1")

    other = pull(COUNTY, ALL).post(_url(alert), DISPATCH, once="k1")

    assert (other.status_code, other.json()["code"]) == (409, "move_not_possible")


@pytest.mark.parametrize(
    ("once", "code"),
    [("", "idempotency_key_missing"), ("k" * 81, "idempotency_key_invalid"), ("a b", "idempotency_key_invalid")],
)
def test_a_write_without_a_key_of_its_own_is_refused(key, alert, once, code):
    response = key.post(_url(alert), DISPATCH, once=once)

    assert (response.status_code, response.json()["code"]) == (400, code)
    assert _events() == 0


def test_a_key_may_have_eighty_characters(key, alert):
    assert key.post(_url(alert), DISPATCH, once="k" * 80).status_code == 200


def test_what_was_not_understood_leaves_the_key_free(key, alert):
    assert key.post(_url(alert), {"move": "dispatch", "too": 1}, once="k1").status_code == 400

    assert key.post(_url(alert), DISPATCH, once="k1").status_code == 200


def test_a_failure_leaves_nothing_and_the_key_free(key, alert, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr("monitoring.feeds.write_api.alert_as_data", fail)
        key.post(_url(alert), DISPATCH, once="k1")
    assert (_events(), IdempotentAnswer.objects.count()) == (0, 0)

    assert key.post(_url(alert), DISPATCH, once="k1").status_code == 200


def test_no_word_of_the_request_is_kept(key, alert):
    key.post(_url(alert), {**DISPATCH, "note": "户主患尘肺病"}, once="k1")

    row = IdempotentAnswer.objects.get()
    assert "尘肺" not in str(row.body)
    assert len(bytes(row.request_digest)) == 32


@pytest.mark.parametrize(("age", "left"), [(dt.timedelta(hours=23, minutes=59), 1), (dt.timedelta(hours=24), 0)])
def test_the_sweep_keeps_answers_for_a_day(key, alert, age, left):
    key.post(_url(alert), DISPATCH, once="k1")
    IdempotentAnswer.objects.update(created_at=timezone.now() - age)

    assert sweep_idempotent_answers() == 1 - left
    assert IdempotentAnswer.objects.count() == left


class _Post(threading.Thread):
    """One request on a connection of its own."""

    def __init__(self, key, url, once):
        super().__init__()
        self.key, self.url, self.once, self.answer = key, url, once, None

    def run(self):
        try:
            self.answer = self.key.post(self.url, DISPATCH, once=self.once)
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_key_are_one(key, alert):
    for round_number in range(5):
        Alert.objects.filter(pk=alert.pk).update(status="raised", holder="county")
        both = [_Post(key, _url(alert), f"k{round_number}") for _i in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(30)

        assert {one.answer.status_code for one in both} == {200}
        assert len({one.answer.content for one in both}) == 1
        assert sorted("Idempotency-Replayed" in one.answer for one in both) == [False, True]
        assert _events() == round_number + 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_to_ask_again(key, alert, monkeypatch):
    monkeypatch.setattr(idempotency, "WAITS", 200)
    with transaction.atomic():
        # Somebody decides on the alert at length: the first request waits for the row, the second for the first.
        Alert.objects.select_for_update().get(pk=alert.pk)
        first = _Post(key, _url(alert), "k1")
        first.start()
        assert wait_for(is_somebody_waiting, 30)
        second = _Post(key, _url(alert), "k1")
        second.start()
        second.join(30)

        assert (second.answer.status_code, second.answer.json()["code"]) == (409, "idempotency_in_progress")
        assert second.answer["Retry-After"] == "1"
    first.join(30)
    assert first.answer.status_code == 200
    assert _events() == 1


def test_reading_takes_no_key(key, alert):
    assert Client().get(_url(alert), headers={"Authorization": f"Api-Key {key.key}"}).status_code == 200
