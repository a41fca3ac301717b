"""Verbs of API clients: one transaction each, noted in the audit trail, never with a key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.ledger.services import write_audit
from households.models import Area, User
from households.refusal import Refused
from monitoring.feeds.keys import hash_secret, make_key
from monitoring.feeds.models import ApiClient, FeedScope

LONGEST_DAYS = 365


@dataclass(frozen=True)
class IssuedKey:
    """A new client and its key. The key exists here and nowhere else: it is shown once."""

    client: ApiClient
    key: str


def _end_of(day: dt.date) -> dt.datetime:
    """The moment after a day, in Shanghai."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))


@transaction.atomic
def create_client(*, name: str, area: Area, scopes: Sequence[str], last_day: dt.date, by: User) -> IssuedKey:
    """Makes a client whose key works to the end of ``last_day``.

    ``Refused`` beyond a year, without a scope or for an area outside that of ``by``.
    """
    today = timezone.localdate()
    if not today <= last_day <= today + dt.timedelta(days=LONGEST_DAYS):
        raise Refused(_("A key is valid for a year at the longest."))
    if not scopes or not set(scopes) <= set(FeedScope.values):
        raise Refused(_("Choose at least one scope."))
    if by.scope is None or not by.scope.covers(area.county, area.township, area.village):
        raise Refused(_("This area is not yours."))
    prefix, secret = make_key()
    client = ApiClient.objects.create(
        name=name,
        prefix=prefix,
        key_hash=hash_secret(secret),
        area=area,
        scopes=sorted(scopes),
        expires_at=_end_of(last_day),
        created_by=by,
    )
    write_audit(
        action="client_created",
        actor=by,
        subject="client",
        subject_id=client.pk,
        prefix=prefix,
        area=area.pk,
        scopes=client.scopes,
        until=str(last_day),
    )
    return IssuedKey(client, f"{prefix}.{secret}")


@transaction.atomic
def revoke_client(*, client: ApiClient, by: User) -> None:
    """The key stops working at once and for good. Revoking twice changes nothing."""
    revoked = ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if revoked:
        write_audit(
            action="client_revoked", actor=by, subject="client", subject_id=client.pk, prefix=client.prefix
        )
