"""One township of one run: claim, work and result are one transaction.

A killed worker's transaction is rolled back by the database, so its shard falls back to pending by itself.
"""

import time
from collections.abc import Collection

from django.db import connection, transaction
from django.utils import timezone

from alerts.travel.dispatching import dispatch_raised
from alerts.travel.raising import Query, Quiet, note_not_found, raise_alerts
from monitoring.judgment.building import build_household_months
from monitoring.judgment.clusters import write_clusters
from monitoring.judgment.finding import judging_rules, not_firing, write_findings
from monitoring.judgment.models import JudgmentRun, RunKind, RunShard
from monitoring.judgment.visits import write_visits
from monitoring.rules.declaration import FINDINGS, INDICATORS, STATE, VILLAGE, VISITS

FOUND = """
SELECT household_id, rule AS kind, month, level, values, threshold, sentence_zh, sentence_en
FROM monitoring_finding WHERE run_id = %s AND township = %s AND household_id IS NOT NULL
"""

FOUND_CLUSTERS = """
SELECT village AS area_id, rule AS kind, month, level, values, threshold, sentence_zh, sentence_en
FROM monitoring_finding WHERE run_id = %s AND township = %s AND household_id IS NULL
"""

# One probe a finding: as a join, a planner may read every alert there is. Where the household has none of its own,
# the alert of an area event of its village stands for it.
LINK = """
UPDATE monitoring_finding AS finding SET alert_id = coalesce(
    (SELECT alert.id FROM alerts_alert AS alert
     WHERE alert.household_id = finding.household_id AND alert.kind_id = finding.rule AND alert.closed_at IS NULL),
    (SELECT alert.id FROM alerts_alert AS alert
     WHERE alert.area_id = finding.village AND alert.closed_at IS NULL AND alert.kind_id = 'AREA.' || (
         SELECT kind.risk FROM alerts_alertkind AS kind WHERE kind.code = finding.rule AND kind.channel = 'rule')))
WHERE finding.run_id = %s AND finding.township = %s AND finding.household_id IS NOT NULL
"""

LINK_CLUSTERS = """
UPDATE monitoring_finding AS finding SET alert_id = (
    SELECT alert.id FROM alerts_alert AS alert
    WHERE alert.area_id = finding.village AND alert.kind_id = finding.rule AND alert.closed_at IS NULL)
WHERE finding.run_id = %s AND finding.township = %s AND finding.household_id IS NULL
"""

# What a rule looks at → what writes its findings.
WRITERS = {
    INDICATORS: write_findings,
    VISITS: write_visits,
    FINDINGS: write_findings,
    VILLAGE: write_clusters,
}

# What is judged at once for fewer households is over before statistics would help.
ANALYSE_FROM = 500

# Only what plans turn on: the statistics of forty indicators would cost as much as a township.
ANALYSE = """
ANALYZE monitoring_householdmonth (run_id, household_id, township, village),
        monitoring_finding (run_id, household_id, township, village, rule, alert_id),
        alerts_alert (household_id, area_id, kind_id, closed_at, last_month, last_run),
        households_event (number)
"""

COUNT = """
SELECT count(*), count(*) FILTER (WHERE net IS NULL), count(*) FILTER (WHERE income_quarters < 4)
FROM monitoring_householdmonth WHERE run_id = %s AND township = %s
"""


def judge_next_shard(run: JudgmentRun) -> RunShard | None:
    """Judges one pending township that no other worker holds. ``None`` when there is none."""
    with transaction.atomic():
        shard = (
            RunShard.objects.select_for_update(skip_locked=True)
            .filter(run=run, done_at__isnull=True)
            .order_by("area_id")
            .first()
        )
        if shard is None:
            return None
        started = time.monotonic()
        _judge(run, shard)
        shard.seconds = round(time.monotonic() - started, 3)
        shard.done_at = timezone.now()
        shard.save()
    _analyse_once(run, shard)
    return shard


def _judge(run: JudgmentRun, shard: RunShard) -> None:
    township = shard.area_id
    shard.findings = find(run, township)
    of = (run.pk, township)
    quiet = Quiet.of(run.thresholds)
    households = raise_alerts(found=Query(FOUND, of), run_id=run.pk, quiet=quiet)
    villages = raise_alerts(found=Query(FOUND_CLUSTERS, of), run_id=run.pk, quiet=quiet, subject="area_id")
    shard.raised = households.raised + households.reopened + villages.raised + villages.reopened
    shard.found_again = households.found_again + villages.found_again
    judged = _judged_states(run, township)
    shard.not_found_any_more = note_not_found(judged=judged, run_id=run.pk) if judged else 0
    dispatch_raised(county=run.county, township=township, run_id=run.pk)
    with connection.cursor() as cursor:
        cursor.execute(LINK, of)
        cursor.execute(LINK_CLUSTERS, of)
        cursor.execute(COUNT, of)
        shard.households, shard.unknown_income, shard.incomplete = cursor.fetchone()


def find(run: JudgmentRun, township: str, households: Collection[int] | None = None) -> int:
    """Indicators and findings of one township, or of some households of it. Returns how many findings."""
    build_household_months(run, township, households)
    return sum(WRITERS[rule.reads](run, rule, township) for rule in judging_rules(run))


def _judged_states(run: JudgmentRun, township: str) -> Query | None:
    """Households and state rules that are known not to hold: looked for, and not found."""
    parts: list[str] = []
    parameters: list[object] = []
    for rule in judging_rules(run):
        if rule.nature == STATE:
            months, values = not_firing(run, rule, township)
            parts.append(f"SELECT household_id, %s::text AS kind, %s::date AS month FROM ({months}) AS judged")
            parameters += [rule.code, run.month if rule.of_ledger else run.event_month, *values]
    return Query(" UNION ALL ".join(parts), tuple(parameters)) if parts else None


def _analyse_once(run: JudgmentRun, shard: RunShard) -> None:
    """After the first shard the planner learns of the new rows; else it plans the others as if empty."""
    if run.kind == RunKind.IMMEDIATE and shard.households < ANALYSE_FROM:
        return
    if RunShard.objects.filter(run=run, done_at__isnull=False).count() == 1:
        with connection.cursor() as cursor:
            cursor.execute(ANALYSE)
