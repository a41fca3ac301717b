"""The fingerprint of a run: equal evidence, thresholds and rules give an equal digest, whoever computed it."""

import hashlib
import json
from collections.abc import Iterator

from django.db import connection, transaction

from monitoring.judgment.models import JudgmentRun

# Digits of one length, "#id", or "@village": sorted as bytes these come in the order of the lines as text.
NAME = (
    "CASE WHEN household.id IS NULL THEN '@' || {of}.village"
    " WHEN household.code IS NULL OR household.id = ANY(%(nameless)s) THEN '#' || household.id"
    ' ELSE household.code END COLLATE "C"'
)

# Sorted by the database and hashed as they come; no two lines have the same name and rule.
LINES = f"""
SELECT {NAME.format(of="finding")} AS name, finding.rule, finding.level, finding.values::text,
       finding.threshold::text
FROM monitoring_finding AS finding
LEFT JOIN households_household AS household ON household.id = finding.household_id
WHERE finding.run_id = %(run)s
ORDER BY 1, finding.rule COLLATE "C"
"""

NAMELESS = """
SELECT DISTINCT household.id FROM monitoring_finding AS finding
JOIN households_household AS household ON household.id = finding.household_id
WHERE finding.run_id = %s AND household.code IS NULL ORDER BY household.id
"""

CHUNK = 5000


def run_digest(run: JudgmentRun) -> str:
    """sha256 over the findings as sorted lines: household, rule, level, values, threshold.

    A household is named by its national 户编号, or by its own id where it had none when the run closed
    (``run.nameless``); a cluster by its village.
    """
    digest = hashlib.sha256()
    for name, rule, level, values, threshold in _lines(run):
        row = [name, rule, level, json.loads(values), json.loads(threshold)]
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def nameless_households(run: JudgmentRun) -> list[int]:
    """Households with findings of a run that have no national 户编号."""
    with connection.cursor() as cursor:
        cursor.execute(NAMELESS, (run.pk,))
        return [pk for (pk,) in cursor.fetchall()]


def _lines(run: JudgmentRun) -> Iterator[tuple[str, str, str, str, str]]:
    """From a cursor that stays in the database: the memory of a run does not grow with the county."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(LINES, {"run": run.pk, "nameless": run.nameless})
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
