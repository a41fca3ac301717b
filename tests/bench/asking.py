"""Who asks for pages in the measurements, how long an answer takes, and what fills the tables.

Times are those of the whole request in this process, without a network: middleware, queries, template.
"""

import datetime as dt
import statistics
import time
from pathlib import Path

from django.db import connection
from django.test import Client

from households.models import Posting, Role, User

TIMES = 20
PEOPLE = {
    "county": (Role.COUNTY_ADMIN, "420527"),
    "township": (Role.TOWNSHIP_STAFF, "420527103"),
    "village": (Role.VILLAGE_SPECIALIST, "420527103204"),
    "two villages": (Role.VILLAGE_SPECIALIST, "420527103204", "420527103206"),
}


def person(name: str, role: Role, *areas: str) -> User:
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, name, None)
        for area in areas:
            Posting.objects.create(user=user, role=role, area_id=area, valid_from=dt.date(2020, 1, 1))
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="monitoring.roles.PostingBackend")
    return client


def timed(client: Client, url: str) -> list[float]:
    """Milliseconds, in order."""
    client.get(url)
    times = []
    for _i in range(TIMES):
        start = time.perf_counter()
        status = client.get(url).status_code
        times.append((time.perf_counter() - start) * 1000)
        assert status == 200, (url, status)
    return sorted(times)


def cells(times: list[float]) -> tuple[str, str]:
    return f"{statistics.median(times):.0f}", f"{times[-2]:.0f}"


def fill(path: Path) -> None:
    """psql's own commands in the file are for whoever runs it by hand."""
    statements = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("\\")]
    script, vacuum = [], []
    for statement in "\n".join(statements).split(";\n"):
        (vacuum if statement.lstrip().startswith("VACUUM") else script).append(statement)
    with connection.cursor() as cursor:
        for statement in script:
            if statement.strip():
                cursor.execute(statement)
        for statement in vacuum:
            cursor.execute(statement)
