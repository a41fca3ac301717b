"""A villager's own report: stored whatever it says, and an alert at once where nothing speaks against it."""

import logging
import re
import secrets
import uuid
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from alerts.kinds import Channel
from alerts.notices.services import notify
from alerts.reports import limits
from alerts.reports.accepting import accept_report
from alerts.reports.limits import Sent, find_doubt, limits_on, wait_for_turn
from alerts.reports.models import Report, ReportState, Source
from alerts.reports.receipts import make_receipt, receipt_hash
from alerts.travel.people import people_at
from households.models import Area, Household, Membership
from households.privacy.seal import lookup_hash, seal
from households.refusal import Refused

# secrets.token_urlsafe(16); whatever else comes is replaced.
TOKEN = re.compile(r"[\w-]{22}", re.ASCII)
log = logging.getLogger(__name__)
# Along the index of the list, newest first: one row is read, whatever waits there.
TOLD = """
SELECT reported_at >= %s FROM alerts_report
WHERE village = %s AND state = 'unchecked' AND id <> %s ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Written:
    """What stands on the form, normalised. ``for_other``: ``name`` and ``group`` are another's, ``phone`` is not.

    ``token``: the form's own random token; ``trap``: the field that nobody sees was filled in.
    """

    token: str
    village: Area
    risk: str
    name: str
    phone: str
    group: str = ""
    words: str = ""
    identity: str = ""
    for_other: bool = False
    trap: bool = False

    def whole(self) -> str:
        """Equal for the same form sent twice, different when anything was changed before it was sent again."""
        token = self.token if TOKEN.fullmatch(self.token) else new_token()
        parts = (token, self.village.code, self.risk, self.name, self.phone, self.group, self.words, self.identity)
        return "\x1f".join((*parts, str(self.for_other)))

    def words_hash(self) -> bytes | None:
        """The same for the same words, however they are spaced and punctuated."""
        return lookup_hash(re.sub(r"\W", "", self.words)) if self.words else None


@dataclass(frozen=True)
class Received:
    """``receipt``: shown to the reporter, stored nowhere."""

    report: Report
    receipt: str


def new_token() -> str:
    """128 random bits for a form."""
    return secrets.token_urlsafe(16)


def receive_report(*, written: Written) -> Received:
    """Stores a report and, unless something makes it doubtful, raises its alert in the same transaction.

    The same form sent twice is one report with one receipt. Never refuses: what exceeds a limit, looks like abuse
    or cannot raise its alert is unchecked, and the code in ``doubt`` says why (``alerts.reports.limits``).
    """
    whole = written.whole()
    receipt = make_receipt(whole)
    report = _report(written, whole, receipt)
    try:
        _store(report, written)
    except IntegrityError:
        known = Report.objects.filter(uid=report.uid).first()
        if known is None:
            # The database's own words would name what was written.
            raise RuntimeError("A report could not be stored.") from None
        return Received(known, receipt)
    return Received(report, receipt)


def _report(written: Written, whole: str, receipt: str) -> Report:
    digest = salted_hmac("alerts.reports.uid", whole, algorithm="sha256").digest()
    return Report(
        uid=uuid.UUID(bytes=digest[:16], version=4),
        channel=Channel.SELF,
        source=Source.PUBLIC,
        risk=written.risk,
        name=written.name,
        group=written.group,
        for_other=written.for_other,
        phone_sealed=seal(written.phone),
        phone_hash=lookup_hash(written.phone),
        identity_sealed=seal(written.identity) if written.identity else None,
        identity_hash=lookup_hash(written.identity) if written.identity else None,
        words_sealed=seal(written.words) if written.words else None,
        words_hash=written.words_hash(),
        receipt_hash=receipt_hash(receipt),
        reported_at=timezone.now(),
        county=written.village.county or "",
        township=written.village.township,
        village=written.village.code,
    )


@transaction.atomic
def _store(report: Report, written: Written) -> None:
    sent = Sent(
        county=report.county,
        village=written.village.code,
        phone_hash=lookup_hash(written.phone),
        words_hash=written.words_hash(),
        words=written.words,
        trap=written.trap,
        at=report.reported_at,
    )
    allowed = limits_on(sent.at, sent.county)
    doubt = find_doubt(sent, allowed)
    if not doubt:
        wait_for_turn(sent.county)
        doubt = find_doubt(sent, allowed)
    if not doubt:
        report.household = _household_of(written.identity)
    _save(report, doubt)
    if not doubt:
        _accept(report)


def _save(report: Report, doubt: str) -> None:
    report.state = ReportState.UNCHECKED if doubt else ReportState.ACCEPTED
    report.doubt = doubt
    report.save(force_insert=report.pk is None)
    if doubt:
        _tell_once(report)


def _accept(report: Report) -> None:
    """What cannot raise its alert is not lost: a person looks at it."""
    try:
        with transaction.atomic():
            accept_report(report=report, by=None)
    except (Refused, DatabaseError) as error:
        log.error("report %s could not raise an alert: %s", report.pk, type(error).__name__)  # noqa: TRY400
        _save(report, limits.NOT_RAISED)


def _household_of(identity: str) -> Household | None:
    """The household where the person with this number lives now. A number is certain; a name is not."""
    if not identity:
        return None
    member = (
        Membership.objects.current()
        .filter(person__identity_hash=lookup_hash(identity), until__isnull=True, household__gone_on__isnull=True)
        .select_related("household")
        .first()
    )
    return member.household if member is not None else None


def _tell_once(report: Report) -> None:
    """One notice a village and day, however many come: to the township, or the county where nobody is posted."""
    today = timezone.localtime(report.reported_at).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [today, report.village, report.pk])
        if cursor.fetchone() == (True,):
            return
    people = people_at([report.township, report.county])
    place = report.township if report.township and people.posted(report.township) else report.county
    notify(
        kind="report_unchecked",
        key=f"report_unchecked:{report.village}:{today:%Y-%m-%d}",
        recipients=people.posted(place),
        values={"count": 1, "place": report.village or report.county},
        path=f"{reverse('reports:list')}?state=unchecked",
    )
