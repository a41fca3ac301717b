"""When a household is to be visited next: by the interval of its level, counted from its last visit.

A household may have several reasons at once: it is monitored, an alert is open. The one that falls due first
counts, so that one more reason never makes a visit later. Whose risk is not known to be eliminated is visited like
the monitored; the rule SUG08 speaks up when twice their interval has passed (``monitoring/rules/care.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from households.models import Household, Threshold
from households.policy.thresholds import thresholds_on

# A visit that falls due within these days is said to be due; before, there is time.
SOON_DAYS = 7


class DueLevel(TextChoices):
    """Why a household is visited regularly."""

    MONITORED = "monitored", _("Monitored")
    RED = "red", _("Red alert")
    YELLOW = "yellow", _("Yellow alert")
    BLUE = "blue", _("Blue alert")
    ELIMINATED = "eliminated", _("Risk eliminated")


class DueState(TextChoices):
    OVERDUE = "overdue", _("Overdue")
    DUE = "due", _("Due")
    LATER = "later", _("Later")
    NONE = "none", _("No interval applies")


INTERVALS = {
    DueLevel.MONITORED: "visit_interval",
    DueLevel.RED: "visit_interval_red",
    DueLevel.YELLOW: "visit_interval_yellow",
    DueLevel.BLUE: "visit_interval_blue",
    DueLevel.ELIMINATED: "visit_interval_eliminated",
}


@dataclass(frozen=True)
class Due:
    """``interval`` in days. Without any reason ``level`` is "", ``interval`` and ``due_on`` are None."""

    level: str
    interval: int | None
    last: date | None
    due_on: date | None
    state: str


# The newest fact as the judgment reads it (``monitoring.judgment.counting``): what was first known also stands for
# the time before. Where nothing says since when, the household is due today.
REASONS = """
    SELECT asked.id, visit.last, reason.level, reason.days, reason.due_on
    FROM ({asked}) AS asked
    LEFT JOIN LATERAL (
        SELECT fact.category <> '' AND coalesce(fact.monitored_since <= %(today)s, true) AS monitored,
               coalesce(fact.risk_eliminated AND coalesce(fact.eliminated_on <= %(today)s, true), false)
                   AS eliminated,
               fact.monitored_since, fact.eliminated_on
        FROM households_householdfact AS fact
        WHERE fact.household_id = asked.id AND fact.replaced_in_id IS NULL
        ORDER BY (fact.as_of <= %(today)s) DESC, CASE WHEN fact.as_of <= %(today)s THEN fact.as_of END DESC,
                 fact.as_of, fact.id DESC
        LIMIT 1
    ) AS fact ON true
    LEFT JOIN LATERAL (
        SELECT max(visited_on) AS last FROM households_visit
        WHERE household_id = asked.id AND replaced_in_id IS NULL AND visited_on <= %(today)s
    ) AS visit ON true
    LEFT JOIN LATERAL (
        SELECT min(raised_at) FILTER (WHERE level = 'red') AS red,
               min(raised_at) FILTER (WHERE level = 'yellow') AS yellow,
               min(raised_at) FILTER (WHERE level = 'blue') AS blue
        FROM alerts_alert WHERE household_id = asked.id AND closed_at IS NULL
    ) AS alert ON true
    LEFT JOIN LATERAL (
        SELECT each.level, each.days,
               coalesce(visit.last, each.since, %(today)s::date - each.days) + each.days AS due_on
        FROM (VALUES
            ('monitored', fact.monitored AND NOT fact.eliminated, fact.monitored_since, %(monitored)s::int),
            ('red', alert.red IS NOT NULL, (alert.red AT TIME ZONE %(zone)s)::date, %(red)s::int),
            ('yellow', alert.yellow IS NOT NULL, (alert.yellow AT TIME ZONE %(zone)s)::date, %(yellow)s::int),
            ('blue', alert.blue IS NOT NULL, (alert.blue AT TIME ZONE %(zone)s)::date, %(blue)s::int),
            ('eliminated', fact.monitored AND fact.eliminated, coalesce(fact.eliminated_on, fact.monitored_since),
             %(eliminated)s::int)
        ) AS each (level, applies, since, days)
        WHERE each.applies AND each.days IS NOT NULL
        ORDER BY due_on, each.days
        LIMIT 1
    ) AS reason ON true
"""


def due_of(
    households: QuerySet[Household] | Iterable[int],
    today: date,
    in_force: Mapping[str, Threshold] | None = None,
) -> dict[int, Due]:
    """Id → when it is due, for each household asked for, in one statement. Who is gone is not visited.

    An interval without a value in force applies to nobody: nothing is guessed. ``in_force``: the thresholds of
    today, where they are read already.
    """
    sql, parameters = _asked(households)
    with connection.cursor() as cursor:
        cursor.execute(REASONS.format(asked=sql), parameters | reason_parameters(today, in_force))
        return {row[0]: due_from(row, today) for row in cursor.fetchall()}


def reason_parameters(today: date, in_force: Mapping[str, Threshold] | None = None) -> dict[str, Any]:
    """What ``REASONS`` asks for beside whom: the day, and the interval of each level in days or None."""
    if in_force is None:
        in_force = thresholds_on(today, settings.COUNTY_CODE)
    found = {str(level): in_force.get(code) for level, code in INTERVALS.items()}
    days = {level: int(row.value) if row else None for level, row in found.items()}
    return {"today": today, "zone": settings.TIME_ZONE, **days}


def due_from(row: Sequence[Any], today: date) -> Due:
    """``row``: id, last visit, level, days, due day."""
    _pk, last, level, days, due_on = row
    return Due(level or "", days, last, due_on, state_on(due_on, today))


def state_on(due_on: date | None, today: date) -> DueState:
    if due_on is None:
        return DueState.NONE
    if due_on < today:
        return DueState.OVERDUE
    return DueState.DUE if (due_on - today).days <= SOON_DAYS else DueState.LATER


def _asked(households: QuerySet[Household] | Iterable[int]) -> tuple[str, dict[str, Any]]:
    """The households as a statement of one column ``id``."""
    rows = households if isinstance(households, QuerySet) else list(households)
    ids = list(rows.values_list("pk", flat=True)) if isinstance(rows, QuerySet) else rows
    sql = "SELECT id FROM households_household WHERE id = ANY(%(ids)s) AND gone_on IS NULL"
    return sql, {"ids": ids}
