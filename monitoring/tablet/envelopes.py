"""One request of a tablet: who sends, what time it is there, and visits nobody has looked into yet."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from households.refusal import Refused

MOST_VISITS = 50
LONGEST_UID = 36


class BadEnvelope(Refused):
    """The request as a whole cannot be read: a fault of a program, not of whoever wrote the visits."""

    def __init__(self, sentence: str, status: int, code: str):
        super().__init__(sentence)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Envelope:
    tablet: UUID
    sent_at: datetime
    visits: list[Any]


def read_envelope(request: HttpRequest) -> Envelope:
    """Raises ``BadEnvelope``. ``sent_at`` has an offset; the visits are whatever stood in the list."""
    body = _json(request)
    tablet, sent_at, visits = body.get("tablet"), body.get("sent_at"), body.get("visits")
    if not isinstance(visits, list):
        raise _unreadable()
    if len(visits) > MOST_VISITS:
        sentence = _("At most %(count)s visits at once.") % {"count": MOST_VISITS}
        raise BadEnvelope(sentence, 400, "too_many")
    return Envelope(read_uuid(tablet), _moment(sent_at), visits)


def read_uuid(value: object) -> UUID:
    """Raises ``BadEnvelope``."""
    try:
        return UUID(value) if isinstance(value, str) else _fail()
    except ValueError:
        raise _unreadable() from None


def read_body(request: HttpRequest) -> bytes:
    """Raises ``BadEnvelope`` for more than a request may bring."""
    try:
        return request.body
    except RequestDataTooBig:
        raise BadEnvelope(_("This is too large."), 413, "too_large") from None


def canonical(payload: object) -> bytes:
    """The same bytes for the same content, in whatever order its keys come. Raises ``ValueError``.

    Half a character (a lone surrogate) and NUL can neither be stored nor shown.
    """
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if r"\u0000" in text:
        raise ValueError("a character that no text has")
    return text.encode()


def digest_of(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(read_body(request), parse_constant=_fail)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(body, dict):
        raise _unreadable()
    return body


def _moment(value: object) -> datetime:
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _unreadable()
    return moment


def _fail(*_values: object) -> NoReturn:
    raise ValueError


def _unreadable() -> BadEnvelope:
    return BadEnvelope(_("The server could not read what the tablet sent."), 400, "unreadable")
