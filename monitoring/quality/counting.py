"""How many households have which gap, village by village. One statement for all of them."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count

from households.areas.scope import Placed
from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.quality.gaps import GAPS, any_gap

# A finished run's rows never change, so its counts are kept; a few runs are looked at at a time.
RUNS_KEPT = 8


@dataclass(frozen=True)
class GapCounts:
    """``by_village``: village → gap (or "any", or "all" the households judged) → households."""

    by_village: dict[str, Counter[str]] = field(default_factory=dict)

    def total(self, gap: str, prefix: str = "") -> int:
        """In all the villages of a code that begins so (a township's own), or in all."""
        return sum(counts[gap] for village, counts in self.by_village.items() if village.startswith(prefix))

    def villages_with(self, gap: str) -> dict[str, int]:
        """Villages with at least one such household, in order of their code."""
        return {village: counts[gap] for village, counts in sorted(self.by_village.items()) if counts[gap]}


def count_gaps(*, run: JudgmentRun, who: Placed) -> GapCounts:
    """The counts of a finished run in the scope of ``who``: households, never persons."""
    scope = who.scope
    if scope is None:
        return GapCounts()
    counts = _counts_of_run(run.pk)
    position = {"county": 6, "township": 9, "village": 12}[scope.level]
    return GapCounts({code: row for code, row in counts.items() if code[:position] in scope.codes})


@lru_cache(maxsize=RUNS_KEPT)
def _counts_of_run(run_id: int) -> dict[str, Counter[str]]:
    # Prefixed: some gaps are called like the column that is unknown.
    wanted = {f"n_{gap.code}": Count("pk", filter=gap.condition) for gap in GAPS}
    rows = (
        HouseholdMonth.objects.filter(run=run_id)
        .order_by()
        .values("village")
        .annotate(n_all=Count("pk"), n_any=Count("pk", filter=any_gap()), **wanted)
    )
    return {
        row["village"]: Counter({name[2:]: count for name, count in row.items() if name.startswith("n_")})
        for row in rows
    }
