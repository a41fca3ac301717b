"""The alert list, the worklists and the feeds at a million alerts, as county, township and village user."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from alerts.models import Alert
from alerts.travel.worklist import Position
from households.models import Area, User
from monitoring.feeds.services import create_client
from tests.bench.asking import PEOPLE, browser, cells, fill, person, timed
from tests.bench.report import Table

FILL = Path(__file__).parent / "million_alerts.sql"
# Of the million ten thousand stay open.
FEW_OPEN = Path(__file__).parent / "ten_thousand_open.sql"
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


def _program(area: str, by: User) -> Client:
    issued = create_client(
        name="measure",
        area=Area.objects.get(pk=area),
        scopes=["alerts:read", "events:read"],
        last_day=timezone.localdate(),
        by=by,
    )
    return Client(headers={"Authorization": f"Api-Key {issued.key}"})


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = ["testserver"]
    fill(FILL)
    people = {who: person(f"measure {who}", *posting) for who, posting in PEOPLE.items()}
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
        client = browser(user)
        for what, query in depths.items():
            table.add(who, what, *cells(timed(client, f"/alerts/?{query}")))
        everything = {query: timed(client, f"/alerts/?{query}") for query in FILTERS.split("|") if query}
        middle = sorted(statistics.median(times) for times in everything.values())
        table.add(who, f"{len(everything)} filters, medians of each", *cells(middle))
        slowest = max(everything, key=lambda query: statistics.median(everything[query]))
        table.add(who, f"slowest filter `{slowest}`", *cells(everything[slowest]))
    return table


def _work(people: dict[str, User], how_many: str) -> Table:
    table = Table(f"Worklists at 1,000,000 alerts, {how_many} (ms)", "", "", "median", "p95")
    for who, user in people.items():
        client = browser(user)
        for tab in ("mine", "today", "overdue", "others"):
            table.add(who, tab, *cells(timed(client, f"/work/?tab={tab}")))
        middle = str(Position(timezone.localdate(), 1, 1))
        table.add(who, "mine, in the middle", *cells(timed(client, f"/work/?after={middle}")))
        table.add(who, "mine, a filter", *cells(timed(client, "/work/?kind=MED02&level=red")))
    return table


def _feeds(by: User, top: int) -> Table:
    table = Table("Feed pages of 500 at 1,000,000 alerts (ms)", "", "", "median", "p95")
    for area in ("420527", "420527103", "420527103204"):
        client = _program(area, by)
        for depth in (top, top // 2, top // 50):
            times = timed(client, f"/api/v1/alerts/?limit=500&before={depth}")
            table.add(area, f"alerts before {depth:,}", *cells(times))
        for depth in (0, top // 2):
            times = timed(client, f"/api/v1/events/?limit=500&after={depth}")
            table.add(area, f"events after {depth:,}", *cells(times))
    return table
