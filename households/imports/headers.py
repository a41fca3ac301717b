"""Finding the header: which form a file is, where its rows begin, and what its title says."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from django.conf import settings

from households.imports import cells
from households.imports.cells import Cell, Choice
from households.imports.declaration import Reader
from households.imports.problems import CellProblem, ImportRefused
from households.imports.reading import Dialect, Sheet, Workbook

SEARCHED_ROWS = 30
# The column by which refused rows come back; a file that carries it is a part, never a full export.
REASON_TITLE = "错误原因"
# Share of the required columns from which on a header is "nearly" one of a form.
NEARLY = 0.5

_MONTH = re.compile(r"(20\d{2})年(\d{1,2})月")
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.年]?(0[1-9]|1[0-2]|[1-9](?=月))(?!\d)")
_STATED_DAY = re.compile(r"(?:导出|统计|制表|截止|截至)(?:时间|日期)?:?(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)")


@dataclass(frozen=True)
class Layout:
    """Where things stand in a sheet. Rows are counted from 0 here."""

    sheet: Sheet
    reader: Reader
    first: int
    last: int
    columns: dict[str, int]
    # How a CSV file was written; None for a spreadsheet.
    dialect: Dialect | None = None

    @cached_property
    def head(self) -> list[list[Cell]]:
        """Title rows and header, as they stand."""
        return list(islice(self.sheet.rows(), self.last + 1))

    @cached_property
    def title(self) -> str:
        """What stands above the header, half-width and without blanks."""
        return " ".join(cells.compact(cell) for row in self.head[: self.first] for cell in row if cell != "")

    @property
    def is_returned(self) -> bool:
        """The file is one of refused rows that somebody corrected."""
        return any(cells.title(cell) == REASON_TITLE for row in self.head[self.first :] for cell in row)

    def stated_month(self, file_name: str) -> dt.date | None:
        """The month that the title or the file name speaks of, as its first day."""
        # The day of an export is none of the month it is about.
        title = _STATED_DAY.sub("", self.title)
        match = _MONTH.search(title) or _MONTH_IN_NAME.search(unicodedata.normalize("NFKC", file_name))
        if not match or not 1 <= int(match[2]) <= 12:
            return None
        return dt.date(int(match[1]), int(match[2]), 1)

    def stated_day(self, file_name: str) -> dt.date | None:
        """The day of an export: 导出时间 in the title, else the last day of the month it speaks of."""
        match = _STATED_DAY.search(self.title)
        if match:
            try:
                return cells.date(match[1])
            except CellProblem:
                pass
        month = self.stated_month(file_name)
        return month.replace(day=calendar.monthrange(month.year, month.month)[1]) if month else None


@dataclass(frozen=True)
class _Candidate:
    layout: Layout
    missing: list[str]

    @property
    def rank(self) -> tuple[int, int, int]:
        """More columns first; then a header of one row before one of two; then the upper one."""
        layout = self.layout
        return (len(layout.columns), layout.first - layout.last, -layout.first)


def find_layout(book: Workbook, readers: list[Reader]) -> Layout:
    """The one sheet of a file that holds a known form. Raises ``ImportRefused`` when there is none, or two."""
    candidates = [
        candidate
        for sheet in book.sheets
        if (candidate := _best(sheet, readers)) is not None  # an empty sheet has no candidate
    ]
    whole = [candidate for candidate in candidates if not candidate.missing]
    if not whole:
        raise _explain(candidates)
    if len(whole) > 1:
        raise ImportRefused("several_sheets")
    layout = replace(whole[0].layout, dialect=book.dialect)
    rows_below = layout.sheet.height - layout.last - 1
    if rows_below > settings.IMPORT_MAX_ROWS:
        raise ImportRefused("too_many_rows", limit=settings.IMPORT_MAX_ROWS)
    if rows_below < 1 and not layout.reader.monthly:
        raise ImportRefused("no_rows")
    return layout


def _best(sheet: Sheet, readers: list[Reader]) -> _Candidate | None:
    head = sheet.head()
    titles = [[cells.title(cell) for cell in row] for row in head]
    found = []
    for reader in readers:
        names = reader.names_by_title()
        for first in range(min(SEARCHED_ROWS, len(titles))):
            for last in range(first, min(first + 2, len(titles))):
                columns = _columns(names, titles[first], titles[last])
                missing = [column.title for column in reader.header_columns if column.field not in columns]
                found.append(_Candidate(Layout(sheet, reader, first, last, columns), missing))
    if not found:
        return None
    rank = max((not candidate.missing, candidate.rank) for candidate in found)
    best = [candidate for candidate in found if (not candidate.missing, candidate.rank) == rank]
    return best[0] if len(best) == 1 else max(best, key=lambda candidate: _likeness(candidate.layout))


def _columns(names: dict[str, tuple[str, int]], upper: list[str], lower: list[str]) -> dict[str, int]:
    """Field → index, where one row (or two, of a merged header) is taken as the header of a form.

    Of two columns for one field (姓名 and 户主姓名) the one with the name that the form gives first counts.
    """
    found: dict[str, tuple[int, int]] = {}
    for index in range(max(len(upper), len(lower))):
        below = lower[index] if index < len(lower) else ""
        above = upper[index] if index < len(upper) else ""
        named = names.get(below) or names.get(above)
        if named:
            field, rank = named
            found[field] = min(found.get(field, (rank, index)), (rank, index))
    return {field: index for field, (_rank, index) in found.items()}


def _likeness(layout: Layout) -> tuple[int, bool, int]:
    """Two forms that fit one header are told by the words below it, by title or sheet name, by what is missing."""
    reader = layout.reader
    choices = [
        (column.parse, layout.columns[column.field])
        for column in reader.columns
        if column.required and isinstance(column.parse, Choice) and column.field in layout.columns
    ]
    below = layout.sheet.head()[layout.last + 1 :]
    understood = sum(
        _is_understood(parse, row[index]) for row in below for parse, index in choices if index < len(row)
    )
    signs = any(sign in layout.sheet.name + layout.title for sign in reader.signs)
    return understood, signs, -len(reader.columns)


def _is_understood(choice: Choice, cell: Cell) -> bool:
    try:
        choice(cell)
    except CellProblem:
        return False
    return True


def _explain(candidates: list[_Candidate]) -> ImportRefused:
    """Why no sheet holds a known form: named columns are missing, or nothing is like a header at all."""
    if not candidates:
        return ImportRefused("empty_file")
    best = max(candidates, key=lambda candidate: candidate.rank)
    required = len(best.layout.reader.header_columns)
    if len(best.missing) >= required * NEARLY:
        return ImportRefused("unknown_form")
    return ImportRefused("missing_columns", form=best.layout.reader.title, columns="、".join(best.missing))
