"""The key by which a tablet hands over what is unsent after its user's posting has ended. It opens nothing else.

``12.secret``: the id of its row and 256 random bits. The tablet keeps it under its PIN; here only its hash stands.
Wrong secrets are not counted: nobody guesses 256 bits, and a count would let a stranger close somebody's key.
"""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from households.staff.models import User
from monitoring.tablet.models import HandOverKey

RIGHT = "visits.add"
LASTS = timedelta(days=60)
# A tablet that asks whether we are there does not get a new one each time.
RENEWED = timedelta(days=1)
SECRET_BYTES = 32
KEY = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{43})", re.ASCII)


@transaction.atomic
def issue_key(*, user: User, tablet: UUID, has_none: bool = False) -> str | None:
    """A new key for this user's tablet; None where it has one of today.

    ``has_none``: the tablet says that it holds none, since the answer with it was lost on the way.
    """
    now = timezone.now()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    fresh = {"hashed": hash_of(secret), "expires_at": now + LASTS}
    key, is_new = HandOverKey.objects.select_for_update().get_or_create(user=user, tablet=tablet, defaults=fresh)
    if not is_new:
        if key.created_at > now - RENEWED and not has_none:
            return None
        HandOverKey.objects.filter(pk=key.pk).update(created_at=now, **fresh)
    return f"{key.pk}.{secret}"


def find_key(written: str) -> HandOverKey | None:
    """The key that holds, with its user; None for what is none or is over."""
    found = KEY.fullmatch(written)
    if found is None:
        return None
    rows = HandOverKey.objects.filter(pk=int(found[1]), expires_at__gt=timezone.now()).select_related("user")
    key = rows.first()
    if key is None or not hmac.compare_digest(bytes(key.hashed), hash_of(found[2])):
        return None
    return key


def may_hand_over(user: User) -> bool:
    """Who may still send does so signed in."""
    return not user.has_perm(RIGHT)


def hash_of(secret: str) -> bytes:
    """sha256: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
