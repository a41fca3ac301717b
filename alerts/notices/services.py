"""Telling people: written in the transaction of the change itself, sent afterwards (``alerts.notices.sending``).

The bell shows a notice as soon as it is committed. Deliveries by e-mail and gateway are written beside it, so that
what was decided is told even when mail is down, and nobody is told of what was rolled back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from alerts.notices.kinds import KINDS
from alerts.notices.models import Gateway
from alerts.notices.placeholders import PLACEHOLDERS, placeholders_of
from alerts.notices.quiet import first_moment, first_urgent_moment
from households.policy.calendar import WorkCalendar

# One statement for everybody. The key keeps a second notice away; who has left, or was posted nowhere, gets none.
# A gateway whose body has no {{ phone }} speaks into a room, not to a person: one delivery for each other text.
WRITE = """
WITH told AS (
    SELECT account.id, account.email <> '' AS has_email, account.phone_sealed IS NOT NULL AS has_phone,
           told.values::jsonb AS values, told.urgent
    FROM unnest(%(recipients)s::bigint[], %(values)s::text[], %(urgent)s::boolean[])
         AS told (recipient, values, urgent)
    JOIN households_user AS account ON account.id = told.recipient AND account.is_active
    WHERE EXISTS (
        SELECT FROM households_posting AS posting
        WHERE posting.user_id = account.id AND posting.valid_from <= %(today)s
          AND (posting.valid_until IS NULL OR posting.valid_until >= %(today)s))
),
written AS (
    INSERT INTO alerts_notice (recipient_id, kind, key, urgent, values, path)
    SELECT id, %(kind)s, %(key)s, urgent, values, %(path)s FROM told ORDER BY id
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id, urgent, values
),
way AS (
    SELECT 'email' AS way, NULL::bigint AS gateway, false AS by_phone WHERE %(by_email)s
    UNION ALL
    SELECT 'gateway', gateway.id, gateway.by_phone
    FROM unnest(%(gateways)s::bigint[], %(by_phone)s::boolean[]) AS gateway (id, by_phone)
),
delivered AS (
    INSERT INTO alerts_delivery (notice_id, way, gateway_id, not_before)
    SELECT notice.id, way.way, way.gateway, CASE WHEN notice.urgent THEN %(urgent_from)s ELSE %(later)s END
    FROM (
        SELECT *, row_number() OVER (PARTITION BY values, urgent ORDER BY id) AS of_this_text FROM written
    ) AS notice
    JOIN told ON told.id = notice.recipient_id
    CROSS JOIN way
    WHERE CASE
        WHEN way.gateway IS NULL THEN told.has_email
        WHEN way.by_phone THEN told.has_phone
        ELSE notice.of_this_text = 1
    END
    ORDER BY notice.id
)
SELECT count(*) FROM written
"""


@dataclass(frozen=True)
class Told:
    """What one person is told: the values of the kind; ``urgent`` (red) goes out on a day off and, where it is not
    a mere reminder, at night.
    """

    recipient: int
    values: Mapping[str, int | str]
    urgent: bool = False


def notify(
    *,
    kind: str,
    key: str,
    recipients: Iterable[int],
    values: Mapping[str, int | str],
    path: str,
    urgent: bool = False,
) -> int:
    """Tells several people the same, in the caller's transaction. Returns how many notices are new.

    ``recipients``: ids of accounts; whoever is not posted today is left out. ``key`` says what it is about
    (``dispatched:42``): the same key to the same person is one notice, however often it is asked for. ``values``:
    at least those of the kind (``alerts.notices.kinds``), places as area codes and days as ``2026-10-09``.
    ``path``: a path of this site. Raises ``ValueError`` for an unknown kind or a value that does not fit.
    """
    told = [Told(recipient, values, urgent) for recipient in recipients]
    return notify_each(kind=kind, key=key, told=told, path=path)


def notify_each(*, kind: str, key: str, told: Iterable[Told], path: str) -> int:
    """Like ``notify``, each person with values of their own (12 for one, 3 for the other), in one statement."""
    everybody = list({each.recipient: each for each in told}.values())
    _check(kind, key, path)
    for each in everybody:
        check_values(kind, each.values)
    if not everybody:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(WRITE, _parameters(kind, everybody) | {"kind": kind, "key": key, "path": path})
        row = cursor.fetchone()
    return row[0]


def _parameters(kind: str, everybody: list[Told]) -> dict[str, Any]:
    now = timezone.now()
    gateways = list(Gateway.objects.filter(active=True).values_list("id", "body"))
    return {
        "recipients": [each.recipient for each in everybody],
        "values": [json.dumps(dict(each.values), sort_keys=True) for each in everybody],
        "urgent": [each.urgent for each in everybody],
        "today": timezone.localdate(now),
        "by_email": bool(settings.EMAIL_URL),
        "gateways": [pk for pk, _body in gateways],
        "by_phone": ["phone" in placeholders_of(body) for _pk, body in gateways],
        "urgent_from": first_urgent_moment(kind, now),
        "later": first_moment(now, WorkCalendar()),
    }


def _check(kind: str, key: str, path: str) -> None:
    """Mistakes of whoever calls, found by the first test that calls. No value stands in the exception."""
    if kind not in KINDS:
        raise ValueError(f"There is no kind of notice {kind!r}; the table is alerts.notices.kinds.")
    if not 0 < len(key) <= 80:
        raise ValueError(f"The key of a notice ({kind}) has 1 to 80 characters.")
    if path and (not path.startswith("/") or path.startswith("//") or len(path) > 200):
        raise ValueError(f"The path of a notice ({kind}) is a path of this site, up to 200 characters.")


def check_values(kind: str, values: Mapping[str, object]) -> None:
    """Raises ``ValueError`` unless all values of the kind are there and every one is what its name says."""
    missing = set(KINDS[kind].values) - set(values)
    wrong = [name for name in values if name not in PLACEHOLDERS or not PLACEHOLDERS[name].fits(values[name])]
    if missing or wrong:
        raise ValueError(f"Notice {kind}: missing {sorted(missing)}, not what the name says {sorted(wrong)}.")
