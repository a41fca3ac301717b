"""A write of a client happens once, however often it is sent: ``Idempotency-Key``.

The first answer to a key is stored in the transaction of the change itself. The same key with the same request
gets that answer again, a refusal included: what was refused once is not carried out by a retry that comes late.
"""

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import Http404
from django.utils import timezone
from psycopg2.errors import LockNotAvailable
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from households.refusal import Refused
from monitoring.feeds.bodies import canonical
from monitoring.feeds.models import ApiClient, IdempotentAnswer
from monitoring.feeds.problems import CONTENT_TYPE, ApiProblem, problem_of

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,80}")
# Answers are kept at least this long; a client gives up long before.
KEPT = dt.timedelta(hours=24)
# Two with one key at once: the second waits for the first this long, in milliseconds, then is told to come again.
WAITS = 3000


def answer_once(request: Request, *, act: Callable[[], tuple[Any, int]]) -> Response:
    """Carries out ``act`` and answers with what it returns (body and status), unless the key was used before.

    ``act`` runs inside the transaction; it may raise ``Refused`` or ``Http404``. Raises ``ApiProblem``: 400 for
    a missing or invalid key, 422 for one that was used for another request, 409 while it is being carried out.
    """
    key, digest = _read_key(request), _digest(request)
    with transaction.atomic():
        answer, is_new = _claim(request.user, key, digest)
        if is_new:
            answer.body, answer.status = _first_answer(act)
            answer.save(update_fields=["status", "body"])
            # As the database gives it back, so that the first answer and every later one are the same bytes.
            answer.refresh_from_db(fields=["body"])
    if bytes(answer.request_digest) != digest:
        raise ApiProblem("idempotency_key_reused", 422)
    headers = {} if is_new else {"Idempotency-Replayed": "true"}
    kind = {"content_type": CONTENT_TYPE} if answer.status >= 400 else {}
    return Response(answer.body, answer.status, headers=headers, **kind)


def sweep_answers() -> int:
    """Deletes answers older than ``KEPT``. Returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _read_key(request: Request) -> str:
    key = request.headers.get(HEADER, "")
    if not key:
        raise ApiProblem("idempotency_key_missing", 400)
    if not KEY.fullmatch(key):
        raise ApiProblem("idempotency_key_invalid", 400)
    return key


def _digest(request: Request) -> bytes:
    """Keyed: a body may hold a phone number, which a plain hash would let somebody guess."""
    said = b"\n".join([request.method.encode(), request.get_full_path().encode(), canonical(request.data)])
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()


def _claim(client: ApiClient, key: str, digest: bytes) -> tuple[IdempotentAnswer, bool]:
    """The answer's row, and whether it is ours to fill. The unique constraint makes a second request wait."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", (WAITS,))
            claimed = IdempotentAnswer.objects.get_or_create(
                client=client, key=key, defaults={"request_digest": digest, "status": 0, "body": {}}
            )
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise ApiProblem("idempotency_in_progress", 409, headers={"Retry-After": "1"}) from error
        raise
    return claimed


def _first_answer(act: Callable[[], tuple[Any, int]]) -> tuple[Any, int]:
    try:
        with transaction.atomic():
            body, status = act()
    except (Refused, Http404) as error:
        body = problem_of(error)
        status = body["status"]
    return json.loads(JSONRenderer().render(body)), status
