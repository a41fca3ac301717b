"""What a month brought, area by area. In order of code: no rate, no rank, never a person."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from alerts.models import Alert
from households.areas.choices import ScopeAreas
from households.models import User

BELOW = {"county": "township", "township": "village"}


@dataclass(frozen=True)
class PlaceRow:
    name: str
    raised: int
    red: int
    url: str


def month_by_place(*, user: User, month: date) -> list[PlaceRow]:
    """The townships of a county, the villages of a township; nothing below that. Two queries."""
    scope = user.scope
    if scope is None or scope.level not in BELOW:
        return []
    column = BELOW[scope.level]
    counted = (
        Alert.objects.visible_to(user)
        .filter(first_month=month)
        .values(column)
        .annotate(raised=Count("id"), red=Count("id", filter=Q(level="red")))
    )
    counts = {row[column]: row for row in counted}
    # Somebody posted in one township is shown its villages without the township around them.
    names = {area.code: area.short_name for area in ScopeAreas(scope).areas if area.level == column}
    return [_row(column, code, name, counts.get(code, {}), month) for code, name in names.items()]


def _row(column: str, code: str, name: str, counts: dict, month: date) -> PlaceRow:
    query = urlencode({"first_month": f"{month:%Y-%m}", column: code})
    return PlaceRow(
        name=name,
        raised=counts.get("raised", 0),
        red=counts.get("red", 0),
        url=f"{reverse('alerts:list')}?{query}",
    )
