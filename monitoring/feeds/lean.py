"""Rows as the feeds give them: columns straight from the database, people masked.

No model instances and no serializer at run time: a page of 500 is a loop over dicts. What the schema says of these
shapes stands in ``monitoring.feeds.shapes``; a test holds the two together.
"""

import datetime as dt

from django.db.models import QuerySet

from alerts.models import Alert
from households.models import Event
from households.privacy.mask import mask_name

ALERT_COLUMNS = (
    "id", "county", "township", "village", "kind_id", "kind__name_zh", "kind__name_en", "kind__department",
    "kind__risk", "kind__nature", "kind__channel", "level", "status", "household_id", "household__code",
    "household__head_name", "sentence_zh", "sentence_en", "values", "threshold", "first_month", "last_month",
    "months_found", "not_found_month", "raised_at", "changed_at", "closed_at", "holder", "handled_in", "due_on",
    "verify_by", "verdict", "risks", "reason", "outcome", "dispatched_at", "verified_at",
)  # fmt: skip
EVENT_COLUMNS = (
    "number", "at", "kind", "subject", "subject_id", "status_before", "status_after", "level_before",
    "level_after", "county", "township", "village", "detail", "client_id",
)  # fmt: skip
# Of an event's detail the feed gives these codes and days. What a person wrote (``note``) is never read here.
DETAILS = ("holder", "due_on", "verdict", "risks", "reason", "outcome", "to", "move")


def alert_rows() -> QuerySet:
    """Alerts as dicts of ``ALERT_COLUMNS``; to be filtered by id."""
    return Alert.objects.values(*ALERT_COLUMNS)


def event_rows() -> QuerySet:
    """Published events as dicts of ``EVENT_COLUMNS``, oldest first."""
    return Event.objects.filter(number__isnull=False).order_by("number").values(*EVENT_COLUMNS)


def _month(day: dt.date | None) -> str | None:
    return f"{day:%Y-%m}" if day else None


def _household(row: dict) -> dict | None:
    if row["household_id"] is None:
        return None
    return {
        "id": row["household_id"],
        "code": row["household__code"],
        "head": mask_name(row["household__head_name"]),
    }


def alert_as_data(row: dict, names: dict[str, str]) -> dict:
    """``names``: of areas, by code (reading them once costs less than 500 look-ups in the query)."""
    return {
        "id": row["id"],
        "kind": {
            "code": row["kind_id"],
            "name": {"zh": row["kind__name_zh"], "en": row["kind__name_en"]},
            "nature": row["kind__nature"],
            "channel": row["kind__channel"],
        },
        "department": row["kind__department"],
        "risk": row["kind__risk"],
        "level": row["level"],
        "status": row["status"],
        "open": row["closed_at"] is None,
        "channel": row["kind__channel"],
        **_travel(row),
        "household": _household(row),
        "place": {
            "county": row["county"],
            "township": row["township"],
            "village": row["village"],
            "name": names.get(row["village"] or row["township"] or row["county"]),
        },
        "sentence": {"zh": row["sentence_zh"], "en": row["sentence_en"]},
        "values": row["values"],
        "threshold": row["threshold"],
        "first_month": _month(row["first_month"]),
        "last_month": _month(row["last_month"]),
        "months_found": row["months_found"],
        "not_found_month": _month(row["not_found_month"]),
        "raised_at": row["raised_at"],
        "changed_at": row["changed_at"],
        "closed_at": row["closed_at"],
    }


def _travel(row: dict) -> dict:
    """Whose turn it is, until when, and what was found and decided."""
    return {
        "holder": row["holder"],
        "handled_in": row["handled_in"],
        "due_on": row["due_on"],
        "verify_by": row["verify_by"],
        "dispatched_at": row["dispatched_at"],
        "verified_at": row["verified_at"],
        "verdict": row["verdict"] or None,
        "risks": row["risks"] or [],
        "reason": row["reason"] or None,
        "outcome": row["outcome"] or None,
    }


def event_as_data(row: dict) -> dict:
    return {
        "number": row["number"],
        "at": row["at"],
        "kind": row["kind"],
        "subject": row["subject"],
        "subject_id": row["subject_id"],
        "status": {"before": row["status_before"] or None, "after": row["status_after"] or None},
        "level": {"before": row["level_before"] or None, "after": row["level_after"] or None},
        "place": {"county": row["county"], "township": row["township"], "village": row["village"]},
        "detail": _detail(row["detail"] or {}),
        "client": row["client_id"] is not None,
    }


def _detail(detail: dict) -> dict:
    """Words and days of ``DETAILS``. A number there is the id of somebody's account, which no feed gives."""
    return {name: detail[name] for name in DETAILS if isinstance(detail.get(name), str | list)}
