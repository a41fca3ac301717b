"""The receipt: sixteen characters that only the reporter has, and what they say of the report.

Eighty bits, derived under the server's key from the form's own random token and what was written: the same form
sent twice shows the same receipt, and the database holds nothing but its hash.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.crypto import salted_hmac

from alerts.reports.due import BEING_CHECKED
from alerts.reports.models import Report, ReportState
from alerts.transitions import ACKNOWLEDGED
from alerts.travel.models import Alert, Verdict
from households.ledger.models import AuditEntry
from households.privacy.seal import seal, unseal

# Crockford's base 32: no I, L, O, U, so that nothing is misread from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011")
LENGTH, BITS = 16, 80

RECEIVED, BEING_LOOKED_AT, LOOKED_AT, DONE, SET_ASIDE = "received", "looking", "looked", "done", "set_aside"
# Somebody looked and cannot tell yet; answered, and looked at once more since.
UNCLEAR, AGAIN = "unclear", "again"


@dataclass(frozen=True)
class Standing:
    """How a report stands, without anything of a person. ``on``: when somebody looked; ``answer_by``: promised.

    ``before``: an answer that does not hold any more, and its day.
    """

    state: str
    reported_on: date
    on: date | None = None
    answer_by: date | None = None
    answer: str = ""
    before: str = ""
    before_on: date | None = None


def make_receipt(written: str) -> str:
    """``7K2M-9QXA-…`` of everything that was written, the form's random token in front."""
    digest = salted_hmac("alerts.reports.receipt", written, algorithm="sha256").digest()
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - BITS)
    characters = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return "-".join(characters[start : start + 4] for start in range(0, LENGTH, 4))


def read_receipt(text: str) -> str | None:
    """The sixteen characters as somebody copied them: small letters, blanks, O for 0; otherwise ``None``."""
    plain = re.sub(r"[\s\-—–.]", "", unicodedata.normalize("NFKC", text)).upper().translate(MISREAD)
    return plain if len(plain) == LENGTH and set(plain) <= set(ALPHABET) else None


def receipt_hash(receipt: str) -> bytes:
    """What is stored: eighty random bits need no slow hash and no salt."""
    return hashlib.sha256(receipt.replace("-", "").encode()).digest()


def find_report(*, receipt: str, last_four: str) -> Report | None:
    """The report of a receipt, when the phone ends so. A wrong receipt and a wrong ending take the same steps."""
    report = Report.objects.filter(receipt_hash=receipt_hash(receipt)).select_related("alert").first()
    sealed = report.phone_sealed if report is not None and report.phone_sealed is not None else seal("0" * 11)
    ends_so = hmac.compare_digest(unseal(sealed)[-4:].encode(), last_four.encode())
    return report if report is not None and ends_so else None


def standing_of(report: Report) -> Standing:
    """From the report's own state, that of its alert, and the answer if there is one."""
    reported_on = timezone.localdate(report.reported_at)
    if report.state == ReportState.DISCARDED:
        return Standing(SET_ASIDE, reported_on, answer=report.answer)
    if report.answered_at is not None:
        return Standing(DONE, reported_on, answer=report.answer)
    if report.state == ReportState.UNCHECKED or report.alert is None:
        return Standing(RECEIVED, reported_on)
    before_on = _answered_before(report) if report.answer else None
    state, looked, answer_by = _checked(report, report.alert)
    return Standing(state, reported_on, looked, answer_by, before=report.answer, before_on=before_on)


def _checked(report: Report, alert: Alert) -> tuple[str, date | None, date | None]:
    """How far the check of its alert is, when somebody looked, and until when the answer is promised."""
    if alert.status in BEING_CHECKED:
        begun = BEING_LOOKED_AT if alert.status == ACKNOWLEDGED else RECEIVED
        return AGAIN if report.answer else begun, None, None
    moment = alert.verified_at or alert.closed_at
    looked = moment and timezone.localdate(moment)
    if alert.is_open and alert.verdict == Verdict.UNCLEAR:
        return UNCLEAR, looked, None
    return LOOKED_AT, looked, report.answer_by


def _answered_before(report: Report) -> date | None:
    """The day of the answer that does not hold any more, from the ledger."""
    given = AuditEntry.objects.filter(action="report_answered", subject="report", subject_id=str(report.pk))
    last = given.order_by("-pk").first()
    return timezone.localdate(last.at) if last is not None else None
