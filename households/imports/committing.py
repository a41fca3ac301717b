"""From staged rows to the register: one transaction, one batch."""

from django.db import transaction
from django.utils import timezone

from households.areas.models import Area
from households.evidence.announcing import announce
from households.evidence.models import BatchKind
from households.evidence.services import open_batch
from households.imports.locking import NotReady, lock_register
from households.imports.matching.missing import raise_missing
from households.imports.matching.work import analyse_tables
from households.imports.models import Import, ImportState
from households.imports.queries import counts_of
from households.imports.readers import READERS
from households.imports.staging import scope_of
from households.imports.waiting import resolve_waiting
from households.ledger.services import record_event, write_audit


@transaction.atomic
def commit_import(import_id: int, *, by) -> Import:
    """Writes the new and changed rows of an import as one batch. Committing twice is one.

    Rows are matched again under the lock, so that what is written fits the register of now and not that of the
    preview. Raises ``NotReady``.
    """
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state == ImportState.COMMITTED:
        return row
    if row.state != ImportState.STAGED:
        raise NotReady
    lock_register()
    reader, scope = READERS[row.form], scope_of(row)
    reader.plan.match(scope)
    row.batch = open_batch(
        kind=BatchKind.IMPORT,
        source=row.form,
        department=row.department,
        month=row.month,
        label=row.file_name,
        by=by,
    )
    reader.plan.write(scope, row.batch_id)
    counts = counts_of(row)
    analyse_tables(reader.plan.tables, counts["new"] + counts["changed"])
    row.state, row.committed_at = ImportState.COMMITTED, timezone.now()
    row.save()
    raise_missing(row)
    if reader.register:
        resolve_waiting(by=by)
    write_audit(action="import_committed", actor=by, subject="import", subject_id=row.pk, form=row.form, **counts)
    record_event(
        kind="import_committed",
        subject="import",
        subject_id=row.pk,
        place=Area.objects.get(pk=row.county),
        actor=by,
        status_before=ImportState.STAGED,
        status_after=ImportState.COMMITTED,
    )
    announce(row.batch)
    return row
