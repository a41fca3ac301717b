"""What a file would raise, before it is put in: everything is done, looked at, and rolled back."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from alerts.models import Alert
from households.imports.services import commit_import
from households.models import User
from monitoring.judgment.immediate import open_immediate_runs
from monitoring.judgment.running import work_run

# What a person reads of a long list; the counts are over all of it.
MOST_SHOWN = 200


@dataclass(frozen=True)
class Foreseen:
    """Alerts that a file would raise. ``by_level``: level → how many; ``alerts``: the first, worst first."""

    by_level: Counter[str]
    alerts: list[Alert]

    @property
    def count(self) -> int:
        return self.by_level.total()


def foresee(*, import_id: int, by: User | None) -> Foreseen:
    """Commits a staged import, judges it as it would be judged at once, and takes everything back.

    Holds the lock of the register meanwhile, as committing does. Raises ``NotReady`` like ``commit_import``.
    """
    with transaction.atomic():
        batch = commit_import(import_id, by=by).batch_id
        runs = [run.pk for run in open_immediate_runs(only=batch)]
        for run in runs:
            work_run(run)
        raised = Alert.objects.filter(first_run__in=runs)
        by_level = Counter(raised.values_list("level", flat=True))
        worst_first = sorted(
            raised.select_related("kind", "household", "area").order_by("village", "household_id", "kind_id"),
            key=lambda alert: ("red", "yellow", "blue").index(alert.level),
        )
        transaction.set_rollback(True)
    return Foreseen(by_level, worst_first[:MOST_SHOWN])
