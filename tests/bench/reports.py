"""Ten thousand reports from one address in a minute, an honest one among them, and staff who work meanwhile.

Served as ``make demo`` serves: two gunicorn processes for the villagers' page beside two for the staff's.
"""

import datetime as dt
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count
from django.test import Client

from alerts.models import Report
from households.models import Area, Level, Posting, Role, User
from tests.bench import county
from tests.bench.flood import send
from tests.bench.report import Table

HOUSEHOLDS, REPORTS, SECONDS, THREADS = 27_000, 10_000, 60, 16
HOST, PUBLIC_HOST = "testserver", "report.testserver"
PAGES = ("/", "/households/", "/alerts/", "/reports/")
# Staff look at some ten pages a second, all together.
PAUSE, QUIET = 0.05, 10.0
HONEST = urlencode({"name": "望山", "phone": "13800000000", "risk": "housing", "words": "房子漏雨，墙裂了"})


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = [HOST]
    county.fill(HOUSEHOLDS)
    cookie = _signed_in()
    villages = list(Area.objects.filter(level=Level.VILLAGE).values_list("code", flat=True))
    with _server() as port, _server() as public_port:
        # Both processes have read their templates.
        _browse(port, cookie, _for(QUIET))
        quiet = _browse(port, cookie, _for(QUIET))
        flood = _start_flood(public_port, villages)
        began = time.perf_counter()
        busy = _browse(port, cookie, _for(SECONDS / 2))
        status, seconds = send(public_port, PUBLIC_HOST, villages[0], HONEST)
        busy += _browse(port, cookie, lambda: flood.poll() is None)
        took = time.perf_counter() - began
        if flood.wait() or status != http.client.OK:
            raise SystemExit(f"a report of the flood was not answered, or the honest one was not ({status})")
    yield _table(quiet, busy, seconds, took)
    yield _stored()


def _signed_in() -> str:
    by = User.objects.create_user("bench", "bench", None)
    Posting.objects.create(user=by, role=Role.COUNTY_ADMIN, area_id="420527", valid_from=dt.date(2020, 1, 1))
    client = Client()
    client.force_login(by, backend="monitoring.roles.PostingBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def _server() -> Iterator[int]:
    """The port of a gunicorn as the demo starts it."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        environment = os.environ | {"VAR_DIR": folder, "ALLOWED_HOSTS": HOST, "PUBLIC_HOST": PUBLIC_HOST}
        free.close()
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], env=environment, check=True
        )
        words = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--preload", "--no-control-socket"]
        server = subprocess.Popen([sys.executable, "-m", "gunicorn", "monitoring.wsgi", *words], env=environment)
        try:
            deadline = time.perf_counter() + 30
            while not _answers(port) and time.perf_counter() < deadline:
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            server.wait()


def _answers(port: int) -> bool:
    try:
        return _get(port, "/healthz", "") == http.client.OK
    except OSError:
        return False


def _get(port: int, path: str, cookie: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers={"Host": HOST, "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


def _browse(port: int, cookie: str, goes_on: Callable[[], bool]) -> list[float]:
    """Seconds of inner pages, one after the other."""
    times = []
    while goes_on():
        for page in PAGES:
            started = time.perf_counter()
            status = _get(port, page, cookie)
            times.append(time.perf_counter() - started)
            if status != http.client.OK:
                raise SystemExit(f"{page} answered {status}")
            time.sleep(PAUSE)
    return times


def _for(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() < end


def _start_flood(port: int, villages: list[str]) -> subprocess.Popen:
    words = [str(port), PUBLIC_HOST, str(REPORTS), str(SECONDS), str(THREADS), *villages]
    return subprocess.Popen([sys.executable, "-m", "tests.bench.flood", *words])


def _table(quiet: list[float], busy: list[float], honest: float, took: float) -> Table:
    table = Table(
        f"{REPORTS:,} reports from one address in {took:.0f} s, {THREADS} at a time (ms)",
        "",
        "median",
        "p95",
        "worst",
    )
    for what, times in (("inner pages before", quiet), ("inner pages meanwhile", busy)):
        times = sorted(time * 1000 for time in times)
        p95 = times[int(len(times) * 0.95)]
        table.add(f"{what} ({len(times)})", f"{statistics.median(times):.0f}", f"{p95:.0f}", f"{times[-1]:.0f}")
    table.add("the honest report among them", f"{honest * 1000:.0f}", "", "")
    return table


def _stored() -> Table:
    stored = Report.objects.count()
    if stored != REPORTS + 1:
        raise SystemExit(f"{REPORTS + 1 - stored} reports are lost")
    table = Table("What became of them", "", "reports")
    for state, doubt, count in (
        Report.objects.values_list("state", "doubt").annotate(count=Count("id")).order_by("-count")
    ):
        table.add(f"{state} {doubt}".strip(), f"{count:,}")
    return table
