"""What two judgments of one month say differently: a run and its replay, or two revisions side by side."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from households.areas.scope import Scope
from monitoring.judgment.digest import NAME
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.models import JudgmentRun

# The whole finding is there or is not; other fields are "level", "values.<name>" and "threshold.<name>".
FINDING = "finding"

_ONE = """
    SELECT *, coalesce('#' || household_id, '@' || village) AS subject
    FROM {table} WHERE run_id = {run} {here}
"""
# Findings of one judgment beside those of the other, where they are not the same.
_PAIRS = f"""
SELECT coalesce(was.household_id, now.household_id) AS household_id, coalesce(was.rule, now.rule) AS rule,
       coalesce(was.village, now.village) AS village,
       was.level AS then_level, now.level AS now_level, was.values AS then_values, now.values AS now_values,
       was.threshold AS then_threshold, now.threshold AS now_threshold
FROM ({_ONE.format(table="{was}", run="%(was)s", here="{here}")}) AS was
FULL JOIN ({_ONE.format(table="{now}", run="%(now)s", here="{here}")}) AS now
    ON now.subject = was.subject AND now.rule = was.rule
WHERE (was.level, was.values, was.threshold) IS DISTINCT FROM (now.level, now.values, now.threshold)
"""
_LISTED = f"""
SELECT {NAME.format(of="pair")} AS name, pair.household_id, pair.village, pair.rule, then_level, now_level,
       then_values, now_values, then_threshold, now_threshold, count(*) OVER () AS differing
FROM ({_PAIRS}) AS pair
LEFT JOIN households_household AS household ON household.id = pair.household_id
ORDER BY 1, pair.rule COLLATE "C" LIMIT %(most)s
"""
_COUNTED = f"""
SELECT rule, count(*) FILTER (WHERE now_level IS NULL), count(*) FILTER (WHERE then_level IS NULL),
       count(*) FILTER (WHERE then_level IS NOT NULL AND now_level IS NOT NULL)
FROM ({_PAIRS}) AS pair GROUP BY rule ORDER BY rule
"""

COLUMNS = ("village", *(indicator.name for indicator in INDICATORS))
_LISTED_COLUMNS = ", ".join(COLUMNS)
_MONTHS = f"""
SELECT count(*) FROM
    (SELECT household_id, {_LISTED_COLUMNS} FROM {{was}} WHERE run_id = %(run)s) AS was
    FULL JOIN (SELECT household_id, {_LISTED_COLUMNS} FROM {{now}} WHERE run_id = %(run)s) AS now
        ON now.household_id = was.household_id
WHERE was IS DISTINCT FROM now
"""
_MONTH = f"SELECT {_LISTED_COLUMNS} FROM {{table}} WHERE run_id = %s AND household_id = %s"
FINDINGS_TABLE, MONTHS_TABLE = "monitoring_finding", "monitoring_householdmonth"


@dataclass(frozen=True)
class Change:
    """A field, what it was and what it is; None where there is nothing."""

    field: str
    then: Any
    now: Any


@dataclass(frozen=True)
class Difference:
    """A finding that is not the same.

    ``name``: 户编号, "#id" of a household without one, "@village" of a cluster (``household_id`` is None).
    """

    name: str
    household_id: int | None
    village: str
    rule: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class RuleCount:
    """How many findings of a rule are in one judgment only, or in both with other values."""

    rule: str
    only_then: int
    only_now: int
    changed: int


def replay_differences(run: JudgmentRun, schema: str, most: int) -> tuple[int, list[Difference]]:
    """How many findings of a run differ from those of its replay, and the first in the order of the digest."""
    return _differences(
        {"was": f"{schema}.{FINDINGS_TABLE}", "now": FINDINGS_TABLE, "here": ""},
        {"was": run.pk, "now": run.pk, "nameless": run.nameless, "most": most},
    )


def revision_differences(
    was: JudgmentRun, now: JudgmentRun, scope: Scope, most: int
) -> tuple[int, list[Difference]]:
    """The same of two revisions of a month, of the places that somebody may see."""
    tables, parameters = _revisions(was, now, scope)
    return _differences(tables, parameters | {"nameless": [], "most": most})


def revision_counts(was: JudgmentRun, now: JudgmentRun, scope: Scope) -> list[RuleCount]:
    """By rule, of the places that somebody may see."""
    tables, parameters = _revisions(was, now, scope)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(**tables), parameters)
        return [RuleCount(*row) for row in cursor.fetchall()]


def differing_months(run: JudgmentRun, schema: str) -> int:
    """Households whose indicators or village differ from those of the replay."""
    tables = {"was": f"{schema}.{MONTHS_TABLE}", "now": MONTHS_TABLE}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS.format(**tables), {"run": run.pk})
        return cursor.fetchone()[0]


def month_changes(run: JudgmentRun, schema: str, household: int) -> tuple[Change, ...]:
    """Which indicators of a household differ from those of the replay: mostly why a finding does."""
    unknown = (None,) * len(COLUMNS)
    then, now = (_month(run, household, table) or unknown for table in (f"{schema}.{MONTHS_TABLE}", MONTHS_TABLE))
    return _differing(zip(COLUMNS, then, now, strict=True))


def _revisions(was: JudgmentRun, now: JudgmentRun, scope: Scope) -> tuple[dict[str, str], dict[str, Any]]:
    here = f"AND {scope.level} = ANY(%(here)s)"
    tables = {"was": FINDINGS_TABLE, "now": FINDINGS_TABLE, "here": here}
    return tables, {"was": was.pk, "now": now.pk, "here": list(scope.codes)}


def _differences(tables: dict[str, str], parameters: dict[str, Any]) -> tuple[int, list[Difference]]:
    with connection.cursor() as cursor:
        cursor.execute(_LISTED.format(**tables), parameters)
        rows = cursor.fetchall()
    differences = [
        Difference(name, household, village, rule, _changes(*pairs))
        for name, household, village, rule, *pairs, _count in rows
    ]
    return (rows[0][-1] if rows else 0), differences


def _changes(then_level: str | None, now_level: str | None, *said: str | None) -> tuple[Change, ...]:
    """``said``: values then and now, threshold then and now, as JSON."""
    if then_level is None or now_level is None:
        return (Change(FINDING, then_level, now_level),)
    then_values, now_values, then_threshold, now_threshold = (json.loads(text or "{}") for text in said)
    pairs = [("level", then_level, now_level)]
    for prefix, then, now in (("values", then_values, now_values), ("threshold", then_threshold, now_threshold)):
        names = dict.fromkeys([*then, *now])
        pairs += [(f"{prefix}.{name}", then.get(name), now.get(name)) for name in names]
    return _differing(pairs)


def _month(run: JudgmentRun, household: int, table: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_MONTH.format(table=table), (run.pk, household))
        return cursor.fetchone()


def _differing(pairs: Iterable[tuple[str, Any, Any]]) -> tuple[Change, ...]:
    return tuple(Change(field, then, now) for field, then, now in pairs if then != now)
