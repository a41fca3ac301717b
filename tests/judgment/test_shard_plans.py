"""A shard reaches every large table by an index: held here by the plans PostgreSQL makes for a county."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.travel.dispatching import dispatch_raised
from alerts.travel.raising import statements
from households.models import EvidenceBatch
from monitoring.judgment import building, shards
from monitoring.judgment.clusters import found_in_villages
from monitoring.judgment.finding import found_in_months, judging_rules
from monitoring.judgment.immediate import TOWNSHIPS, open_immediate_runs
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.visits import found_on_visits
from monitoring.rules.declaration import VILLAGE, VISITS
from tests import factories
from tests.bench.county import JUNE, fill
from tests.for_a_module import written_once

pytestmark = [pytest.mark.django_db, pytest.mark.once]

TOWNSHIP = "420527103"
LARGE = (
    "incomeline",
    "medicalbill",
    "listentry",
    "visit",
    "membership",
    "householdfact",
    "personfact",
    "person",
    "household",
    "householdmonth",
    "finding",
    "alert",
    "event",
)
SCAN = re.compile(r"Seq Scan on (?:households|monitoring|alerts)_(\w+)")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """A thousand households a township, judged once for the module: every table has rows and statistics."""

    def _write() -> JudgmentRun:
        fill(12_000)
        EvidenceBatch.objects.update(judged_at="2022-01-01T00:00Z")
        run = open_run(month=JUNE)
        work_run(run.pk)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return run

    with written_once(django_db_blocker, _write) as run:
        yield run


def scanned(sql: str, parameters) -> set[str]:
    """Large tables that the plan reads from one end to the other."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return set(SCAN.findall(plan)) & set(LARGE)


def parameters_of(run) -> dict[str, object]:
    return {"township": TOWNSHIP, "run": run.pk, **building._parameters(run)}


def test_the_indicators_of_a_township_read_evidence_by_index(county):
    assert scanned(building.WHOLE_COUNTY, parameters_of(county)) == set()


def test_every_rule_reads_the_months_of_its_township_by_index(county):
    selects = {VISITS: found_on_visits, VILLAGE: found_in_villages}
    for rule in judging_rules(county):
        select = selects.get(rule.reads, found_in_months)
        assert scanned(*select(county, rule, TOWNSHIP)) == set(), rule.code


def test_raising_reads_alerts_and_findings_by_index(county):
    of = (county.pk, TOWNSHIP)
    for sql in (shards.FOUND, shards.FOUND_CLUSTERS, shards.LINK, shards.LINK_CLUSTERS, shards.COUNT):
        assert scanned(sql, of) == set(), sql
    given = (county.pk, "Asia/Shanghai", 90, 180, "0.2")
    for subject, found in (("household_id", shards.FOUND), ("area_id", shards.FOUND_CLUSTERS)):
        lock, upsert = statements(found, subject)
        assert scanned(lock, of) | scanned(upsert, (*of, *given)) == set(), subject


def test_dispatching_what_was_raised_reads_the_alerts_of_its_township_by_index(county):
    with CaptureQueriesContext(connection) as captured:
        dispatch_raised(county=county.county, township=TOWNSHIP, run_id=county.pk)
    written = [query["sql"] for query in captured.captured_queries if "UPDATE alerts_alert" in query["sql"]]
    assert len(written) == 2
    for sql in written:
        assert scanned(sql, None) == set(), sql
    # What became more urgent is found among the open alerts, not in the ledger of the whole county.
    assert "households_event" not in written[1]


def test_what_is_judged_at_once_reads_only_what_it_touches(county):
    person = factories.household(members=1).memberships.get().person
    (run,) = open_immediate_runs()
    batch = factories.bill(person=person, self_pay=1).batch_id
    assert scanned(TOWNSHIPS, {"batches": [batch]}) == set()
    assert scanned(building.TOUCHED, parameters_of(run)) == set()
