"""Refused rows back as the same file: same titles, header and cells, and one more column with the reasons."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath

from households.imports import cells
from households.imports.cells import Cell
from households.imports.headers import REASON_TITLE, Layout
from households.imports.models import Import, Outcome
from households.imports.problems import row_sentence
from households.imports.reading import Dialect
from households.imports.staging import open_layout
from households.sheets import write_text_sheet

_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d.,]+")


def refused_rows_file(row: Import) -> tuple[str, bytes]:
    """File name and content. A CSV file stays one, in its encoding; a spreadsheet becomes XLSX with text cells.

    No spreadsheet runs what looks like a formula in it: in CSV an apostrophe stands before it (reading takes it
    off again), in XLSX the cell is a text. Raises ``ImportRefused`` when the file cannot be opened any more.
    """
    layout = open_layout(row)
    lines = list(_lines(row, layout))
    stem = PurePath(row.file_name).stem
    if layout.dialect is None:
        return f"{stem}_拒收.xlsx", _as_xlsx(layout.sheet.name, lines)
    return f"{stem}_拒收.csv", _as_csv(lines, layout.dialect)


def _lines(row: Import, layout: Layout) -> Iterator[list[Cell]]:
    refused = row.rows.filter(outcome=Outcome.REFUSED)
    reasons = dict(refused.values_list("row_number", "reasons"))
    column = _reason_column(layout)
    for index, cells_ in enumerate(layout.head):
        yield _with(cells_, column, REASON_TITLE) if index == layout.first else list(cells_)
    first = layout.last + 1
    for number, cells_ in enumerate(islice(layout.sheet.rows(), first, None), first + 1):
        if number in reasons:
            yield _with(cells_, column, row_sentence(reasons[number]))


def _reason_column(layout: Layout) -> int:
    """Behind the last column, or where the reasons of an earlier return stand."""
    header = layout.head[layout.first]
    for index, cell in enumerate(header):
        if cells.title(cell) == REASON_TITLE:
            return index
    return max(len(line) for line in layout.head)


def _with(line: list[Cell], column: int, text: str) -> list[Cell]:
    padded = [*line, *[""] * (column - len(line))]
    return [*padded[:column], text, *padded[column + 1 :]]


def _as_csv(lines: list[list[Cell]], dialect: Dialect) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=dialect.delimiter, lineterminator=dialect.newline)
    writer.writerows([_harmless(cells.plain(cell)) for cell in line] for line in lines)
    return buffer.getvalue().encode(dialect.encoding, errors="replace")


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _as_xlsx(name: str, lines: list[list[Cell]]) -> bytes:
    """Text cells, also for numbers: whoever corrects one types into a text cell."""
    buffer = io.BytesIO()
    write_text_sheet(buffer, title=name, rows=[[cells.plain(cell) for cell in line] for line in lines])
    return buffer.getvalue()
