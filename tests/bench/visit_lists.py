"""Visits, what is due, change requests, uploads and campaigns, at a million visits."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from households.models import Campaign, Role, User
from tests.bench.asking import PEOPLE, browser, cells, fill, person, timed
from tests.bench.report import Table

FILL = Path(__file__).parent / "million_visits.sql"
TOWNSHIP, VILLAGE = "420527103", "420527103204"
FILTERS = (
    "found=risk|found=unchanged|method=video|source=desk|doubt=late|doubt=clock|since={month}|since={old}&until={old}"
    "|since={month}&found=risk&method=phone"
)


def measure() -> Iterator[Table]:
    settings.ALLOWED_HOSTS = ["testserver"]
    people = {who: person(f"measure {who}", *posting) for who, posting in PEOPLE.items()}
    fill(FILL)
    yield _visits(people)
    yield _others(people)


def _visits(people: dict[str, User]) -> Table:
    today = timezone.localdate()
    days = {"month": today - dt.timedelta(days=30), "old": today - dt.timedelta(days=500)}
    table = Table("Visits at 1,000,000 of them, 250,000 households (ms)", "", "", "median", "p95")
    for who, user in people.items():
        client = browser(user)
        table.add(who, "page 1", *cells(timed(client, "/visits/")))
        table.add(who, "page 10,000", *cells(timed(client, f"/visits/?before={days['old']}.500000")))
        everything = {query: timed(client, f"/visits/?{query}") for query in FILTERS.format(**days).split("|")}
        slowest = max(everything, key=lambda query: everything[query][-2])
        table.add(who, f"slowest of {len(everything)} filters `{slowest}`", *cells(everything[slowest]))
        table.add(who, "calendar", *cells(timed(client, "/visits/calendar/")))
    return table


def _others(people: dict[str, User]) -> Table:
    campaign = f"/campaigns/{Campaign.objects.get().pk}/"
    table = Table("Due households, change requests, uploads, campaigns (ms)", "", "", "median", "p95")
    for who, user in people.items():
        client = browser(user)
        for what, url in _pages(client, user, campaign):
            table.add(who, what, *cells(timed(client, url)))
    return table


def _pages(client: Client, user: User, campaign: str) -> Iterator[tuple[str, str]]:
    level = user.scope.level if user.scope else ""
    yield "due, a village", f"/visits/due/?village={VILLAGE}"
    if level != "village":
        yield "due, a township", f"/visits/due/?township={TOWNSHIP}"
    yield "change requests", "/visits/requests/"
    yield "change requests accepted", "/visits/requests/?state=accepted"
    if user.role != Role.VILLAGE_SPECIALIST:
        yield "uploads kept for review", "/uploads/"
    yield "campaign, households left", f"{campaign}?done=no&village={VILLAGE}"
    if level != "village":
        yield "campaign, households left of a township", f"{campaign}?done=no&township={TOWNSHIP}"
        yield "campaign, its figures", f"{campaign}figures/"
