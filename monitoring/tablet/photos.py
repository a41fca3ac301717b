"""Photos come up one by one after their visit, without notes of place and device, and are sealed like a file."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.privacy.seal import seal
from households.staff.models import User
from households.visits.declaration import MOST_PHOTO_BYTES
from households.visits.models import Visit, VisitPhoto
from monitoring.tablet.jpeg import is_plain_jpeg
from monitoring.tablet.models import HeldPhoto, Upload

STORED, REFUSED = "stored", "refused"
SENTENCES: dict[str, str | Promise] = {
    "": _("Received."),
    "unknown_visit": _("The server has no visit with this photo yet."),
    "too_large": _("The photo is too large."),
    "damaged": _("The photo did not arrive whole. It will be sent again."),
    "no_jpeg": _("This is no photo that the server takes: a JPEG without notes of place and device."),
}


@dataclass(frozen=True)
class Answer:
    """``code`` is "" where it was stored."""

    code: str
    again: bool = False

    def as_json(self) -> dict[str, object]:
        outcome = REFUSED if self.code else STORED
        return {"outcome": outcome, "code": self.code, "again": self.again, "sentence": str(SENTENCES[self.code])}


@transaction.atomic
def receive_photo(*, uid: UUID, sha256: str, content: bytes, by: User) -> Answer:
    """Stores a photo that the sender's own visit names; of one kept for review it waits with it."""
    uploads = (
        Upload.objects.filter(uid=uid, sender=by)
        .select_related("visit")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    named = [upload for upload in uploads if sha256 in upload.answer.get("photos", [])]
    if not named:
        return Answer("unknown_visit")
    if code := _problem(content, sha256):
        return Answer(code)
    sealed = seal(content)
    kept = [_keep(upload, sha256, sealed, len(content)) for upload in named]
    return Answer("", again=not any(kept))


def _problem(content: bytes, sha256: str) -> str:
    if len(content) > MOST_PHOTO_BYTES:
        return "too_large"
    if hashlib.sha256(content).hexdigest() != sha256:
        return "damaged"
    return "" if is_plain_jpeg(content) else "no_jpeg"


def _keep(upload: Upload, sha256: str, sealed: bytes, size: int) -> bool:
    """Whether it was not there yet."""
    fresh = {"sealed": sealed, "size": size}
    if upload.visit is not None:
        return VisitPhoto.objects.get_or_create(visit=upload.visit, sha256=sha256, defaults=fresh)[1]
    return HeldPhoto.objects.get_or_create(upload=upload, sha256=sha256, defaults=fresh)[1]


def move_photos(upload: Upload, visit: Visit) -> None:
    """What came up for an upload that was kept becomes its visit's, now that it has one."""
    held = HeldPhoto.objects.filter(upload=upload)
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, sha256=one.sha256, sealed=one.sealed, size=one.size) for one in held
    )
    held.delete()
