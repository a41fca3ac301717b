"""From the sealed file to staged rows with outcomes: what the preview shows."""

import csv
import datetime as dt
import io
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db import DataError, connection, transaction
from django.utils import timezone
from python_calamine import CalamineError

from households.imports.declaration import Scope
from households.imports.headers import Layout, find_layout
from households.imports.matching.work import STAGED_KEYS, analyse_tables
from households.imports.models import Import, ImportState, StagedRow
from households.imports.parsing import SheetParser, Staged, read_setting
from households.imports.problems import ImportRefused
from households.imports.readers import READERS
from households.imports.reading import read_workbook
from households.privacy.seal import unseal_bytes

logger = logging.getLogger(__name__)

CHUNK = 5000
UNFINISHED = (ImportState.RECEIVED, ImportState.READING)


def stage_import(import_id: int) -> ImportState | None:
    """Reads, parses and matches a received file. Safe to repeat and to run twice at once.

    The row lock is the promise: a worker that is killed lets go of it and nothing of its work remains, so the
    state "reading" is only for people. Returns the state reached, ``None`` when there was nothing to do here.
    """
    Import.objects.filter(pk=import_id, state=ImportState.RECEIVED).update(
        state=ImportState.READING, changed_at=timezone.now()
    )
    with transaction.atomic():
        row = Import.objects.select_for_update(skip_locked=True).filter(pk=import_id, state__in=UNFINISHED).first()
        if row is None:
            return None
        try:
            with transaction.atomic():
                _stage(row)
            row.state = ImportState.STAGED
        except ImportRefused as refused:
            row.state, row.problem = ImportState.FAILED, refused.code
        except (CalamineError, csv.Error, DataError) as error:
            # Broken further down than the header; trying again would not help.
            logger.warning("import %s cannot be read: %s", row.pk, type(error).__name__)
            row.state, row.problem = ImportState.FAILED, "reading_failed"
        row.save()
        return ImportState(row.state)


def open_layout(row: Import) -> Layout:
    """The file of an import, opened again. Raises ``ImportRefused`` as on the day it came."""
    return find_layout(read_workbook(row.file_name, read_content(row)), [READERS[row.form]])


def read_content(row: Import) -> bytes:
    """The file as it came."""
    return unseal_bytes(row.content.sealed)


def scope_of(row: Import, **limits: Any) -> Scope:
    """What matching has to know of an import; ``limits`` narrow it to rows that wait."""
    as_of = row.as_of or timezone.localdate()
    return Scope(import_id=row.pk, county=row.county, as_of=as_of, month=row.month, **limits)


def _stage(row: Import) -> None:
    layout = open_layout(row)
    parser = SheetParser(layout, read_setting(row.county, timezone.localdate()))
    _copy(row.pk, parser)
    row.skipped_rows = parser.skipped
    analyse_tables([STAGED_KEYS], layout.sheet.height - parser.skipped)
    if row.month is None and layout.reader.monthly:
        row.month = _most_frequent_month(row, layout.reader.dated)
    layout.reader.plan.match(scope_of(row))


def _copy(import_id: int, rows: Iterable[Staged]) -> None:
    """Into the staging table by COPY, some thousand rows at a time, so that memory stays flat."""
    table = StagedRow._meta.db_table
    names = ", ".join(("import_file_id", *Staged.FIELDS))
    statement = f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv)"
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            buffer = io.StringIO(newline="")
            csv.writer(buffer).writerows((import_id, *staged.as_tuple()) for staged in chunk)
            buffer.seek(0)
            cursor.copy_expert(statement, buffer)


def _chunks(rows: Iterable[Staged]) -> Iterator[list[Staged]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _most_frequent_month(row: Import, dated: str) -> dt.date:
    """The month of a list that names none: the one in which most of its rows lie, of two the later one."""
    months = Counter(day[:7] for day in row.rows.values_list(f"payload__{dated}", flat=True) if day)
    if not months:
        raise ImportRefused("month_unknown")
    _count, month = max((count, month) for month, count in months.items())
    return dt.date.fromisoformat(f"{month}-01")
