"""What files would raise, before they are put in: judged as they would be at once, looked at, and rolled back."""

from collections import Counter
from dataclasses import dataclass

from alerts.models import Alert
from monitoring.judgment.immediate import open_immediate_runs
from monitoring.judgment.running import work_run

# What a person reads of a long list; the counts are over all of it.
MOST_SHOWN = 200
WORST_FIRST = ("red", "yellow", "blue")


@dataclass(frozen=True)
class Foreseen:
    """Alerts that batches would raise. ``by_level``: level → how many; ``alerts``: the first, worst first."""

    by_level: Counter[str]
    alerts: list[Alert]

    @property
    def count(self) -> int:
        return self.by_level.total()


def foresee_alerts(batches: list[int]) -> Foreseen:
    """Judges batches of the caller's transaction, which the caller rolls back afterwards."""
    runs = [run.pk for run in open_immediate_runs(only=batches)]
    for run in runs:
        work_run(run)
    raised = Alert.objects.filter(first_run__in=runs).select_related("kind", "household", "area")
    alerts = sorted(
        raised.order_by("village", "household_id", "kind_id"), key=lambda alert: WORST_FIRST.index(alert.level)
    )
    return Foreseen(Counter(alert.level for alert in alerts), alerts[:MOST_SHOWN])
