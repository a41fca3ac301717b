"""The verbs of importing: receive, commit, discard."""

import datetime as dt
import hashlib
from pathlib import PurePath

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from households.imports.committing import commit_import
from households.imports.headers import Layout, find_layout
from households.imports.locking import NotReady
from households.imports.models import Import, ImportContent, ImportState
from households.imports.problems import ImportRefused
from households.imports.readers import READERS
from households.imports.reading import read_workbook
from households.imports.staging import stage_import
from households.ledger.services import write_audit
from households.privacy.seal import seal
from households.staff.models import Role

__all__ = ["NotReady", "commit_import", "discard_import", "receive_file", "stage_import"]


def receive_file(
    *,
    name: str,
    content: bytes,
    by,
    form: str | None = None,
    month: dt.date | None = None,
    as_of: dt.date | None = None,
    partial: bool = False,
) -> Import:
    """Checks limits and header, and keeps the file, sealed, to be read.

    ``form`` restricts to one kind; without it the header tells. ``month`` (of a department list) and ``as_of`` (of
    a register export) are what the file speaks of; without them title and file name tell. Raises
    ``ImportRefused``; then nothing is stored.
    """
    readers = [READERS[form]] if form else list(READERS.values())
    layout = find_layout(read_workbook(name, content), readers)
    if by is not None and by.role == Role.DEPARTMENT_OFFICER and by.department != layout.reader.department:
        raise ImportRefused("other_department")
    return _keep(name, content, layout, month, as_of, partial, by)


@transaction.atomic
def _keep(
    name: str, content: bytes, layout: Layout, month: dt.date | None, as_of: dt.date | None, partial: bool, by
) -> Import:
    reader, file_name = layout.reader, PurePath(name).name[-200:]
    scope = by.scope if by is not None else None
    row = Import.objects.create(
        form=reader.kind,
        file_name=file_name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        department=reader.department,
        county=scope.codes[0][:6] if scope else settings.COUNTY_CODE,
        month=(month or layout.stated_month(file_name)) if reader.monthly else None,
        as_of=(as_of or layout.stated_day(file_name) or timezone.localdate()) if reader.register else None,
        is_full_export=reader.register and not partial and not layout.is_returned,
        uploaded_by=by,
    )
    ImportContent.objects.create(of=row, sealed=seal(content))
    write_audit(
        action="import_received", actor=by, subject="import", subject_id=row.pk, form=reader.kind, size=row.size
    )
    return row


@transaction.atomic
def discard_import(import_id: int, *, by) -> Import:
    """Drops a file that was not committed, with its rows. Raises ``NotReady`` for a committed one."""
    row = Import.objects.select_for_update().get(pk=import_id)
    if row.state == ImportState.DISCARDED:
        return row
    if row.state == ImportState.COMMITTED:
        raise NotReady
    row.rows.all().delete()
    ImportContent.objects.filter(of=row).delete()
    row.state = ImportState.DISCARDED
    row.save()
    write_audit(action="import_discarded", actor=by, subject="import", subject_id=row.pk, form=row.form)
    return row
