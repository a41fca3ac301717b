"""A tablet in a county of 300 households a village: pulled, two hundred visits stored, and found in the feed."""

import datetime as dt
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.test import Client
from django.utils import timezone

from households.models import Area, EvidenceBatch, Household, Level, Posting, Role, User, Visit
from monitoring.feeds.services import create_client
from monitoring.judgment.running import open_run, work_run
from tests.bench import county
from tests.bench.report import Table

HOUSEHOLDS, VISITS, A_REQUEST, AT_ONCE, ROUNDS = 53_700, 200, 50, 40, 5
PATIENCE = 60.0


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = ["testserver"]
    county.fill(HOUSEHOLDS)
    work_run(open_run(month=county.JUNE).pk)
    EvidenceBatch.objects.update(judged_at=timezone.now())
    village = Area.objects.filter(level=Level.VILLAGE).order_by("code")[3]
    tablet = _signed_in(village)
    households = list(Household.objects.filter(village=village.pk).order_by("pk").values_list("pk", flat=True))
    yield _pulled(tablet, village.pk, len(households))
    yield _stored(tablet, households)
    yield _found(tablet, households)


def _signed_in(village: Area) -> Client:
    user = User.objects.create_user("bench", "bench", None)
    Posting.objects.create(user=user, role=Role.VILLAGE_SPECIALIST, area=village, valid_from=dt.date(2020, 1, 1))
    client = Client()
    client.force_login(user, backend="monitoring.roles.PostingBackend")
    return client


def _pulled(tablet: Client, village: str, households: int) -> Table:
    times, size = [], 0
    for _round in range(ROUNDS):
        started = time.perf_counter()
        answer = tablet.get(f"/tablet/api/villages/{village}/")
        times.append(time.perf_counter() - started)
        size = len(answer.content)
        if len(answer.json()["households"]) != households:
            raise SystemExit("the pull does not hold every household of the village")
    table = Table(f"A village of {households} households pulled", "", "median", "worst", "kB")
    table.add("at the server", _ms(statistics.median(times)), _ms(max(times)), f"{size / 1000:.0f}")
    return table


def _visit(household: int, **fields) -> dict[str, object]:
    now = timezone.localtime()
    return {
        "uid": str(uuid.uuid4()),
        "form": 1,
        "household": household,
        "method": "home",
        "on": f"{now:%Y-%m-%d}",
        "began_at": now.isoformat(),
        "ended_at": now.isoformat(),
        "unchanged": not fields,
        **fields,
    }


def _send(tablet: Client, visits: list[dict]) -> None:
    body = {"tablet": str(uuid.uuid4()), "sent_at": timezone.now().isoformat(), "visits": visits}
    answer = tablet.post("/tablet/api/visits/", body, content_type="application/json")
    if {row["outcome"] for row in answer.json()["answers"]} != {"stored"}:
        raise SystemExit("a visit of the bench was not stored")


def _stored(tablet: Client, households: list[int]) -> Table:
    """Nothing changed in three of four; the others say something of house, income and risk."""
    said = {
        "house": [{"house_grade": "C", "seen": {"house_grade": None}}],
        "income": [{"month": "2022-07", "kind": "wage", "item": "务工", "amount": "2800.00", "seen": None}],
        "risks": ["housing"],
        "words": "后墙开裂，雨天渗水",
    }
    times = []
    for _round in range(ROUNDS):
        visits = [_visit(households[n % len(households)], **(said if n % 4 == 0 else {})) for n in range(VISITS)]
        started = time.perf_counter()
        for first in range(0, VISITS, A_REQUEST):
            _send(tablet, visits[first : first + A_REQUEST])
        times.append(time.perf_counter() - started)
    if Visit.objects.filter(form=1).count() != VISITS * ROUNDS:
        raise SystemExit("not each visit is there once")
    table = Table(f"{VISITS} queued visits stored, {A_REQUEST} a request", "", "median", "worst")
    table.add("seconds", f"{statistics.median(times):.2f}", f"{max(times):.2f}")
    return table


def _found(tablet: Client, households: list[int]) -> Table:
    """A visit that found a risk → its alert in the feed, with an idle worker."""
    feed = _feed()
    # The worker is to be idle: what the rounds before brought is not what is timed here.
    EvidenceBatch.objects.update(judged_at=timezone.now())
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "monitoring", "worker", "-c", "1", "-l", "WARNING"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        times = [_visit_and_wait(tablet, feed, household) for household in households[: AT_ONCE + 5]][5:]
    finally:
        worker.terminate()
        worker.wait()
    times.sort()
    table = Table(f"A visit that found something, {AT_ONCE} of them (ms)", "", "median", "p95")
    table.add("sent → in the alert feed", _ms(statistics.median(times)), _ms(times[-AT_ONCE // 20]))
    return table


def _feed() -> Client:
    by = User.objects.create_user("feed", "feed", None)
    Posting.objects.create(user=by, role=Role.COUNTY_ADMIN, area_id="420527", valid_from=dt.date(2020, 1, 1))
    last_day = timezone.localdate() + dt.timedelta(days=1)
    area = Area.objects.get(pk="420527")
    issued = create_client(name="bench", area=area, scopes=["alerts:read"], last_day=last_day, by=by)
    return Client(headers={"Authorization": f"Api-Key {issued.key}"})


def _visit_and_wait(tablet: Client, feed: Client, household: int) -> float:
    started = time.perf_counter()
    _send(tablet, [_visit(household, risks=["accident"], words="摔伤")])
    while time.perf_counter() - started < PATIENCE:
        rows = feed.get(f"/api/v1/alerts/?household={household}&kind=VISIT.accident&limit=5").json()["results"]
        if rows:
            return time.perf_counter() - started
        time.sleep(0.01)
    raise SystemExit("no alert: is the worker running?")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
