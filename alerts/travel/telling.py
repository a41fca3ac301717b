"""Who is told of a move: one notice a person and move, however many alerts it was about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from alerts.kinds import AlertLevel
from alerts.notices.services import Told, notify_each
from alerts.transitions import COUNTY, TOWNSHIP, VILLAGE
from alerts.travel.changes import Change
from alerts.travel.mover import Moving

# Move → kind of notice. What is not here shows in the worklist only: nobody is told that a list grew by one.
NOTICES = {
    "dispatch": "dispatched",
    "refuse": "refused",
    "transfer": "transferred",
    "send_back": "sent_back",
    "return": "returned",
    "close": "closed",
    "close_together": "closed",
    "reopen": "reopened",
}


@dataclass(frozen=True)
class Item:
    """What a notice counts: ``count`` alerts of one level in one place, the first of them due on ``due_on``."""

    place: str
    level: str
    due_on: date | None
    count: int = 1
    alert_id: int | None = None


def tell(*, kind: str, key: str, items: dict[int, list[Item]], today: date) -> None:
    """One notice a person, with counts of their own. ``items``: user id → what it is about."""
    told = [Told(person, _values(own, today), _is_urgent(own)) for person, own in items.items()]
    alerts = {item.alert_id for own in items.values() for item in own}
    only = next(iter(alerts)) if len(alerts) == 1 else None
    path = reverse("pages:alert", args=[only]) if only else reverse("alerts:list")
    notify_each(kind=kind, key=key, told=told, path=path)


def _values(items: list[Item], today: date) -> dict[str, int | str]:
    levels = {item.level for item in items}
    due = min((item.due_on for item in items if item.due_on), default=today)
    return {
        "count": sum(item.count for item in items),
        "level": next(level for level in AlertLevel.values if level in levels),
        "place": common_place(item.place for item in items),
        "day": due.isoformat(),
    }


def _is_urgent(items: list[Item]) -> bool:
    return any(item.level == AlertLevel.RED for item in items)


def common_place(places: Iterable[str]) -> str:
    """The smallest area around all of them: a village, else their township, else the county."""
    codes = set(places)
    for length in (12, 9):
        if len({code[:length] for code in codes}) == 1 and len(min(codes, key=len)) >= length:
            return min(codes)[:length]
    return min(codes)[:6]


def tell_people(*, changes: list[Change], moving: Moving, key: str) -> None:
    """Whoever holds the alerts now; of a closing, whoever looked into them. Never the one who moved them."""
    kind = NOTICES.get(moving.move.code)
    if kind is None:
        return
    items: dict[int, list[Item]] = defaultdict(list)
    for change in changes:
        for person in _recipients(change, moving):
            items[person].append(_item(change))
    tell(kind=kind, key=key, items=items, today=moving.today)


def _item(change: Change) -> Item:
    alert = change.alert
    place = change.village_after or alert.township or alert.county
    return Item(place, alert.level, change.columns.get("due_on"), alert_id=alert.pk)


def _recipients(change: Change, moving: Moving) -> set[int]:
    alert, columns = change.alert, change.columns
    if moving.move.code in {"close", "close_together"}:
        told = {alert.assignee_id} if alert.assignee_id else set()
    elif columns.get("assignee_id"):
        told = {columns["assignee_id"]}
    else:
        place = {VILLAGE: change.village_after, TOWNSHIP: alert.township, COUNTY: alert.county}
        told = set(moving.people.posted(place[columns.get("holder", alert.holder)]))
    return told - {moving.by.user.pk if moving.by.user else None}
