"""A person decides what becomes of an upload that was kept: the visit of whoever made it, or nothing."""

import json
import uuid
from dataclasses import replace
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.desk.changes import NotPossible
from households.desk.days import day_problem
from households.evidence.announcing import announce
from households.evidence.models import BatchKind
from households.evidence.services import open_batch
from households.ledger.services import record_event, write_audit
from households.models import Household, Visit
from households.privacy.seal import unseal_bytes
from households.staff.models import User
from households.visits.checking import Checked, check_visit, problem
from households.visits.recording import Incoming, person_problems, record_visits
from households.visits.values import EARLIEST
from monitoring.tablet.clocks import Clock
from monitoring.tablet.models import HeldFor, Upload, UploadState
from monitoring.tablet.photos import move_photos
from monitoring.tablet.pushing import SOURCE

RIGHT = "visits.decide"
SUBJECT = "upload"
LONGEST_REASON = 300


def checked_of(upload: Upload) -> Checked:
    """What the tablet sent, by the form of today. Raises ``NotPossible`` where the form has become stricter."""
    checked, problems = check_visit(json.loads(unseal_bytes(upload.payload_sealed)))
    if checked is None:
        told = "; ".join(f"{one.field}: {one.sentence}" for one in problems)
        raise NotPossible(_("The form does not take it any more: %(problems)s") % {"problems": told})
    return checked


@transaction.atomic
def accept_upload(*, upload_id: int, by: User, reason: str = "", on: date | None = None) -> Upload:
    """Records the visit under its original visitor, where the household lives now.

    ``on``: the day on which it really was, for one kept because its day had not come; without it a day that has
    not come even now becomes the day on which the visit came in. The tablet's own day is kept beside it. A visit
    that came twice with different content becomes two visits. Verdicts are not given: whoever is posted there now
    decides on the alerts.
    Raises ``Upload.DoesNotExist`` out of scope, ``NotPossible`` for what was decided already and what does not fit
    into the register.
    """
    upload = _waiting(upload_id, by)
    household = _household(upload, by)
    checked = checked_of(upload)
    incoming = _incoming(upload, checked, household, _given_day(upload, on))
    if problems := person_problems([incoming]).get(incoming.checked.uid):
        raise NotPossible("; ".join(f"{one.field}: {one.sentence}" for one in problems))
    batch = open_batch(kind=BatchKind.TABLET, source=SOURCE, by=by, reason=reason)
    (recorded,) = record_visits(incoming=[incoming], batch=batch)
    upload.visit = recorded.visit
    _decide(upload, UploadState.ACCEPTED, by, reason)
    move_photos(upload, recorded.visit)
    announce(batch)
    return upload


@transaction.atomic
def set_aside_upload(*, upload_id: int, by: User, reason: str) -> Upload:
    """Nothing becomes of it, and it stays to be read. Raises as ``accept_upload``, and without a reason."""
    if not reason.strip():
        raise NotPossible(_("Say why."), "reason")
    upload = _waiting(upload_id, by)
    _decide(upload, UploadState.SET_ASIDE, by, reason)
    return upload


def _waiting(upload_id: int, by: User) -> Upload:
    if not by.has_perm(RIGHT):
        raise PermissionDenied
    rows = Upload.objects.visible_to(by).select_related("decided_by", "sender")
    upload = rows.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state == UploadState.STORED:
        raise NotPossible(_("This visit was stored when it came in."))
    if upload.state != UploadState.HELD:
        who = upload.decided_by.name if upload.decided_by else ""
        raise NotPossible(
            _("%(name)s has decided on this already: %(state)s.")
            % {"name": who, "state": upload.get_state_display()}
        )
    return upload


def _household(upload: Upload, by: User) -> Household:
    row = Household.objects.visible_to(by).filter(pk=upload.household_id).select_for_update().first()
    if row is None:
        raise NotPossible(_("This household is not in your area any more."))
    return row


def _given_day(upload: Upload, on: date | None) -> date | None:
    if on is None or upload.held_for != HeldFor.FUTURE:
        return None
    if told := day_problem(on):
        raise NotPossible(told, "on")
    if on < EARLIEST:
        raise NotPossible(problem("on", "day_too_early", earliest=EARLIEST).sentence, "on")
    return on


def _incoming(upload: Upload, checked: Checked, household: Household, given: date | None) -> Incoming:
    uid = checked.uid
    if Visit.objects.filter(uid=uid).exists():
        # Always the same one, so that nothing makes a third visit of it.
        checked = replace(checked, uid=uuid.uuid5(uid, bytes(upload.digest).hex()))
    on = given or _day(upload, checked)
    return Incoming(
        checked=checked,
        household=household,
        visitor=upload.sender,
        clock_behind=upload.clock_behind,
        on=on,
        tablet_day=checked.on if on != checked.on else None,
    )


def _day(upload: Upload, checked: Checked) -> date:
    received = timezone.localtime(upload.received_at)
    if upload.sent_at is None:
        return checked.on
    day = Clock.of(upload.sent_at, received).true_day(checked.on, checked.began_at, received)
    return received.date() if upload.held_for == HeldFor.FUTURE and day > timezone.localdate() else day


def _decide(upload: Upload, state: UploadState, by: User, reason: str) -> None:
    upload.state = state
    upload.decided_by, upload.decided_at, upload.decision = by, timezone.now(), reason.strip()[:LONGEST_REASON]
    upload.save(update_fields=["state", "decided_by", "decided_at", "decision", "visit"])
    kind = "upload_accepted" if state == UploadState.ACCEPTED else "upload_set_aside"
    record_event(kind=kind, subject=SUBJECT, subject_id=upload.pk, place=upload, actor=by, note=upload.decision)
    write_audit(action=kind, actor=by, subject=SUBJECT, subject_id=upload.pk, reason=upload.held_for)
