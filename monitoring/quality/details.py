"""Which member, which quarter: the details of a page's gaps, read as the judgment read them."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from monitoring.judgment.counting import NEWEST, RECORDED, counts
from monitoring.judgment.indicators import COVER_UNKNOWN, SCHOOLING_UNKNOWN
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import Window, add_months

DETAILS = f"""
WITH visible AS MATERIALIZED (SELECT id FROM households_evidencebatch WHERE position <= %(cutoff)s)
SELECT asked.id,
       (SELECT array_agg(DISTINCT (extract(year FROM line.month)::int * 12 + extract(month FROM line.month)::int
                                   - %(window_index)s) / 3)
        FROM households_incomeline AS line
        WHERE line.household_id = asked.id AND line.month BETWEEN %(window_start)s AND %(month)s
          AND line.kind <> 'claim' AND {counts("line")}),
       found.birth, found.insurance, found.labour, found.schooling
FROM unnest(%(households)s::bigint[]) AS asked (id)
CROSS JOIN LATERAL (
    SELECT array_agg(person.name ORDER BY membership.is_head DESC, membership.id)
               FILTER (WHERE members.born_on IS NULL) AS birth,
           array_agg(person.name ORDER BY membership.is_head DESC, membership.id)
               FILTER (WHERE {COVER_UNKNOWN}) AS insurance,
           array_agg(person.name ORDER BY membership.is_head DESC, membership.id)
               FILTER (WHERE coalesce(cover.labour, '') = '') AS labour,
           array_agg(person.name ORDER BY membership.is_head DESC, membership.id)
               FILTER (WHERE {SCHOOLING_UNKNOWN}) AS schooling
    FROM households_membership AS membership
    JOIN households_person AS person ON person.id = membership.person_id
    LEFT JOIN LATERAL (
        SELECT fact.resident_insurance AS resident, fact.employee_insurance AS employee,
               fact.schooling, fact.dropout_reason, fact.labour,
               first_value(fact.born_on) OVER (ORDER BY fact.born_on IS NULL, {RECORDED}) AS born_on
        FROM households_personfact AS fact
        WHERE fact.person_id = person.id AND {counts("fact")}
        ORDER BY {NEWEST} LIMIT 1
    ) AS cover ON true
    CROSS JOIN LATERAL (
        SELECT cover.born_on, extract(year FROM age(%(month_end)s::date, cover.born_on))::int AS age
    ) AS members
    WHERE membership.household_id = asked.id AND {counts("membership")}
      AND (membership.since IS NULL OR membership.since <= %(month_end)s)
      AND (membership.until IS NULL OR membership.until >= %(month_end)s)
      AND (members.born_on IS NULL OR members.born_on <= %(month_end)s)
) AS found
"""


@dataclass(frozen=True)
class Details:
    """Names of the members behind a gap, by its code; first months of the quarters without an income line."""

    names: dict[str, list[str]]
    quarters: list[date]


def details_of(run: JudgmentRun, households: list[int]) -> dict[int, Details]:
    """Household → what is missing in it, as the run saw it."""
    if not households:
        return {}
    window = Window(run.month, run.event_month)
    with connection.cursor() as cursor:
        cursor.execute(
            DETAILS,
            {
                "cutoff": run.cutoff,
                "households": households,
                "month": window.month,
                "month_end": window.end,
                "window_start": window.start,
                "window_index": window.start.year * 12 + window.start.month,
            },
        )
        rows = cursor.fetchall()
    return {
        household: Details(
            names={"birth": birth or [], "insurance": insurance or [], "labour": labour or []}
            | {"schooling": schooling or []},
            quarters=[
                add_months(window.start, quarter * 3) for quarter in range(4) if quarter not in (known or [])
            ],
        )
        for household, known, birth, insurance, labour, schooling in rows
    }
