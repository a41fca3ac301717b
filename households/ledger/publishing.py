"""Numbers for events, a chain for the audit trail: given afterwards, to what has become visible.

Writers take no number and no common lock, so none waits for another. A reader's cursor over ids would miss rows
whose transaction commits late (tried with ten writers: 7,885 of 20,494); a number given to visible rows only
misses none and waits for none. Each publisher takes its advisory lock in one statement and numbers in the *next*:
a statement sees what was committed when it began, so lock and numbering in one would not see the numbers of the
publisher that held the lock before.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from households.ledger.models import AuditEntry

# Keys of advisory locks: two words of four letters each ("ledg", "evnt"/"audt") as 32-bit numbers.
EVENTS_LOCK = (0x6C656467, 0x65766E74)
AUDIT_LOCK = (0x6C656467, 0x61756474)
# A backlog is worked off in pieces, so that no transaction holds the lock for long.
EVENTS_AT_ONCE = 20_000
AUDIT_AT_ONCE = 5_000
BEGINNING = bytes(32)

NUMBER_EVENTS = """
    UPDATE households_event AS event
    SET number = fresh.number
    FROM (
        SELECT waiting.id, newest.number + row_number() OVER (ORDER BY waiting.id) AS number
        FROM (
            SELECT id FROM households_event WHERE number IS NULL ORDER BY id LIMIT %s
        ) AS waiting
        CROSS JOIN (SELECT coalesce(max(number), 0) AS number FROM households_event) AS newest
    ) AS fresh
    WHERE event.id = fresh.id
"""

CHAIN_AUDIT = """
    UPDATE households_auditentry AS entry
    SET number = fresh.number, digest = fresh.digest
    FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS fresh (id, number, digest)
    WHERE entry.id = fresh.id
"""


def _take(lock: tuple[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", lock)


def publish_events() -> int:
    """Numbers every visible event that has none, in id order. Returns how many.

    Called each second by a worker, and by a feed before it reads. Must be the outermost transaction (Django raises
    ``RuntimeError`` otherwise): the lock is held until commit.
    """
    published = 0
    while True:
        with transaction.atomic(durable=True):
            _take(EVENTS_LOCK)
            with connection.cursor() as cursor:
                cursor.execute(NUMBER_EVENTS, [EVENTS_AT_ONCE])
                count = cursor.rowcount
        published += count
        if count < EVENTS_AT_ONCE:
            return published


def digest_of(previous: bytes, entry: AuditEntry, number: int) -> bytes:
    """sha256 over the previous digest and the row as canonical JSON (sorted keys, no blanks, UTF-8, UTC)."""
    content = {
        "number": number,
        "id": entry.pk,
        "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "detail": entry.detail,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + canonical.encode()).digest()


def _chain_some() -> int:
    newest = AuditEntry.objects.filter(number__isnull=False).order_by("-number").first()
    number, digest = (newest.number or 0, bytes(newest.digest or b"")) if newest else (0, BEGINNING)
    ids, numbers, digests = [], [], []
    for entry in AuditEntry.objects.filter(number__isnull=True).order_by("id")[:AUDIT_AT_ONCE]:
        number += 1
        digest = digest_of(digest, entry, number)
        ids.append(entry.pk)
        numbers.append(number)
        digests.append(digest)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(CHAIN_AUDIT, [ids, numbers, digests])
    return len(ids)


def chain_audit() -> int:
    """Gives every visible audit row without one its number and digest, in id order. Returns how many.

    Outermost transaction only, like ``publish_events``.
    """
    chained = 0
    while True:
        with transaction.atomic(durable=True):
            _take(AUDIT_LOCK)
            count = _chain_some()
        chained += count
        if count < AUDIT_AT_ONCE:
            return chained


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the chain does not hold. ``entry_id`` is None when the row itself is gone."""

    number: int
    entry_id: int | None


@dataclass(frozen=True)
class Chain:
    """What checking found. The end of an intact chain, noted elsewhere, shows later whether its tail was cut."""

    length: int
    digest: bytes
    broken: BrokenLink | None


def _chained_entries() -> Iterator[AuditEntry]:
    return AuditEntry.objects.filter(number__isnull=False).order_by("number").iterator(chunk_size=2000)


def verify_audit() -> Chain:
    """Recomputes the chain from its beginning and stops at the first link that does not hold.

    Found are a changed row, a row that is gone from the middle and one put in between. A tail that was cut whole
    shows only against a length and digest noted before.
    """
    length, digest = 0, BEGINNING
    for entry in _chained_entries():
        expected = length + 1
        if entry.number != expected:
            return Chain(length, digest, BrokenLink(expected, None))
        if entry.digest is None or digest_of(digest, entry, expected) != bytes(entry.digest):
            return Chain(length, digest, BrokenLink(expected, entry.pk))
        length, digest = expected, bytes(entry.digest)
    return Chain(length, digest, None)
