"""The alert list, the worklists and the feeds at a million alerts, as county, township and village user.

Times are those of the whole request in this process, without a network: middleware, queries, template.
"""

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.worklist import Position
from households.models import Area, Posting, Role, User
from monitoring.feeds.services import create_client
from tests.bench.report import Table

FILL = Path(__file__).parent / "million_alerts.sql"
# Of the million ten thousand stay open.
FEW_OPEN = Path(__file__).parent / "ten_thousand_open.sql"
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
open=true&department=medical|risk=illness&status=dispatched&level=red&open=true|month=2022-01&open=true|holder=village|waiting=me|waiting=others
assignee=me|due=today|due=overdue|due=soon&level=red|verdict=confirmed|verdict=unclear|reason=able|reason=not_here
reason=able&level=blue|outcome=to_identify|outcome=duplicate|channel=rule|area_event=1|raised_from=2030-01-01
raised_from=2023-01-01&raised_until=2023-06-30|dispatched_from=2022-01-01&dispatched_until=2022-06-30
verified_from=2021-03-01&verified_until=2021-03-31&verdict=confirmed|verified_from=2030-01-01
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


def _cells(times: list[float]) -> tuple[str, str]:
    return f"{statistics.median(times):.0f}", f"{times[-2]:.0f}"


def fill(path: Path = FILL) -> None:
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


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = ["testserver"]
    fill()
    people = {who: _person(f"measure {who}", *posting) for who, posting in PEOPLE.items()}
    top = Alert.objects.latest("id").pk
    yield _lists(people, top)
    yield _feeds(people["county"], top)
    yield _work(people, "about 200,000 open")
    fill(FEW_OPEN)
    yield _work(people, "10,000 open")


def _lists(people: dict[str, User], top: int) -> Table:
    table = Table("Alert list at 1,000,000 alerts, 250,000 households (ms)", "", "", "median", "p95")
    depths = {"page 1": "open=any", "page 10,000": f"open=any&before={top - 500_000}", "to do": "open=true"}
    for who, user in people.items():
        client = _browser(user)
        for what, query in depths.items():
            table.add(who, what, *_cells(_times(client, f"/alerts/?{query}")))
        everything = {query: _times(client, f"/alerts/?{query}") for query in FILTERS.split("|") if query}
        middle = sorted(statistics.median(times) for times in everything.values())
        table.add(who, f"{len(everything)} filters, medians of each", *_cells(middle))
        slowest = max(everything, key=lambda query: statistics.median(everything[query]))
        table.add(who, f"slowest filter `{slowest}`", *_cells(everything[slowest]))
    return table


def _work(people: dict[str, User], how_many: str) -> Table:
    table = Table(f"Worklists at 1,000,000 alerts, {how_many} (ms)", "", "", "median", "p95")
    for who, user in people.items():
        client = _browser(user)
        for tab in ("mine", "today", "overdue", "others"):
            table.add(who, tab, *_cells(_times(client, f"/work/?tab={tab}")))
        middle = str(Position(timezone.localdate(), 1, 1))
        table.add(who, "mine, in the middle", *_cells(_times(client, f"/work/?after={middle}")))
        table.add(who, "mine, a filter", *_cells(_times(client, "/work/?kind=MED02&level=red")))
    return table


def _feeds(by: User, top: int) -> Table:
    table = Table("Feed pages of 500 at 1,000,000 alerts (ms)", "", "", "median", "p95")
    for area in ("420527", "420527103", "420527103204"):
        client = _program(area, by)
        for depth in (top, top // 2, top // 50):
            times = _times(client, f"/api/v1/alerts/?limit=500&before={depth}")
            table.add(area, f"alerts before {depth:,}", *_cells(times))
        for depth in (0, top // 2):
            times = _times(client, f"/api/v1/events/?limit=500&after={depth}")
            table.add(area, f"events after {depth:,}", *_cells(times))
    return table
