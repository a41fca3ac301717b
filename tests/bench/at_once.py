"""New evidence → judged → in the feed, with an idle worker: a desk entry in a county of 27,000 households."""

import datetime as dt
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from households.evidence.announcing import announce
from households.evidence.services import open_batch
from households.models import Area, BatchKind, EvidenceBatch, MedicalBill, Membership, Posting, Role, User
from monitoring.feeds.services import create_client
from tests.bench import county
from tests.bench.report import Table

HOUSEHOLDS, WRITES, PATIENCE = 27_000, 100, 20.0


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = ["testserver"]
    county.fill(HOUSEHOLDS)
    EvidenceBatch.objects.update(judged_at=timezone.now())
    feed = _feed()
    members = iter(Membership.objects.filter(household_id__lt=100_000).order_by("household_id")[3::12])
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "monitoring", "worker", "-c", "1", "-l", "WARNING"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _warming in range(5):
            _write_and_wait(next(members), feed)
        times = sorted(_write_and_wait(next(members), feed) for _write in range(WRITES))
    finally:
        worker.terminate()
        worker.wait()
    table = Table(
        f"A desk entry judged at once, {HOUSEHOLDS:,} households, {WRITES} entries (ms)", "", "median", "p95"
    )
    table.add("written → in the alert feed", f"{statistics.median(times) * 1000:.0f}", f"{times[-5] * 1000:.0f}")
    yield table


def _feed() -> Client:
    by = User.objects.create_user("bench", "bench", None)
    Posting.objects.create(user=by, role=Role.COUNTY_ADMIN, area_id="420527", valid_from=dt.date(2020, 1, 1))
    issued = create_client(
        name="bench",
        area=Area.objects.get(pk="420527"),
        scopes=["alerts:read"],
        last_day=timezone.localdate() + dt.timedelta(days=1),
        by=by,
    )
    return Client(headers={"Authorization": f"Api-Key {issued.key}"})


def _write_and_wait(member: Membership, feed: Client) -> float:
    """Seconds from before the write until the alert stands in the feed."""
    started = time.perf_counter()
    with transaction.atomic():
        batch = open_batch(kind=BatchKind.DESK, by=None)
        MedicalBill.objects.create(
            person_id=member.person_id,
            settled_on=timezone.localdate(),
            visit_kind="inpatient",
            self_pay=30_000,
            batch=batch,
        )
        announce(batch)
    while time.perf_counter() - started < PATIENCE:
        answer = feed.get(f"/api/v1/alerts/?household={member.household_id}&limit=5").json()
        if answer["results"]:
            return time.perf_counter() - started
        time.sleep(0.01)
    raise SystemExit("no alert: is the worker running?")
