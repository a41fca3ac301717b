"""Photos of a visit: of its sender, as the visit names them, whole, small, without notes of place and device."""

import hashlib
import uuid

import pytest
from django.test import Client

from households.privacy.seal import unseal_bytes
from households.visits.declaration import MOST_PHOTO_BYTES
from households.visits.models import VisitPhoto
from monitoring.models import HeldPhoto
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.tablet.pushed import answers, push, visit

pytestmark = pytest.mark.django_db


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2) + content


FRAME = _segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
SCAN = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34"
JFIF = _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")


def jpeg(*segments: bytes, filling: int = 0) -> bytes:
    return b"\xff\xd8" + JFIF + b"".join(segments) + FRAME + SCAN + b"\x55" * filling + b"\xff\xd9"


PLAIN = jpeg()
EXIF = jpeg(_segment(0xE1, b"Exif\x00\x00MM\x00*GPS"))


def _sha(content):
    return hashlib.sha256(content).hexdigest()


def _send(client, uid, content, sha=None):
    return client.post(f"/tablet/api/photos/{uid}/{sha or _sha(content)}/", content, content_type="image/jpeg")


@pytest.fixture
def tablet(sign_in):
    return sign_in("specialist")


@pytest.fixture
def visited(tablet):
    """A function: a stored visit that names these photos; its uid."""

    def _visited(*contents, village=VILLAGES[0]):
        sent = visit(factories.household(village=village), photos=[_sha(one) for one in contents], unchanged=True)
        answers(tablet, sent)
        return sent["uid"]

    return _visited


def test_a_photo_is_sealed_with_its_visit_and_once_only(tablet, visited):
    uid = visited(PLAIN)

    first, again = _send(tablet, uid, PLAIN).json(), _send(tablet, uid, PLAIN).json()

    photo = VisitPhoto.objects.get()
    assert (first["outcome"], first["again"]) == ("stored", False)
    assert (again["outcome"], again["again"]) == ("stored", True)
    assert (str(photo.visit.uid), photo.sha256, photo.size) == (uid, _sha(PLAIN), len(PLAIN))
    assert PLAIN not in bytes(photo.sealed)
    assert unseal_bytes(photo.sealed) == PLAIN


@pytest.mark.parametrize(
    "content",
    [
        EXIF,
        jpeg(_segment(0xED, b"Photoshop 3.0\x00")),
        jpeg(_segment(0xE2, b"MPF\x00")),
        jpeg(_segment(0xFE, b"30.82N 110.97E")),
        b"\xff\xd8" + JFIF + SCAN + b"\xff\xd9",
        PLAIN[:-2],
        PLAIN + b"30.82N",
        b"\x89PNG\r\n\x1a\n" + b"0" * 50,
        b"\xff\xd8\xff\xd9",
        b"",
    ],
)
def test_what_carries_notes_or_is_no_photo_is_refused(tablet, visited, content):
    answer = _send(tablet, visited(content), content).json()

    assert (answer["outcome"], answer["code"]) == ("refused", "no_jpeg")
    assert answer["sentence"]
    assert not VisitPhoto.objects.exists()


def test_a_colour_profile_is_no_note(tablet, visited):
    content = jpeg(_segment(0xE2, b"ICC_PROFILE\x00\x01\x01"), _segment(0xEE, b"Adobe\x00"))

    assert _send(tablet, visited(content), content).json()["outcome"] == "stored"


def test_a_photo_that_did_not_arrive_whole_is_asked_for_again(tablet, visited):
    uid = visited(PLAIN)

    answer = _send(tablet, uid, PLAIN[:-10], _sha(PLAIN)).json()

    assert (answer["outcome"], answer["code"]) == ("refused", "damaged")


def test_a_photo_is_as_large_as_the_tablet_makes_it(tablet, visited, settings):
    fits, large = jpeg(filling=MOST_PHOTO_BYTES - len(PLAIN)), jpeg(filling=MOST_PHOTO_BYTES)
    uid = visited(fits, large)

    assert _send(tablet, uid, fits).json()["outcome"] == "stored"
    assert _send(tablet, uid, large).json()["code"] == "too_large"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert _send(tablet, uid, large).status_code == 413


def test_a_photo_belongs_to_a_visit_of_the_sender_that_names_it(tablet, visited, sign_in):
    uid = visited(PLAIN)
    other = jpeg(filling=1)

    assert _send(tablet, uid, other).json()["code"] == "unknown_visit"
    assert _send(tablet, uuid.uuid4(), PLAIN).json()["code"] == "unknown_visit"
    assert _send(sign_in("township"), uid, PLAIN).json()["code"] == "unknown_visit"
    assert _send(Client(), uid, PLAIN).status_code == 401


def test_a_photo_of_what_is_kept_for_review_waits_with_it(tablet, visited):
    uid = visited(PLAIN, village=ELSEWHERE)

    assert [_send(tablet, uid, PLAIN).json()["again"] for _turn in range(2)] == [False, True]

    photo = HeldPhoto.objects.get()
    assert (str(photo.upload.uid), unseal_bytes(photo.sealed)) == (uid, PLAIN)
    assert not VisitPhoto.objects.exists()


def test_a_photo_is_handed_over_as_its_visit_was(sign_in, cast):
    client = sign_in("specialist")
    key = client.get("/tablet/api/me", {"tablet": "0d3f2c5e-7f59-4c1c-9a53-5a2f2a3f0001"}).json()["hand_over_key"]
    cast.specialist.postings.update(valid_until="2021-01-01")
    sent = visit(factories.household(village=VILLAGES[0]), photos=[_sha(PLAIN)], unchanged=True)
    bearer = Client(enforce_csrf_checks=True, headers={"X-Hand-Over-Key": key})
    push(bearer, sent, url="/tablet/api/hand-over/")

    url = f"/tablet/api/hand-over/{sent['uid']}/{_sha(PLAIN)}/"
    answer = bearer.post(url, PLAIN, content_type="image/jpeg")

    assert answer.json()["outcome"] == "stored"
    assert HeldPhoto.objects.count() == 1
