"""API clients, and what it takes to ask as one of them."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households.models import Area
from monitoring.feeds.models import ApiClient
from monitoring.feeds.services import create_client
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES

COUNTY = "420527"
BOTH = ("alerts:read", "events:read")
ALL = (*BOTH, "alerts:write", "reports:write")


class Pulling:
    """One API client: ``pulling.get("/api/v1/alerts/?level=red")``."""

    def __init__(self, client: ApiClient, key: str):
        self.client = client
        self.key = key

    def get(self, url: str, **headers):
        return Client().get(url, headers={"Authorization": f"Api-Key {self.key}", **headers})

    def post(self, url: str, body: object, *, once: str | None = None, **headers):
        """``body``: an object, or bytes as they are. ``once``: the Idempotency-Key, a new one without it."""
        return Client().post(
            url,
            body if isinstance(body, bytes) else json.dumps(body),
            content_type=headers.pop("content_type", "application/json"),
            headers={
                "Authorization": f"Api-Key {self.key}",
                "Idempotency-Key": uuid.uuid4().hex if once is None else once,
                **headers,
            },
        )

    def move(self, alert, move: str, **given):
        return self.post(f"/api/v1/alerts/{alert.pk}/moves/", {"move": move, **given})


@pytest.fixture
def pull(cast):
    """``pull(TOWNSHIP)`` is a client whose key is bound to that area."""

    def _pull(area: str = COUNTY, scopes: tuple[str, ...] = BOTH) -> Pulling:
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        issued = create_client(
            name="省平台", area=Area.objects.get(pk=area), scopes=scopes, last_day=tomorrow, by=cast.admin
        )
        return Pulling(issued.client, issued.key)

    return _pull


@pytest.fixture
def count_queries(db):
    """``count_queries(function)`` is (what it returned, how many statements it sent)."""

    def _count(function):
        with CaptureQueriesContext(connection) as captured:
            result = function()
        return result, len(captured)

    return _count


AREAS = {"county": COUNTY, "township": TOWNSHIP, "village": VILLAGES[0], "elsewhere": ELSEWHERE}
