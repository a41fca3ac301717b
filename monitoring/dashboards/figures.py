"""The six numbers of a month, each with the link to exactly its list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert
from households.models import User


@dataclass(frozen=True)
class Counted:
    """How a figure counts, and which list shows what it counts. ``"month"`` in ``query`` is the month itself."""

    name: str
    label: Promise
    hint: Promise
    condition: Callable[[date], Q]
    query: dict[str, str]
    tone: str = ""
    # What of it is not counted: two counts by equality take a fifth of one by range at a million alerts.
    less: Callable[[date], Q] | None = None


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the list of what it counts."""

    name: str
    label: Promise
    hint: Promise
    value: int
    url: str
    tone: str = ""


MONTH_FIGURES = (
    Counted(
        "raised",
        _("New this month"),
        _("First found in this month"),
        lambda month: Q(first_month=month),
        {"first_month": "month"},
    ),
    Counted(
        "red",
        _("New and red"),
        _("First found in this month, red now"),
        lambda month: Q(first_month=month, level="red"),
        {"first_month": "month", "level": "red"},
        "red",
    ),
    Counted(
        "again",
        _("Found again"),
        _("From earlier months, found in this one too"),
        lambda month: Q(last_month=month),
        {"found_again": "month"},
        less=lambda month: Q(last_month=month, first_month=month),
    ),
    Counted(
        "not_found",
        _("Not found any more"),
        _("Whether it is over is for people to decide"),
        lambda month: Q(not_found_month=month),
        {"not_found": "month"},
    ),
    Counted(
        "open",
        _("Open in all"),
        _("Of all months"),
        lambda month: Q(closed_at__isnull=True),
        {"open": "true"},
    ),
    Counted(
        "open_red",
        _("Open and red"),
        _("Of all months, red now"),
        lambda month: Q(closed_at__isnull=True, level="red"),
        {"open": "true", "level": "red"},
        "red",
    ),
)


def month_figures(*, user: User, month: date) -> list[Figure]:
    """What the month brought in the user's area. Counts over indexes of their own."""
    visible = Alert.objects.visible_to(user)
    return [
        Figure(
            name=counted.name,
            label=counted.label,
            hint=counted.hint,
            value=_count(visible, counted, month),
            url=f"{reverse('alerts:list')}?{_query_string(counted.query, month)}",
            tone=counted.tone,
        )
        for counted in MONTH_FIGURES
    ]


def _count(visible: QuerySet, counted: Counted, month: date) -> int:
    count = visible.filter(counted.condition(month)).count()
    return count - visible.filter(counted.less(month)).count() if counted.less else count


def _query_string(query: dict[str, str], month: date) -> str:
    return urlencode({key: f"{month:%Y-%m}" if value == "month" else value for key, value in query.items()})
