"""Evidence → indicators: one ``INSERT … SELECT`` for the households of one township.

The statement reads evidence up to the run's cut-off and the month, and nothing else: not today's date, no alert.
"""

from datetime import date

from django.db import connection

from households.evidence.services import lists_received
from monitoring.judgment.indicators import INDICATORS, Indicator
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import Window

# A row counts when its batch has a position up to the cut-off and what replaced it, if anything, has not.
# IS TRUE keeps this a hashed look-up: as a join, a planner that believes in two batches goes through the
# whole township once for each of ten thousand.
COUNTS = (
    "({row}.batch_id IN (SELECT id FROM visible)) IS TRUE"
    " AND ({row}.replaced_in_id IN (SELECT id FROM visible)) IS NOT TRUE"
)

# The newest fact of the month; what was first known later stands for the time before.
NEWEST = """
    (fact.as_of <= %(month_end)s) DESC,
    CASE WHEN fact.as_of <= %(month_end)s THEN fact.as_of END DESC,
    fact.as_of,
    (SELECT position FROM households_evidencebatch AS batch WHERE batch.id = fact.batch_id) DESC,
    fact.id DESC
"""

# Everything is reached from the household by its index (LATERAL), household by household. So a household costs the
# same in a county of any size, and no plan depends on statistics, which are missing just after a large import.
INSERT = """
WITH visible AS MATERIALIZED (
    SELECT id FROM households_evidencebatch WHERE position <= %(cutoff)s
),
shard AS MATERIALIZED (
    SELECT household.id, household.county, household.township, household.village
    FROM households_household AS household
    WHERE household.township = %(township)s
      AND (household.batch_id IN (SELECT id FROM visible)) IS TRUE
      AND (household.gone_on IS NULL OR household.gone_on > %(month_end)s)
)
INSERT INTO monitoring_householdmonth (run_id, household_id, month, county, township, village, {columns})
SELECT %(run)s, shard.id, %(month)s, shard.county, shard.township, shard.village, {selected}
FROM shard
CROSS JOIN LATERAL (
    SELECT {members}
    FROM households_membership AS membership
    JOIN households_person AS person ON person.id = membership.person_id
    CROSS JOIN LATERAL (
        SELECT sum(bill.self_pay) AS paid,
               sum(bill.self_pay) FILTER (
                   WHERE bill.visit_kind = 'inpatient' AND bill.settled_on >= %(year_start)s) AS paid_this_year,
               max(bill.self_pay) FILTER (
                   WHERE bill.visit_kind = 'inpatient' AND bill.settled_on >= %(month)s) AS stay
        FROM households_medicalbill AS bill
        WHERE bill.person_id = person.id AND bill.settled_on BETWEEN %(window_start)s AND %(month_end)s
          AND {bill_counts}
    ) AS bills
    LEFT JOIN LATERAL (
        SELECT fact.resident_insurance AS resident, fact.employee_insurance AS employee
        FROM households_personfact AS fact
        WHERE fact.person_id = person.id AND {fact_counts}
        ORDER BY {newest} LIMIT 1
    ) AS cover ON true
    WHERE membership.household_id = shard.id AND {membership_counts}
      AND (membership.since IS NULL OR membership.since <= %(month_end)s)
      AND (membership.until IS NULL OR membership.until >= %(month_end)s)
      AND (person.born_on IS NULL OR person.born_on <= %(month_end)s)
) AS members
CROSS JOIN LATERAL (
    SELECT {ledger} FROM (
        SELECT line.kind, line.amount, line.month >= %(window_start)s AS in_window,
               CASE line.kind WHEN 'cost' THEN -line.amount WHEN 'claim' THEN NULL ELSE line.amount END AS signed,
               (extract(year FROM line.month)::int * 12 + extract(month FROM line.month)::int
                - %(window_index)s) / 3 AS quarter
        FROM households_incomeline AS line
        WHERE line.household_id = shard.id AND line.month BETWEEN %(previous_start)s AND %(month)s
          AND {line_counts}
    ) AS lines
) AS ledger
LEFT JOIN LATERAL (
    SELECT {facts} FROM (
        SELECT fact.* FROM households_householdfact AS fact
        WHERE fact.household_id = shard.id AND {fact_counts}
        ORDER BY {newest} LIMIT 1
    ) AS newest
) AS facts ON true
ON CONFLICT (run_id, household_id) DO NOTHING
"""

# Not on a list that was received means nothing happened (0); a list that was not received means unknown.
ZERO_WHEN_RECEIVED = {
    "self_pay": "%(list_in_window)s",
    "inpatient_year": "%(list_in_year)s",
    "largest_stay": "%(list_of_month)s",
}
# Parts of an income that is unknown are unknown themselves.
KNOWN_WITH_NET = {"wage", "business", "property", "transfer", "cost", "claims", "income_quarters"}


def _selected(indicator: Indicator) -> str:
    column = f"{indicator.source}.{indicator.name}"
    if received := ZERO_WHEN_RECEIVED.get(indicator.name):
        return f"coalesce({column}, CASE WHEN {received} THEN 0 END)"
    if indicator.name in KNOWN_WITH_NET:
        return f"CASE WHEN ledger.net IS NOT NULL THEN {column} END"
    return column


def _statement() -> str:
    by_source: dict[str, list[str]] = {}
    for indicator in INDICATORS:
        by_source.setdefault(indicator.source, []).append(f"{indicator.sql} AS {indicator.name}")
    return INSERT.format(
        newest=NEWEST,
        membership_counts=COUNTS.format(row="membership"),
        fact_counts=COUNTS.format(row="fact"),
        line_counts=COUNTS.format(row="line"),
        bill_counts=COUNTS.format(row="bill"),
        columns=", ".join(indicator.name for indicator in INDICATORS),
        selected=", ".join(_selected(indicator) for indicator in INDICATORS),
        **{source: ", ".join(expressions) for source, expressions in by_source.items()},
    )


STATEMENT = _statement()


def build_household_months(run: JudgmentRun, township: str) -> int:
    """Writes the ``HouseholdMonth`` rows of one township. Returns how many."""
    window = Window(run.month)
    received = lists_received("medical", window.start, window.month, run.cutoff)
    parameters: dict[str, date | str | int | bool] = {
        "run": run.pk,
        "cutoff": run.cutoff,
        "township": township,
        "month": window.month,
        "month_end": window.end,
        "window_start": window.start,
        "window_index": window.start.year * 12 + window.start.month,
        "previous_start": window.previous_start,
        "year_start": window.year_start,
        "list_in_window": bool(received),
        "list_in_year": any(month >= window.year_start for month in received),
        "list_of_month": window.month in received,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        return cursor.rowcount
