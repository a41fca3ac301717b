"""What a run fixed when it opened: itself, and the thresholds that a rule read."""

from monitoring.judgment.explain.derivation import Judged
from monitoring.judgment.labels import ThresholdRow, threshold_row
from monitoring.judgment.models import JudgmentRun
from monitoring.rules import Rule


def judged(run: JudgmentRun) -> Judged:
    return Judged(
        run_id=run.pk,
        month=run.month,
        event_month=run.event_month,
        revision=run.revision,
        is_sealed=run.sealed_at is not None,
        cutoff=run.cutoff,
    )


def thresholds_of(rule: Rule, run: JudgmentRun, besides: ThresholdRow | None) -> list[ThresholdRow]:
    """Those that a rule read, without the one that is shown already."""
    rows = (threshold_row(run.thresholds.get(code, {})) for code in rule.thresholds)
    return [row for row in rows if row is not None and (besides is None or row.code != besides.code)]
