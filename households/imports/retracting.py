"""Taking an import back: a retracting batch. Nothing is deleted, and a run that read the import still replays."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from households.areas.models import Area
from households.evidence.announcing import announce
from households.evidence.models import BatchKind, EvidenceBatch
from households.evidence.services import open_batch
from households.imports.locking import NotReady, lock_register
from households.imports.matching.emptied import settle_register
from households.imports.matching.taking_back import TABLES, Taking, take_back, wait_again
from households.imports.matching.work import analyse_tables
from households.imports.models import Import, ImportState, Outcome
from households.imports.readers import READERS
from households.ledger.models import AuditEntry
from households.ledger.services import record_event, write_audit
from households.registry.models import HouseholdMove


def batches_of(row: Import) -> list[int]:
    """The batch of an import and those of its rows that waited and were matched later."""
    of_import = EvidenceBatch.objects.filter(Q(pk=row.batch_id) | Q(origin=row.batch_id))
    return list(of_import.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def retract_import(*, import_id: int, reason: str, keep_households: Collection[int] = (), by) -> EvidenceBatch:
    """One batch that takes back what an import wrote, matched rows included, and restores what it had corrected.

    ``keep_households``: rows of these households and of their members stay. So do rows that a later file says
    too, and what somebody corrected since. Columns of the register that are no evidence (names, telephones)
    stay as the file said them. Households and persons that only this file spoke of leave the register;
    rows that still wait leave the queue. Raises ``NotReady`` when the import is not in the register (any more).
    """
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state != ImportState.COMMITTED or row.batch is None:
        raise NotReady
    lock_register()
    batch = open_batch(
        kind=BatchKind.RETRACTION,
        source=row.form,
        department=row.department,
        reason=reason,
        retracts=row.batch,
        by=by,
    )
    taking = Taking(
        import_id=row.pk,
        form=row.form,
        plan=READERS[row.form].plan,
        batch_id=row.batch.pk,
        batches=batches_of(row),
        retraction_id=batch.pk,
    )
    take_back(taking, kept=set(keep_households))
    wait_again(taking)
    settle_register(taking, today=timezone.localdate(), actor_id=by.pk if by else None)
    counts = counts_of_retraction(batch)
    analyse_tables([table.name for table in TABLES], counts["rows_taken_back"] + counts["rows_restored"])
    _close(row, batch, counts, sorted(keep_households), by)
    announce(batch)
    return batch


def _close(row: Import, batch: EvidenceBatch, counts: dict[str, int], kept: list[int], by) -> None:
    """The import's own matters: its queue, its doubts, its state, the trail."""
    now = timezone.now()
    row.rows.filter(outcome=Outcome.WAITING, resolved_at__isnull=True).update(resolved_at=now, resolved_by=by)
    row.doubts.filter(resolved_at__isnull=True).update(resolved_at=now)
    row.state = ImportState.RETRACTED
    row.save(update_fields=["state", "changed_at"])
    write_audit(
        action="import_retracted",
        actor=by,
        subject="import",
        subject_id=row.pk,
        form=row.form,
        **({"kept": kept} if kept else {}),
        **counts,
    )
    record_event(
        kind="import_retracted",
        subject="import",
        subject_id=row.pk,
        place=Area.objects.get(pk=row.county),
        actor=by,
        status_before=ImportState.COMMITTED,
        status_after=ImportState.RETRACTED,
    )


def kept_households(row: Import) -> list[int]:
    """Households whose rows stayed when an import was taken back, as the trail has it."""
    trail = AuditEntry.objects.filter(action="import_retracted", subject="import", subject_id=str(row.pk))
    entry = trail.order_by("id").last()
    return entry.detail.get("kept", []) if entry else []


def rows_taken_back(batch: EvidenceBatch) -> dict[str, int]:
    """Table → rows that a retraction took back, tables without any left out."""
    counts = {
        str(table.model._meta.model_name): table.model.objects.filter(replaced_in=batch).count()
        for table in TABLES
    }
    return {name: count for name, count in counts.items() if count}


def counts_of_retraction(batch: EvidenceBatch) -> dict[str, int]:
    """How many rows a retraction took back and wrote again, and how many of the import's stay."""
    of_import = Q(batch=batch.retracts_id) | Q(batch__origin=batch.retracts_id)
    restored = sum(table.model.objects.filter(batch=batch).count() for table in TABLES)
    # A household that is no more has a row saying so; that is no evidence that came back.
    restored -= HouseholdMove.objects.filter(batch=batch, village=None).count()
    return {
        "rows_taken_back": sum(rows_taken_back(batch).values()),
        "rows_restored": restored,
        "rows_left": sum(table.model.objects.current().filter(of_import).count() for table in TABLES),
    }
