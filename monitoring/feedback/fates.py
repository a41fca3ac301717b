"""What became of each row of a file, as of today: one statement counts all rows, one reads a page.

A row leads to an alert by what it speaks of: whose row it is, the household he belonged to at the end of the month
that the row speaks of, and the findings of the rules that read this form for that household in that month. Rules
look at households, so two rows of one household lead to the same alerts; those of other departments' rules are no
part of the answer.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from households.imports.matching.lines import LinePlan
from households.imports.matching.work import from_payload
from households.imports.readers import READERS
from households.models import Import, ImportState
from monitoring.feedback.concerns import rules_of_form
from monitoring.judgment.models import JudgmentRun

PAGE_ROWS = 50
# Of a download.
PART_ROWS = 2000


class Fate(models.TextChoices):
    """Every row of a file has exactly one. Of several alerts the one counts that stands first here."""

    CONFIRMED = "confirmed", _("Risk confirmed")
    UNDER_WAY = "under_way", _("Alert under way")
    UNCLEAR = "unclear", _("Cannot tell yet")
    NO_RISK = "no_risk", _("No risk")
    CLOSED = "closed", _("Closed without a visit")
    QUIET = "quiet", _("Found, dealt with before")
    WITHDRAWN = "withdrawn", _("Alert withdrawn")
    NO_FINDING = "no_finding", _("Taken in, no finding")
    BEING_JUDGED = "being_judged", _("Taken in, being judged")
    WAITING = "waiting", _("To be matched by hand")
    TOLD_BEFORE = "told_before", _("Waits in an earlier file")
    DISMISSED = "dismissed", _("Set aside with a reason")
    TAKEN_BACK = "taken_back", _("Taken back with its file")
    REFUSED = "refused", _("Refused")


OF_ALERT = (Fate.CONFIRMED, Fate.UNDER_WAY, Fate.UNCLEAR, Fate.NO_RISK, Fate.CLOSED, Fate.QUIET, Fate.WITHDRAWN)
# Files that were judged, and what was taken back of them.
ANSWERED = (ImportState.COMMITTED, ImportState.RETRACTED)

# The months of their own that rows speak of: those of the ledger; those of what an earlier file told first.
LEDGER_MONTH = "SELECT s.id, (s.payload ->> 'month')::date AS month FROM households_stagedrow s WHERE {of_file}"
FIRST_TOLD = """
SELECT DISTINCT s.id, {month} AS month
FROM households_stagedrow s
JOIN {table} t ON t.person_id = s.person_id AND {same}
JOIN households_evidencebatch b ON b.id = t.batch_id
WHERE {of_file} AND s.outcome IN ('same', 'repeated') AND t.replaced_in_id IS NULL
"""
NO_MONTH = "SELECT NULL::bigint AS id, NULL::date AS month WHERE false"
OF_FILE = "s.import_file_id = %(import)s"

# Whose row: by the membership of then, as the judgment counts it, or the household that the row names.
# A probe a household (OFFSET keeps it one): as a join, a planner reads every membership there is.
BY_PERSON = """
CROSS JOIN LATERAL (
    SELECT m.person_id FROM households_membership m
    WHERE m.household_id = f.household_id AND m.replaced_in_id IS NULL
      AND (m.since IS NULL OR m.since < f.month + interval '1 month')
      AND (m.until IS NULL OR m.until >= f.month + interval '1 month - 1 day')
    OFFSET 0) m
JOIN households_stagedrow s ON s.person_id = m.person_id AND s.import_file_id = %(import)s
"""
BY_HOUSEHOLD = """
JOIN households_stagedrow s ON s.import_file_id = %(import)s AND f.household_id = coalesce(
    s.household_id, (SELECT h.id FROM households_household h WHERE h.code = s.household_code))
"""

HITS = """
WITH own AS MATERIALIZED ({own}),
spoken AS MATERIALIZED (SELECT DISTINCT month FROM own UNION SELECT unnest(%(months)s::date[])),
found AS MATERIALIZED (
    SELECT DISTINCT f.household_id, f.month, f.alert_id,
           CASE WHEN a.id IS NULL THEN 'quiet'
                WHEN a.status = 'withdrawn' THEN 'withdrawn'
                WHEN a.verdict <> '' THEN a.verdict
                WHEN a.closed_at IS NULL THEN 'under_way'
                ELSE 'closed' END AS fate
    FROM monitoring_finding f LEFT JOIN alerts_alert a ON a.id = f.alert_id
    WHERE f.rule = ANY(%(rules)s) AND f.county = %(county)s AND f.household_id IS NOT NULL
      AND f.month = ANY(ARRAY(SELECT month FROM spoken))
      AND f.run_id = ANY(ARRAY(
          SELECT r.id FROM monitoring_judgmentrun r
          WHERE r.month IN (SELECT month FROM spoken) OR r.event_month IN (SELECT month FROM spoken)))
),
hits AS MATERIALIZED (
    SELECT s.id, min(array_position(%(fates)s, f.fate)) AS place,
           array_agg(DISTINCT f.alert_id) FILTER (WHERE f.alert_id IS NOT NULL) AS alerts
    FROM found f {subject}
    LEFT JOIN own ON own.id = s.id
    WHERE f.month = own.month OR f.month = ANY(%(months)s) AND (own.id IS NULL OR %(also_months)s)
    GROUP BY s.id
),
fated AS (
    SELECT s.id, s.row_number, h.alerts,
           CASE WHEN s.outcome = 'refused' THEN 'refused'
                WHEN h.place < {withdrawn} THEN (%(fates)s)[h.place]
                WHEN %(retracted)s THEN 'taken_back'
                WHEN h.place IS NOT NULL THEN (%(fates)s)[h.place]
                WHEN s.outcome = 'waiting' AND s.resolved_at IS NULL THEN 'waiting'
                WHEN s.outcome = 'waiting' AND s.person_id IS NULL AND s.household_id IS NULL THEN 'dismissed'
                WHEN s.outcome = 'same' AND s.reasons @> '[{{"code": "waiting_already"}}]' THEN 'told_before'
                WHEN %(pending)s THEN 'being_judged'
                ELSE 'no_finding' END AS fate
    FROM households_stagedrow s LEFT JOIN hits h ON h.id = s.id
    WHERE {of_file}
)
"""
COUNT = "SELECT fate, count(*) FROM fated GROUP BY fate"
ALL = "SELECT id, row_number, fate, alerts FROM fated WHERE %(fate)s = '' OR fate = %(fate)s ORDER BY row_number"
PAGE = """
SELECT id, row_number, fate, alerts FROM fated
WHERE (%(fate)s = '' OR fate = %(fate)s) AND row_number {beyond} %(cursor)s
ORDER BY row_number {order} LIMIT %(limit)s
"""
# Both at once: what is expensive is found once.
PAGE_AND_COUNT = """
SELECT page.*, counted.counts
FROM (SELECT json_object_agg(fate, rows) AS counts FROM (
    SELECT fate, count(*) AS rows FROM fated GROUP BY fate) AS by_fate) AS counted
LEFT JOIN ({page}) AS page ON true ORDER BY page.row_number {order}
"""


@dataclass(frozen=True)
class Fated:
    """One row of a file: its id, its fate, and the alerts it leads to."""

    pk: int
    row_number: int
    fate: str
    alerts: tuple[int, ...]


@dataclass(frozen=True)
class FatePage:
    """Rows in the order of the file; ``before`` and ``after`` are row numbers, None at the ends.

    ``counts``: fate → rows of the whole file, where asked for.
    """

    rows: list[Fated]
    before: int | None
    after: int | None
    counts: dict[str, int]


def count_fates(row: Import) -> dict[str, int]:
    """How many rows of a file have each fate; together they are all its rows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_hits(row) + COUNT, _parameters(row))
        return _all_fates(dict(cursor.fetchall()))


def read_fates(
    row: Import,
    *,
    fate: str = "",
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE_ROWS,
    count: bool = False,
) -> FatePage:
    """One page by row number, of one fate or of all, and with ``count`` the totals beside it. One statement."""
    is_back = before is not None
    order = "DESC" if is_back else "ASC"
    page = PAGE.format(beyond="<" if is_back else ">", order=order)
    statement = PAGE_AND_COUNT.format(page=page, order=order) if count else page
    given = {"fate": fate, "cursor": before if is_back else after or 0, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_hits(row) + statement, {**_parameters(row), **given})
        lines = cursor.fetchall()
    # Without a row on the page there is still the line that counts.
    found = [_fated(*line[:4]) for line in lines if line[0] is not None]
    counts = _all_fates(lines[0][4] or {}) if count else {}
    has_more, found = len(found) > limit, found[:limit]
    if is_back:
        found.reverse()
    has_before, has_after = (has_more, True) if is_back else (after is not None, has_more)
    return FatePage(
        found,
        before=found[0].row_number if found and has_before else None,
        after=found[-1].row_number if found and has_after else None,
        counts=counts,
    )


def _all_fates(counts: Mapping[str, int]) -> dict[str, int]:
    return {fate.value: counts.get(fate.value, 0) for fate in Fate}


def iterate_fates(row: Import, *, fate: str = "") -> Iterator[list[Fated]]:
    """All rows of one fate, or of any, in the order of the file and in parts: memory stays flat."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_hits(row) + ALL, {**_parameters(row), "fate": fate})
        while found := cursor.fetchmany(PART_ROWS):
            yield [_fated(*columns) for columns in found]


def _fated(pk: int, number: int, fate: str, alerts: list[int] | None) -> Fated:
    return Fated(pk, number, fate, tuple(alerts or ()))


def _hits(row: Import) -> str:
    return HITS.format(
        own=_own_months(row.form),
        subject=BY_PERSON if READERS[row.form].waits_for == "person" else BY_HOUSEHOLD,
        withdrawn=OF_ALERT.index(Fate.WITHDRAWN) + 1,
        of_file=OF_FILE,
    )


def _own_months(form: str) -> str:
    """SQL: rows that do not simply speak of their file's month, with the month that they speak of."""
    plan = READERS[form].plan
    if not isinstance(plan, LinePlan):
        return NO_MONTH
    if plan.subject == "household":
        return LEDGER_MONTH.format(of_file=OF_FILE)
    if "month" in plan.key:
        # What still stands is told again each month, and judged again.
        return NO_MONTH
    said = from_payload({**plan.key, **plan.compared})
    same = [f"t.{name} IS NOT DISTINCT FROM {value}" for name, value in said.items()]
    if plan.list_name:
        same.append(f"t.list = '{plan.list_name}'")
    month = "t.month" if plan.list_name else "b.month"
    return FIRST_TOLD.format(table=plan.table, same=" AND ".join(same), month=month, of_file=OF_FILE)


def _parameters(row: Import) -> Mapping[str, Any]:
    batch = row.batch
    return {
        "import": row.pk,
        "county": row.county,
        "rules": [rule.code for rule in rules_of_form(row.form)],
        "months": _months(row),
        # A line of the ledger is also judged in the last closed month, when it came.
        "also_months": row.month is None,
        "fates": [fate.value for fate in OF_ALERT],
        "retracted": row.state == ImportState.RETRACTED,
        "pending": batch is not None and batch.judged_at is None,
    }


def _months(row: Import) -> list[dt.date]:
    """The month a file speaks of; without one, that of its export and those it was judged in when it came."""
    if row.month is not None:
        return [row.month]
    months = {row.as_of.replace(day=1)} if row.as_of else set()
    if row.batch is not None and row.batch.judged_in is not None:
        run = JudgmentRun.objects.filter(pk=row.batch.judged_in).values_list("month", "event_month")
        months |= {month for both in run for month in both}
    return sorted(months)
