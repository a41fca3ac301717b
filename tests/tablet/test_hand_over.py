"""What is unsent when a posting ends: handed over by a key that can do nothing else, and kept for a person."""

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from households.models import Posting, Visit
from monitoring.models import HandOverKey, HeldFor, Upload
from tests import factories
from tests.conftest import VILLAGES
from tests.tablet.pushed import TABLET, push, visit

pytestmark = pytest.mark.django_db
URL = "/tablet/api/hand-over/"


def _key(client, tablet=TABLET):
    return client.get("/tablet/api/me", {"tablet": tablet}).json().get("hand_over_key")


def _end_posting(user):
    Posting.objects.filter(user=user).update(valid_until=timezone.localdate() - dt.timedelta(days=1))


def _hand_over(key, *visits, **envelope):
    client = Client(enforce_csrf_checks=True)
    return push(client, *visits, url=URL, headers={"X-Hand-Over-Key": key}, **envelope)


@pytest.fixture
def key(sign_in, cast):
    """Of the specialist, whose posting has ended since."""
    issued = _key(sign_in("specialist"))
    _end_posting(cast.specialist)
    return issued


def test_a_tablet_is_given_a_key_once_a_day(sign_in):
    client = sign_in("specialist")

    first, second, other = _key(client), _key(client), _key(client, str(uuid.uuid4()))
    HandOverKey.objects.update(created_at=timezone.now() - dt.timedelta(days=1, minutes=1))
    tomorrow = _key(client)

    assert second is None
    assert len({first, other, tomorrow}) == 3
    assert HandOverKey.objects.count() == 2


def test_a_tablet_that_lost_the_answer_with_its_key_is_given_another(sign_in):
    client = sign_in("specialist")
    lost = _key(client)

    again = client.get("/tablet/api/me", {"tablet": TABLET, "key": "none"}).json()["hand_over_key"]

    assert again != lost
    assert HandOverKey.objects.count() == 1


def test_the_key_is_stored_hashed_only(sign_in):
    key = _key(sign_in("specialist"))

    assert key.partition(".")[2].encode() not in bytes(HandOverKey.objects.get().hashed)


def test_a_probe_without_a_tablet_is_given_none(sign_in):
    assert "hand_over_key" not in sign_in("specialist").get("/tablet/api/me").json()
    assert sign_in("specialist").get("/tablet/api/me", {"tablet": "x"}).status_code == 400


def test_what_is_handed_over_is_kept_for_review(key, cast):
    sent = visit(factories.household(village=VILLAGES[0]), words="一切正常")

    first, again = _hand_over(key, sent).json()["answers"], _hand_over(key, sent).json()["answers"]

    upload = Upload.objects.get()
    assert (first[0]["outcome"], first[0]["receipt"]) == ("held", upload.pk)
    assert again == [first[0] | {"again": True}]
    assert (upload.sender, upload.held_for, upload.village) == (cast.specialist, HeldFor.POSTING, VILLAGES[0])
    assert not Visit.objects.exists()


def test_who_went_to_a_desk_without_visits_hands_over_too(sign_in, cast):
    """An auditor of the county sees the household, and still writes nothing there."""
    issued = _key(sign_in("specialist"))
    _end_posting(cast.specialist)
    factories.posting(user=cast.specialist, area="420527", role="auditor", valid_from=timezone.localdate())

    answer = _hand_over(issued, visit(factories.household(village=VILLAGES[0])))

    assert answer.json()["answers"][0]["outcome"] == "held"


def test_who_is_still_posted_signs_in(sign_in, cast):
    answer = _hand_over(_key(sign_in("specialist")), visit(factories.household(village=VILLAGES[0])))

    assert (answer.status_code, answer.json()["code"]) == (409, "still_posted")
    assert not Upload.objects.exists()


def test_a_key_opens_nothing_else(key):
    client = Client(headers={"X-Hand-Over-Key": key})

    assert client.get("/tablet/api/me").status_code == 401
    assert client.get(f"/tablet/api/villages/{VILLAGES[0]}/").status_code == 401
    assert push(client, visit(1)).status_code == 401


def test_a_key_is_of_one_tablet_and_of_sixty_days(key):
    other = _hand_over(key, visit(1), tablet=str(uuid.uuid4()))
    HandOverKey.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    late = _hand_over(key, visit(1))

    assert [answer.status_code for answer in (other, late)] == [401, 401]


def test_wrong_keys_are_refused_and_close_nobodys_right_one(key):
    wrong = f"{key.partition('.')[0]}.{'a' * 43}"

    assert {_hand_over(wrong).status_code for _turn in range(20)} == {401}

    assert _hand_over(key).status_code == 200


@pytest.mark.parametrize("key", ["", "x", "1." + "a" * 42, "٣." + "a" * 43, "999999999999999999." + "a" * 43])
def test_what_is_no_key_is_refused(db, key):
    assert _hand_over(key.encode().decode("latin-1")).status_code == 401
