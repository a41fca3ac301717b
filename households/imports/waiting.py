"""Rows whose person or household is not in the register: matched by hand, or dismissed with a reason."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from households.areas.models import Area
from households.evidence.announcing import announce
from households.evidence.models import BatchKind, EvidenceBatch
from households.evidence.services import open_batch
from households.imports.locking import NotReady, lock_register
from households.imports.matching.work import analyse_tables, count_found, mark_found_resolved
from households.imports.models import Import, ImportState, Outcome, StagedRow
from households.imports.problems import entry
from households.imports.readers import READERS
from households.imports.staging import scope_of
from households.ledger.services import record_event, write_audit
from households.registry.models import Household, Person


def waits_for(row: StagedRow) -> str:
    """``"person"`` or ``"household"``: whose row it is that somebody has to say."""
    return READERS[row.import_file.form].waits_for


@transaction.atomic
def match_waiting_row(
    *, row: StagedRow, by, person: Person | None = None, household: Household | None = None
) -> StagedRow:
    """Writes a waiting row as evidence of the person or household given, in a batch of its own.

    Whoever is a member elsewhere moves: the old membership ends the day before the export. A line that stands in
    the register already is not written twice. Raises ``NotReady`` when the row waits no more.
    """
    # The register first: whoever commits or takes back an import holds it and then changes rows that wait.
    lock_register()
    row = _lock(row)
    source = row.import_file
    plan = READERS[source.form].plan
    scope = scope_of(
        source,
        row_id=row.pk,
        person_id=person.pk if person else None,
        household_id=household.pk if household else None,
    )
    plan.match(scope)
    batch = _open_batch(source, by)
    plan.write(scope, batch.pk)
    row.person, row.household = person or row.person, household or row.household
    _resolve(row, by, "import_row_matched")
    announce(batch)
    return row


def _open_batch(source: Import, by) -> EvidenceBatch:
    """Of the month that the list speaks of, so that the rows are judged in it."""
    return open_batch(
        kind=BatchKind.MATCH,
        source=source.form,
        department=source.department,
        month=source.month,
        label=source.file_name,
        origin=source.batch,
        by=by,
    )


def resolve_waiting(*, by) -> int:
    """Puts in what waited only for the register to grow: files do not always come in the right order.

    Called in the transaction of a commit, under its lock. Returns how many rows left the queue.
    """
    waiting = Import.objects.filter(
        Exists(
            StagedRow.objects.filter(import_file=OuterRef("pk"), outcome=Outcome.WAITING, resolved_at__isnull=True)
        ),
        state=ImportState.COMMITTED,
    )
    order = {kind: index for index, kind in enumerate(READERS)}
    return sum(_resolve_import(row, by) for row in sorted(waiting, key=lambda row: (order[row.form], row.pk)))


def _resolve_import(row: Import, by) -> int:
    plan, scope = READERS[row.form].plan, scope_of(row, waiting=True)
    plan.match(scope)
    found = count_found()
    if found:
        batch = _open_batch(row, by)
        plan.write(scope, batch.pk)
        analyse_tables(plan.tables, found)
        mark_found_resolved(by.pk if by else None)
        write_audit(action="import_rows_resolved", actor=by, subject="import", subject_id=row.pk, rows=found)
        announce(batch)
    return found


@transaction.atomic
def dismiss_waiting_row(*, row: StagedRow, reason: str, by) -> StagedRow:
    """Takes a row out of the queue without writing it. The reason stays with the row."""
    row = _lock(row)
    row.reasons = [*row.reasons, entry("", "dismissed") | {"note": reason}]
    _resolve(row, by, "import_row_dismissed")
    return row


def _lock(row: StagedRow) -> StagedRow:
    locked = StagedRow.objects.select_for_update(of=("self",)).select_related("import_file").get(pk=row.pk)
    committed = locked.import_file.state == ImportState.COMMITTED
    if locked.outcome != Outcome.WAITING or locked.resolved_at is not None or not committed:
        raise NotReady
    return locked


def _resolve(row: StagedRow, by, action: str) -> None:
    row.resolved_at, row.resolved_by = timezone.now(), by
    row.save(update_fields=["person", "household", "reasons", "resolved_at", "resolved_by"])
    source = row.import_file
    write_audit(action=action, actor=by, subject="import", subject_id=source.pk, row=row.row_number)
    record_event(
        kind=action, subject="import", subject_id=source.pk, place=Area.objects.get(pk=source.county), actor=by
    )
