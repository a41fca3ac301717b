"""Visits come up from a tablet: each is stored, kept for review or refused, and bad ones stop nothing.

One transaction a request. Whatever happens to the connection, the same request again gets the same answers.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alerts.travel.mover import Mover
from households.evidence.announcing import announce
from households.evidence.models import BatchKind
from households.evidence.services import open_batch
from households.ledger.models import AuditEntry
from households.privacy.seal import seal
from households.staff.models import User
from households.visits.recording import Incoming, person_problems, record_visits
from monitoring.tablet.answering import answer_rows
from monitoring.tablet.clocks import Clock
from monitoring.tablet.envelopes import Envelope
from monitoring.tablet.models import Upload, UploadState
from monitoring.tablet.sorting import Row, find_known, find_repeated, lock_households, place_rows, read_rows
from monitoring.tablet.verifying import Said, give_verdicts

# ``EvidenceBatch.source`` of what tablets brought.
SOURCE = "visit"


@transaction.atomic
def push_visits(*, envelope: Envelope, by: User) -> list[dict[str, Any]]:
    """One answer a visit, in order. What ``by`` may not write where the household lives waits for a person."""
    now = timezone.localtime()
    clock = Clock.of(envelope.sent_at, now)
    _take_turn(by)
    rows = read_rows(envelope.visits)
    find_known(rows, by)
    repeated = find_repeated(rows)
    new = [row for place, row in enumerate(rows) if place not in repeated]
    place_rows(new, lock_households(new), by, clock, now)
    _store([row for row in new if row.is_to_store], by, clock)
    _note(new, envelope, by, clock)
    return answer_rows(rows, repeated)


def _take_turn(by: User) -> None:
    """Two tabs of one sender come one after the other, so that the second finds what the first one brought."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('monitoring.tablet.pushing'), %s)", [by.pk % 2**31])


def _store(rows: list[Row], by: User, clock: Clock) -> None:
    """Whatever speaks of somebody who is no member any more is refused, the rest becomes one batch of evidence."""
    incoming = {row.uid: incoming_of(row, by, clock) for row in rows}
    wrong = person_problems(list(incoming.values()))
    for row in rows:
        if row.checked and (problems := wrong.get(row.checked.uid)):
            row.checked, row.problems = None, list(problems)
    rows = [row for row in rows if row.checked]
    if not rows:
        return
    batch = open_batch(kind=BatchKind.TABLET, source=SOURCE, by=by)
    recorded = record_visits(incoming=[incoming[row.uid] for row in rows], batch=batch)
    for row, one in zip(rows, recorded, strict=True):
        row.visit, row.answers = one.visit, one.answers
    _verify(rows, by)
    announce(batch)


def incoming_of(row: Row, visitor: User, clock: Clock) -> Incoming:
    """A placed row as the register takes it in."""
    if row.checked is None or row.household is None or row.on is None:
        raise ValueError("This row has no place yet.")
    return Incoming(
        checked=row.checked,
        household=row.household,
        visitor=visitor,
        clock_behind=clock.seconds,
        on=row.on,
        tablet_day=row.checked.on if row.on != row.checked.on else None,
    )


def _verify(rows: Sequence[Row], by: User) -> None:
    said = [
        (row, Said(row.household.pk, verdict))
        for row in rows
        if row.checked and row.household
        for verdict in row.checked.verdicts
    ]
    if not said:
        return
    told = give_verdicts([one for _row, one in said], Mover.of_user(by))
    for (row, _said), answer in zip(said, told, strict=True):
        row.verdicts.append(answer.as_json())


def _note(rows: Iterable[Row], envelope: Envelope, by: User, clock: Clock) -> None:
    """An upload each, sealed whole; what waits for a person is noted in the trail (a visit notes itself)."""
    kept = [row for row in rows if row.is_new]
    for row in kept:
        row.upload = _upload(row, envelope, by, clock)
    Upload.objects.bulk_create([row.upload for row in kept if row.upload])
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=timezone.now(),
            actor=by,
            action="upload_held",
            subject="upload",
            subject_id=str(row.upload.pk),
            detail={"reason": str(row.held_for)},
        )
        for row in kept
        if row.held_for and row.upload
    )


def _upload(row: Row, envelope: Envelope, by: User, clock: Clock) -> Upload:
    household, checked = row.household, row.checked
    if household is None or checked is None:
        raise ValueError("This row has no place yet.")
    return Upload(
        uid=checked.uid,
        digest=row.digest,
        sender=by,
        tablet=envelope.tablet,
        household=household,
        county=household.county,
        township=household.township,
        village=household.village,
        payload_sealed=seal(row.content),
        sent_at=envelope.sent_at,
        clock_behind=clock.seconds,
        state=UploadState.HELD if row.held_for else UploadState.STORED,
        held_for=row.held_for,
        visit=row.visit,
        answer={"verdicts": row.verdicts, "photos": checked.photos},
    )
