"""The six numbers of a month, each with the link to exactly its list."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert
from households.models import User


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the list of what it counts."""

    name: str
    label: object
    value: int
    url: str
    tone: str = ""


# name: (label, condition on the month, query of the alert list, tone)
MONTH_FIGURES = (
    ("raised", _("New this month"), lambda month: Q(first_month=month), {"first_month": "month"}, ""),
    (
        "red",
        _("New and red"),
        lambda month: Q(first_month=month, level="red"),
        {"first_month": "month", "level": "red"},
        "red",
    ),
    (
        "again",
        _("Found again"),
        lambda month: Q(last_month=month) & Q(first_month__lt=F("last_month")),
        {"found_again": "month"},
        "",
    ),
    (
        "not_found",
        _("Not found any more"),
        lambda month: Q(not_found_month=month),
        {"not_found": "month"},
        "",
    ),
    ("open", _("Open in all"), lambda month: Q(closed_at__isnull=True), {"open": "true"}, ""),
    (
        "open_red",
        _("Open and red"),
        lambda month: Q(closed_at__isnull=True, level="red"),
        {"open": "true", "level": "red"},
        "red",
    ),
)


def month_figures(*, user: User, month: date) -> list[Figure]:
    """What the month brought in the user's area. One count a figure, each over an index of its own."""
    visible = Alert.objects.visible_to(user)
    return [
        Figure(
            name,
            label,
            visible.filter(condition(month)).count(),
            f"{reverse('alerts:list')}?{_query_string(query, month)}",
            tone,
        )
        for name, label, condition, query, tone in MONTH_FIGURES
    ]


def _query_string(query: dict[str, str], month: date) -> str:
    return urlencode({key: f"{month:%Y-%m}" if value == "month" else value for key, value in query.items()})
