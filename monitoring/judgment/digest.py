"""The fingerprint of a run: equal evidence, thresholds and rules give an equal digest, whoever computed it."""

import hashlib
import json

from monitoring.judgment.models import Finding, JudgmentRun


def run_digest(run: JudgmentRun) -> str:
    """sha256 over the findings as sorted lines: household, rule, level, values, threshold.

    A household is named by its national 户编号, or by its own id where it has none.
    """
    lines = []
    rows = Finding.objects.filter(run=run).values_list(
        "household__code", "household_id", "rule", "level", "values", "threshold"
    )
    for code, pk, *rest in rows.iterator(chunk_size=5000):
        lines.append(json.dumps([code or f"#{pk}", *rest], ensure_ascii=False, sort_keys=True))
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()
