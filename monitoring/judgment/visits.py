"""What was found at the door → findings: one for each household and type of risk, one statement a township."""

from alerts.reports.kinds import RISKS
from monitoring.judgment.compiling import Compiled
from monitoring.judgment.finding import insert_findings
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import month_end
from monitoring.rules import Rule

# From the households that are judged, by the index of their visits. Few visits found anything, so the batches of
# those few are looked up one by one.
FOUND = """
SELECT month.household_id, month.county, month.township, month.village, %s::date AS found_month,
       %s || '.' || found.risk AS found_rule, %s AS found_level,
       jsonb_build_object('visits', found.visits) AS found_values, '' AS found_threshold,
       word.zh || '：' || replace(%s, '{{visits:count}}', found.visits::text) AS found_zh,
       word.en || ': ' || replace(%s, '{{visits:count}}', found.visits::text) AS found_en
FROM monitoring_householdmonth AS month
CROSS JOIN LATERAL (
    SELECT risk, count(DISTINCT visit.id) AS visits
    FROM households_visit AS visit
    JOIN households_evidencebatch AS batch ON batch.id = visit.batch_id AND batch.position <= %s
    LEFT JOIN households_evidencebatch AS gone ON gone.id = visit.replaced_in_id AND gone.position <= %s
    CROSS JOIN LATERAL unnest(visit.risks) AS risk
    WHERE visit.household_id = month.household_id AND visit.visited_on BETWEEN %s AND %s
      AND cardinality(visit.risks) > 0 AND gone.id IS NULL
    GROUP BY risk
) AS found
JOIN (VALUES {words}) AS word (risk, zh, en) ON word.risk = found.risk
WHERE month.run_id = %s AND month.township = %s
"""


def found_on_visits(run: JudgmentRun, rule: Rule, township: str) -> Compiled:
    """What visits of the month of events found in one township: a select and its parameters."""
    words = [(str(risk), zh, en) for risk, (zh, en, _department) in RISKS.items()]
    values = ", ".join(["(%s, %s, %s)"] * len(words))
    parameters = (
        run.event_month,
        rule.code,
        rule.level,
        rule.sentence_zh,
        rule.sentence_en,
        run.cutoff,
        run.cutoff,
        run.event_month,
        month_end(run.event_month),
        *(word for row in words for word in row),
        run.pk,
        township,
    )
    return FOUND.format(words=values), parameters


def write_visits(run: JudgmentRun, rule: Rule, township: str) -> int:
    """Writes the findings of visits in one township. Returns how many."""
    return insert_findings(run, *found_on_visits(run, rule, township), "household_id")
