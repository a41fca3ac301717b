"""Spreadsheets that hold text and nothing else: no formula, no number that loses digits, no date that shifts."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import IO

from xlsxwriter import Workbook

ROWS_AT_MOST = 1_048_576
# What XML 1.0 cannot hold.
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$")


def write_text_sheet(
    file: IO[bytes],
    *,
    title: str,
    rows: Iterable[Sequence[str]],
    head: Sequence[Sequence[str]] = (),
    widths: Sequence[int] = (),
) -> int:
    """Writes an .xlsx of one sheet to ``file``: the lines of ``head`` in bold, always in sight, then ``rows``.

    Row after row, so memory does not grow with them. Returns how many rows. ``widths``: characters, one a column.
    Raises ``ValueError`` for more rows than a sheet can hold.
    """
    book = Workbook(file, {"constant_memory": True})
    # "@" keeps a cell text when somebody edits it.
    plain = book.add_format({"num_format": "@"})
    bold = book.add_format({"num_format": "@", "bold": True})
    sheet = book.add_worksheet(NOT_IN_A_NAME.sub(" ", title)[:31] or None)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    if head:
        sheet.freeze_panes(len(head), 0)
    lines = chain(((line, bold) for line in head), ((row, plain) for row in rows))
    written = 0
    for written, (line, style) in enumerate(lines, start=1):
        if written > ROWS_AT_MOST:
            raise ValueError("more rows than a sheet can hold")
        for column, value in enumerate(line):
            sheet.write_string(written - 1, column, NO_XML.sub("", value), style)
    book.close()
    return written - len(head)
