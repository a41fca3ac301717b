"""The bare baseline: three SQL files over a whole county, in one transaction, writing the same tables."""

import json
import time
from pathlib import Path

from django.db import connection, transaction

from monitoring.judgment.building import _parameters
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.models import JudgmentRun, RunShard, RunState
from monitoring.judgment.running import open_run
from tests.bench.county import JUNE

HERE = Path(__file__).parent
FILES = ("indicators.sql", "findings.sql", "composite.sql")
COLUMNS = ", ".join(indicator.name for indicator in INDICATORS)
PLACE = "household_id, county, township, village"
DIFFERENCE = """
SELECT count(*) FROM (
    (SELECT {columns} FROM {table} WHERE run_id = %(one)s EXCEPT ALL
     SELECT {columns} FROM {table} WHERE run_id = %(other)s)
    UNION ALL
    (SELECT {columns} FROM {table} WHERE run_id = %(other)s EXCEPT ALL
     SELECT {columns} FROM {table} WHERE run_id = %(one)s)) AS differing
"""


def new_run() -> JudgmentRun:
    """A run of June 2022 that nobody works on by itself."""
    return open_run(month=JUNE)


def finish(run: JudgmentRun) -> None:
    RunShard.objects.filter(run=run).delete()
    JudgmentRun.objects.filter(pk=run.pk).update(state=RunState.DONE)


def run_baseline() -> tuple[JudgmentRun, dict[str, float]]:
    """Returns the run and the seconds of each file, and of the commit."""
    run = new_run()
    values = {code: threshold["value"] for code, threshold in run.thresholds.items()}
    parameters = _parameters(run) | values | {"run": run.pk, "thresholds": json.dumps(run.thresholds)}
    parameters = {name: float(value) if name in values else value for name, value in parameters.items()}
    seconds = {}
    with transaction.atomic(), connection.cursor() as cursor:
        # The run has just given positions; a planner that expects one visible batch would loop over ten.
        cursor.execute("ANALYZE households_evidencebatch")
        for name in FILES:
            started = time.perf_counter()
            cursor.execute((HERE / name).read_text(encoding="utf-8"), parameters)
            seconds[name] = time.perf_counter() - started
            if name == "indicators.sql":
                cursor.execute("ANALYZE monitoring_householdmonth")
    finish(run)
    return run, seconds


def differences(one: JudgmentRun, other: JudgmentRun) -> tuple[int, int]:
    """Rows of indicators and of findings (sentences left out) that only one of two runs has."""
    found = "household_id, county, township, village, month, rule, level, values, threshold"
    counts = []
    with connection.cursor() as cursor:
        for table, columns in (
            ("monitoring_householdmonth", f"{PLACE}, {COLUMNS}"),
            ("monitoring_finding", found),
        ):
            cursor.execute(DIFFERENCE.format(table=table, columns=columns), {"one": one.pk, "other": other.pk})
            counts.append(cursor.fetchone()[0])
    return counts[0], counts[1]
