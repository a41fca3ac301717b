"""Taking an import back, with what rests on it: the import, its alerts, and where a person has acted.

An alert that rests on the import alone and that nobody has acted on is withdrawn. Where somebody has acted on an
alert that would not be the same without the import, the rows of that household stay and undo says so. An alert
that a sealed month found stays as it is, whoever has seen it; sealed runs keep their findings and their digest,
since rows taken back still count for a cut-off before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction

from alerts.models import Alert
from alerts.travel.withdrawing import lock_alerts, withdraw_alerts
from households.imports.locking import NotReady, lock_register
from households.imports.retracting import batches_of, counts_of_retraction, retract_import, rows_taken_back
from households.models import EvidenceBatch, Household, Import, ImportState, User
from monitoring.judgment.resting import (
    Judged,
    Resting,
    affected_households,
    judge_again,
    resting_on,
    rolled_back,
)

# What a person reads of a long list; the counts are over all of it.
MOST_SHOWN = 200


@dataclass(frozen=True)
class Kept:
    """A household whose rows stay, and the alerts on which somebody has acted."""

    household: Household
    alerts: list[Alert]


@dataclass(frozen=True)
class Undone:
    """What undo does, or would do. ``rows``: table → rows taken back; the lists are cut at ``MOST_SHOWN``."""

    batch_id: int
    rows: dict[str, int]
    rows_restored: int
    rows_left: int
    households: int
    withdrawn_count: int
    withdrawn: list[Alert]
    kept: list[Kept]
    sealed: list[Alert]
    # Alerts of villages that stay because somebody has acted on them.
    acted_clusters: list[Alert]

    @property
    def row_count(self) -> int:
        return sum(self.rows.values())


def preview_undo(*, import_id: int, by: User | None) -> Undone:
    """What ``undo_import`` would do: it is done, looked at, and rolled back. Raises ``NotReady``."""
    with rolled_back():
        return _undo(import_id, "", by)


@transaction.atomic
def undo_import(*, import_id: int, reason: str, by: User | None) -> Undone:
    """Takes an import back and withdraws the alerts that rest only on it. Raises ``NotReady``."""
    return _undo(import_id, reason, by)


def _undo(import_id: int, reason: str, by: User | None) -> Undone:
    # In the order in which committing takes them: the import, then the register.
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state != ImportState.COMMITTED or row.batch_id is None:
        raise NotReady
    lock_register()
    resting = resting_on(batches_of(row))
    lock_alerts([alert.alert_id for alert in resting])
    before = judge_again(resting)

    def retract(kept: Iterable[int]) -> EvidenceBatch:
        return retract_import(import_id=import_id, reason=reason, keep_households=sorted(kept), by=by)

    kept = _kept(resting, before, retract)
    batch = retract({household for households in kept.values() for household in households})
    after = judge_again(resting)
    gone = [alert for alert in resting if _rests_alone(alert, before, after)]
    withdrawn = withdraw_alerts(ids=[alert.alert_id for alert in gone if not alert.is_sealed], by=by)
    return _told(batch, resting, kept, withdrawn, [alert.alert_id for alert in gone if alert.is_sealed])


def _rests_alone(alert: Resting, before: Judged, after: Judged) -> bool:
    """It was found with the import, and is not found in any month without it."""
    return any(alert.found_in(before)) and not any(alert.found_in(after))


def _kept(
    resting: list[Resting], before: Judged, retract: Callable[[Iterable[int]], EvidenceBatch]
) -> dict[int, frozenset[int]]:
    """Alert that somebody has acted on and that would not be the same → households whose rows stay for it."""
    acted = [alert for alert in resting if alert.is_acted_on]
    if not acted:
        return {}
    with rolled_back():
        retract(())
        # A village's count needs all of its households; a household is judged by itself.
        after = judge_again(resting if any(alert.is_cluster for alert in acted) else acted)
    return {alert.alert_id: alert.households for alert in acted if alert.found_in(before) != alert.found_in(after)}


def _told(
    batch: EvidenceBatch,
    resting: list[Resting],
    kept: dict[int, frozenset[int]],
    withdrawn: list[int],
    sealed: list[int],
) -> Undone:
    counts = counts_of_retraction(batch)
    alerts = {alert.pk: alert for alert in _shown_alerts([*withdrawn[:MOST_SHOWN], *kept, *sealed[:MOST_SHOWN]])}
    by_household: dict[int, list[Alert]] = {}
    for alert, households in kept.items():
        for household in households:
            by_household.setdefault(household, []).append(alerts[alert])
    places = Household.objects.filter(pk__in=by_household).order_by("village", "pk")
    return Undone(
        batch_id=batch.pk,
        rows=rows_taken_back(batch),
        rows_restored=counts["rows_restored"],
        rows_left=counts["rows_left"],
        households=len(affected_households([batch.pk])),
        withdrawn_count=len(withdrawn),
        withdrawn=[alerts[pk] for pk in withdrawn[:MOST_SHOWN]],
        kept=[Kept(household, by_household[household.pk]) for household in places],
        sealed=[alerts[pk] for pk in sealed[:MOST_SHOWN]],
        acted_clusters=[alerts[pk] for pk in kept if alerts[pk].area_id],
    )


def _shown_alerts(ids: list[int]) -> Iterable[Alert]:
    return Alert.objects.filter(pk__in=ids).select_related("kind", "household", "area")
