"""Measures the alert list and the feeds on a database filled by million_alerts.sql (docs/performance.md).

    createdb big && DATABASE_URL=…/big python manage.py migrate
    psql big -f tests/alerts/million_alerts.sql
    DATABASE_URL=…/big DEBUG=0 SECURE_TLS=0 ALLOWED_HOSTS=testserver python -m tests.alerts.measure_lists

Times are those of the whole request in this process, without a network: middleware, queries, template.
"""

import datetime as dt
import os
import statistics
import sys
import time

import django
from django.conf import settings
from django.test import Client
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()

from alerts.models import Alert  # noqa: E402
from households.models import Area, Posting, Role, User  # noqa: E402
from monitoring.feeds.services import create_client  # noqa: E402

TIMES = 20
PEOPLE = {
    "county": (Role.COUNTY_ADMIN, "420527"),
    "township": (Role.TOWNSHIP_STAFF, "420527103"),
    "village": (Role.VILLAGE_SPECIALIST, "420527103204"),
    "two villages": (Role.VILLAGE_SPECIALIST, "420527103204", "420527103206"),
}
FILTERS = """
open=any|open=true|open=false|open=true&level=red|open=true&level=blue|level=blue|kind=MED02|kind=INC01&level=blue
department=medical|department=education|risk=insurance|risk=water|status=raised|status=verified|status=reviewed
open=true&status=verified|open=true&status=reviewed|status=withdrawn&level=blue|month=2021-02|month=2023-06
month=2025-12|month=2030-01|month=2021-02&level=blue&kind=MED02|month=2023-06&open=true&level=red|first_month=2025-12
first_month=2021-01|first_month=2021-01&open=true|last_month=2021-03|last_month=2025-12|found_again=2025-12
found_again=2021-04|not_found=2025-12|not_found=2030-01|household=12345|open=true&kind=MED02&level=blue
open=true&department=medical|risk=illness&status=dispatched&level=red&open=true|month=2022-01&open=true
""".replace("\n", "|")


def _person(name: str, role: Role, *areas: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, name, None)
        for area in areas:
            Posting.objects.create(user=user, role=role, area_id=area, valid_from=dt.date(2020, 1, 1))
    return user


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="monitoring.roles.PostingBackend")
    return client


def _program(area: str, by: User) -> Client:
    issued = create_client(
        name="measure",
        area=Area.objects.get(pk=area),
        scopes=["alerts:read", "events:read"],
        last_day=timezone.localdate(),
        by=by,
    )
    return Client(headers={"Authorization": f"Api-Key {issued.key}"})


def _times(client: Client, url: str) -> list[float]:
    """Milliseconds, in order."""
    client.get(url)
    times = []
    for _i in range(TIMES):
        start = time.perf_counter()
        status = client.get(url).status_code
        times.append((time.perf_counter() - start) * 1000)
        assert status == 200, (url, status)
    return sorted(times)


def _say(who: str, what: str, times: list[float]) -> None:
    middle = statistics.median(times)
    sys.stdout.write(f"{who:13} {what:55} min {times[0]:6.1f}  median {middle:6.1f}  p95 {times[-2]:6.1f}\n")


def main() -> None:
    people = {who: _person(f"measure {who}", *posting) for who, posting in PEOPLE.items()}
    top = Alert.objects.latest("id").pk
    depths = {"page 1": "open=any", "page 10,000": f"open=any&before={top - 500_000}", "to do": "open=true"}
    for who, user in people.items():
        client = _browser(user)
        for what, query in depths.items():
            _say(who, what, _times(client, f"/alerts/?{query}"))
        everything = {query: _times(client, f"/alerts/?{query}") for query in FILTERS.split("|") if query}
        middle = sorted(statistics.median(times) for times in everything.values())
        _say(who, f"{len(everything)} filters, medians of each", middle)
        slowest = max(everything, key=lambda query: statistics.median(everything[query]))
        _say(who, f"slowest: {slowest}", everything[slowest])
    for area in ("420527", "420527103", "420527103204"):
        client = _program(area, people["county"])
        for depth in (top, top // 2, top // 50):
            _say(area, f"feed, 500 before {depth}", _times(client, f"/api/v1/alerts/?limit=500&before={depth}"))
        for depth in (0, top // 2):
            _say(area, f"events, 500 after {depth}", _times(client, f"/api/v1/events/?limit=500&after={depth}"))


if __name__ == "__main__":
    sys.exit(main())
