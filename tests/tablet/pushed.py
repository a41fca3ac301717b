"""Visits as a tablet writes them, and a tablet that sends them."""

import datetime as dt
import uuid

from django.test import Client
from django.utils import timezone

TABLET = "0d3f2c5e-7f59-4c1c-9a53-5a2f2a3f0001"
VISITS = "/tablet/api/visits/"


def visit(household, **fields) -> dict:
    """Today, nothing has changed, unless a test says something else."""
    now = timezone.localtime()
    payload = {
        "uid": str(uuid.uuid4()),
        "form": 1,
        "household": household if isinstance(household, int) else household.pk,
        "method": "home",
        "on": now.date().isoformat(),
        "began_at": (now - dt.timedelta(minutes=5)).isoformat(),
        "ended_at": now.isoformat(),
        "unchanged": True,
    } | fields
    if "unchanged" not in fields:
        payload["unchanged"] = not any(isinstance(value, list) and value for value in fields.values())
    return payload


def body(*visits, sent_at=None, tablet=TABLET) -> dict:
    sent_at = sent_at or timezone.now()
    return {"tablet": tablet, "sent_at": sent_at.isoformat(), "visits": list(visits)}


def push(client: Client, *visits, url=VISITS, headers=None, **envelope):
    """The response as it came."""
    return client.post(url, body(*visits, **envelope), content_type="application/json", headers=headers or {})


def answers(client: Client, *visits, **envelope) -> list[dict]:
    response = push(client, *visits, **envelope)
    assert response.status_code == 200, response.content
    return response.json()["answers"]


def outcomes(client: Client, *visits, **envelope) -> list[str]:
    return [answer["outcome"] for answer in answers(client, *visits, **envelope)]


def verdict_on(alert, **fields) -> dict:
    """As it stands now, with a risk confirmed, unless a test says something else."""
    return {"alert": alert.pk, "stamp": alert.stamp, "verdict": "confirmed", "risks": ["illness"]} | fields
