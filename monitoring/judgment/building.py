"""Evidence → indicators: one ``INSERT … SELECT`` for the households of one township.

The statement reads evidence up to the run's cut-off and the month, and nothing else: not today's date, no alert.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection

from households.evidence.services import lists_received
from households.models import EvidenceBatch
from monitoring.judgment.affected import AFFECTED
from monitoring.judgment.counting import NEWEST, RECORDED, counts
from monitoring.judgment.indicators import INDICATORS, Indicator
from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.judgment.models import JudgmentRun, RunKind
from monitoring.judgment.window import Window

# Nothing is read that changes in place, or the replay of an old run would see what was not known then. Where a
# household lived that ever moved is told by its moves (null: it was no more; when none counts yet: what the first
# one found). Birth dates come from facts, the one recorded last.
# Grouped, the many people without a bill or an entry cost no aggregates.
# Everything is reached from the household by its index (LATERAL), household by household. So a household costs the
# same in a county of any size, and no plan depends on statistics, which are missing just after a large import.
INSERT = """
WITH visible AS MATERIALIZED (
    SELECT id FROM households_evidencebatch WHERE position <= %(cutoff)s
),
{affected}
moved AS MATERIALIZED (SELECT DISTINCT household_id FROM households_householdmove),
shard AS MATERIALIZED (
    SELECT household.id, household.county, household.township, household.village
    FROM households_household AS household
    WHERE household.township = %(township)s
      AND (household.batch_id IN (SELECT id FROM visible)) IS TRUE
      AND (household.id IN (SELECT household_id FROM moved)) IS NOT TRUE
      AND {is_affected}
    UNION ALL
    SELECT household.id, area.county, area.township, area.village
    FROM moved
    JOIN households_household AS household ON household.id = moved.household_id
    CROSS JOIN LATERAL (
        (SELECT move.village, 1 AS choice FROM households_householdmove AS move
         WHERE move.household_id = household.id AND move.since <= %(month_end)s AND {move_counts}
         ORDER BY move.since DESC, move.id DESC LIMIT 1)
        UNION ALL
        (SELECT move.village_before, 2 FROM households_householdmove AS move
         WHERE move.household_id = household.id AND {move_counts} ORDER BY move.since, move.id LIMIT 1)
        UNION ALL
        (SELECT move.village_before, 3 FROM households_householdmove AS move
         WHERE move.household_id = household.id ORDER BY move.id LIMIT 1)
        ORDER BY choice LIMIT 1
    ) AS place
    JOIN households_area AS area ON area.code = place.village
    WHERE area.township = %(township)s AND (household.batch_id IN (SELECT id FROM visible)) IS TRUE
      AND {is_affected}
)
INSERT INTO monitoring_householdmonth (run_id, household_id, month, county, township, village, {columns})
SELECT %(run)s, shard.id, %(month)s, shard.county, shard.township, shard.village, {selected}
FROM shard
CROSS JOIN LATERAL (
    SELECT {members}, max(entries.appraised_on) AS appraised_on,
           (array_agg(entries.appraised_grade
                      ORDER BY entries.appraised_on DESC NULLS LAST, entries.appraised_grade DESC))[1]
               AS appraised_grade
    FROM households_membership AS membership
    LEFT JOIN LATERAL (
        SELECT fact.resident_insurance AS resident, fact.employee_insurance AS employee,
               fact.schooling, fact.dropout_reason, fact.labour, fact.work_months,
               first_value(fact.born_on) OVER (ORDER BY fact.born_on IS NULL, {recorded}) AS born_on
        FROM households_personfact AS fact
        WHERE fact.person_id = membership.person_id AND {fact_counts}
        ORDER BY {newest} LIMIT 1
    ) AS cover ON true
    CROSS JOIN LATERAL (
        SELECT cover.born_on, extract(year FROM age(%(month_end)s::date, cover.born_on))::int AS age
    ) AS members
    LEFT JOIN LATERAL (
        SELECT sum(bill.self_pay) FILTER (
                   WHERE bill.settled_on BETWEEN %(window_start)s AND %(ledger_end)s) AS paid,
               sum(bill.self_pay) FILTER (WHERE bill.settled_on >= %(year_start)s) AS all_this_year,
               sum(bill.self_pay) FILTER (
                   WHERE bill.visit_kind = 'inpatient' AND bill.settled_on >= %(year_start)s) AS paid_this_year,
               sum(bill.self_pay) FILTER (
                   WHERE bill.visit_kind IN ('outpatient_pool', 'chronic')
                     AND bill.settled_on >= %(event_month)s) AS outpatient_month,
               max(bill.self_pay) FILTER (
                   WHERE bill.visit_kind = 'inpatient' AND bill.settled_on >= %(event_month)s) AS stay
        FROM households_medicalbill AS bill
        WHERE bill.person_id = membership.person_id AND bill.settled_on BETWEEN %(window_start)s AND %(month_end)s
          AND {bill_counts}
        GROUP BY bill.person_id
    ) AS bills ON true
    LEFT JOIN LATERAL (
        SELECT {entries}
        FROM households_listentry AS entry
        WHERE entry.person_id = membership.person_id AND entry.month <= %(event_month)s AND {entry_counts}
        GROUP BY entry.person_id
    ) AS entries ON true
    WHERE membership.household_id = shard.id AND {membership_counts}
      AND (membership.since IS NULL OR membership.since <= %(month_end)s)
      AND (membership.until IS NULL OR membership.until >= %(month_end)s)
      AND (members.born_on IS NULL OR members.born_on <= %(month_end)s)
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

# What the rows of a person on department lists come to, in the month judged.
OF_MONTH = "entry.month = %(event_month)s"
SEVERE_LOSS = "entry.grade IN ('house_collapsed', 'crop_lost')"
SEVERE_DISABILITY = (
    "(entry.grade IN ('1', '2') OR entry.grade IN ('3', '4') AND entry.kind IN ('intellectual', 'mental'))"
)
OUTAGE = "entry.list = 'water' AND entry.kind = 'outage'"
ENTRIES = {
    "dropouts": f"count(*) FILTER (WHERE entry.list = 'education' AND {OF_MONTH} AND entry.kind <> 'illness')",
    "accidents": f"count(*) FILTER (WHERE entry.list = 'traffic' AND {OF_MONTH})",
    "deaths": f"count(*) FILTER (WHERE entry.list = 'traffic' AND {OF_MONTH} AND entry.kind = 'death')",
    "disasters": f"count(*) FILTER (WHERE entry.list = 'emergency' AND {OF_MONTH})",
    "disasters_severe": f"count(*) FILTER (WHERE entry.list = 'emergency' AND {OF_MONTH} AND {SEVERE_LOSS})",
    "civil_aid": f"count(*) FILTER (WHERE entry.list = 'civil' AND {OF_MONTH})",
    "severe_disabilities": (
        f"count(*) FILTER (WHERE entry.list = 'disability' AND {OF_MONTH} AND {SEVERE_DISABILITY})"
    ),
    "jobs_lost": f"count(*) FILTER (WHERE entry.list = 'employment' AND {OF_MONTH})",
    "water_quality": f"count(*) FILTER (WHERE entry.list = 'water' AND {OF_MONTH} AND entry.kind <> 'outage')",
    "outages": f"count(*) FILTER (WHERE {OUTAGE} AND {OF_MONTH})",
    # The year's days are told in a month that has an outage; without one, nothing is new.
    "outage_days": (
        f"CASE WHEN count(*) FILTER (WHERE {OUTAGE} AND {OF_MONTH}) > 0"
        # Lists of several months tell of the same outage: it is counted once, as told last.
        " THEN (SELECT sum(told.value::int) FROM jsonb_each_text("
        "jsonb_object_agg(entry.happened_on::text, entry.days ORDER BY entry.month, entry.id)"
        f" FILTER (WHERE {OUTAGE} AND entry.month >= %(year_start)s)) AS told) END"
    ),
    "appraised_on": (
        "max(entry.happened_on) FILTER (WHERE entry.list = 'housing' AND entry.happened_on <= %(month_end)s)"
    ),
    # Of two grades of one day the worse: ids depend on the order in which files came in.
    "appraised_grade": (
        "(array_agg(entry.grade ORDER BY entry.happened_on DESC, entry.grade DESC)"
        " FILTER (WHERE entry.list = 'housing' AND entry.happened_on <= %(month_end)s))[1]"
    ),
}

# Parts of an income that is unknown are unknown themselves.
KNOWN_WITH_NET = {"wage", "business", "property", "transfer", "cost", "claims", "income_quarters"}


def _selected(indicator: Indicator) -> str:
    if indicator.source == "both":
        return indicator.sql
    column = f"{indicator.source}.{indicator.name}"
    if indicator.zero_when:
        # Not on a list that was received means nothing happened; a list that was not received means unknown.
        return f"coalesce({column}, CASE WHEN %({indicator.zero_when})s THEN 0 END)"
    if indicator.name in KNOWN_WITH_NET:
        return f"CASE WHEN ledger.net IS NOT NULL THEN {column} END"
    return column


def _statement(affected: str = "", is_affected: str = "true") -> str:
    by_source: dict[str, list[str]] = {"facts": ["newest.as_of", "newest.house_grade"]}
    for indicator in INDICATORS:
        if indicator.source != "both":
            by_source.setdefault(indicator.source, []).append(f"{indicator.sql} AS {indicator.name}")
    return INSERT.format(
        affected=affected,
        is_affected=is_affected,
        newest=NEWEST,
        recorded=RECORDED,
        entries=", ".join(f"{sql} AS {name}" for name, sql in ENTRIES.items()),
        move_counts=counts("move"),
        membership_counts=counts("membership"),
        fact_counts=counts("fact"),
        line_counts=counts("line"),
        bill_counts=counts("bill"),
        entry_counts=counts("entry"),
        columns=", ".join(indicator.name for indicator in INDICATORS),
        selected=", ".join(_selected(indicator) for indicator in INDICATORS),
        **{source: ", ".join(expressions) for source, expressions in by_source.items() if source != "both"},
    )


WHOLE_COUNTY = _statement()
_IS_AFFECTED = "(household.id IN (SELECT household_id FROM affected)) IS TRUE"
TOUCHED = _statement(f"{AFFECTED},", _IS_AFFECTED)
CHOSEN = _statement(
    "affected AS MATERIALIZED (SELECT unnest(%(households)s::bigint[]) AS household_id),", _IS_AFFECTED
)


def build_household_months(run: JudgmentRun, township: str, households: Collection[int] | None = None) -> int:
    """Writes the ``HouseholdMonth`` rows of one township, or of some households of it. Returns how many."""
    statement = WHOLE_COUNTY if run.kind == RunKind.MONTHLY else TOUCHED
    parameters = {"township": township, "run": run.pk, **_parameters(run)}
    if households is not None:
        statement, parameters["households"] = CHOSEN, list(households)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def _parameters(run: JudgmentRun) -> dict[str, Any]:
    window = Window(run.month, run.event_month)
    return {
        "cutoff": run.cutoff,
        "month": window.month,
        "event_month": window.events,
        "event_index": window.events.year * 12 + window.events.month,
        "month_end": window.end,
        "ledger_end": window.ledger_end,
        "window_start": window.start,
        "window_index": window.start.year * 12 + window.start.month,
        "previous_start": window.previous_start,
        "year_start": window.year_start,
        "batches": list(EvidenceBatch.objects.filter(judged_in=run.pk).values_list("pk", flat=True)),
        **_received(run, window),
    }


def _received(run: JudgmentRun, window: Window) -> dict[str, bool]:
    """Which lists are in: of the month, and of the medical insurance also in the year and the window."""
    medical = lists_received("medical", min(window.start, window.year_start), window.events, run.cutoff)
    return {
        "list_medical_window": any(window.start <= month <= window.month for month in medical),
        "list_medical_year": any(month >= window.year_start for month in medical),
        **{f"list_{source}": source not in run.missing_lists for source in DEPARTMENT_LISTS},
    }
