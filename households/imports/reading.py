"""Bytes → sheets of rows. Tells what a file is by its content, never by its name alone."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from django.conf import settings
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from households.imports.cells import Cell
from households.imports.problems import ImportRefused

MEGABYTE = 1024 * 1024
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SPREADSHEET_SUFFIXES = {".xlsx", ".xls", ".xlsm", ".xlsb", ".et"}
# A character in a thousand may be broken; such cells are refused one by one. More means: not this encoding.
BROKEN_SHARE = 0.001
HEAD = 40

Rows = Callable[[], Iterator[list[Cell]]]


@dataclass(frozen=True)
class Sheet:
    """One sheet. ``rows()`` starts anew each time and yields row 1 first, blank rows included."""

    name: str
    rows: Rows
    height: int

    def head(self) -> list[list[Cell]]:
        """The first rows, where titles and the header stand."""
        return list(islice(self.rows(), HEAD))


@dataclass(frozen=True)
class Dialect:
    """How a CSV file was written, so that its refused rows go back the same way."""

    encoding: str
    delimiter: str
    newline: str


@dataclass(frozen=True)
class Workbook:
    sheets: list[Sheet]
    # None for a spreadsheet.
    dialect: Dialect | None


def read_workbook(name: str, content: bytes) -> Workbook:
    """Opens a file. Raises ``ImportRefused`` when it is too large, empty or no spreadsheet."""
    if len(content) > settings.IMPORT_MAX_BYTES:
        raise ImportRefused("too_large", limit=settings.IMPORT_MAX_BYTES // MEGABYTE)
    if not content.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise ImportRefused("empty_file")
    if content.startswith((ZIP, OLE)):
        return Workbook(_open_spreadsheet(content), None)
    if PurePath(name).suffix.lower() in SPREADSHEET_SUFFIXES:
        raise ImportRefused("not_a_spreadsheet")
    return _open_csv(content)


def _open_spreadsheet(content: bytes) -> list[Sheet]:
    if content.startswith(ZIP):
        _check_unpacked_size(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
    except PasswordError as error:
        raise ImportRefused("password_protected") from error
    except (CalamineError, ValueError, OSError) as error:
        raise ImportRefused("not_a_spreadsheet") from error
    return [Sheet(sheet.name, _calamine_rows(sheet), sheet.end[0] + 1 if sheet.end else 0) for sheet in sheets]


def _check_unpacked_size(content: bytes) -> None:
    """The archive's own directory says how large it unpacks, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ImportRefused("not_a_spreadsheet") from error
    if unpacked > settings.IMPORT_MAX_UNPACKED:
        raise ImportRefused("unpacked_too_large", limit=settings.IMPORT_MAX_UNPACKED // MEGABYTE)


def _calamine_rows(sheet: CalamineSheet) -> Rows:
    def rows() -> Iterator[list[Cell]]:
        # Empty rows above the data are given, empty columns before it are not.
        before: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        return (before + row for row in sheet.iter_rows()) if before else sheet.iter_rows()

    return rows


def _open_csv(content: bytes) -> Workbook:
    encoding, text = _decode(content)
    delimiter = _delimiter(text)
    newline = "\r\n" if "\r\n" in text else "\n"

    def rows() -> Iterator[list[Cell]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    try:
        height = sum(1 for _row in rows())
    except csv.Error as error:
        raise ImportRefused("not_a_spreadsheet") from error
    return Workbook([Sheet("", rows, height)], Dialect(encoding, delimiter, newline))


def _decode(content: bytes) -> tuple[str, str]:
    """Encoding and text. NUL bytes are no part of any character and dropped before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        content = content.replace(b"\0", b"")
        candidates = ["utf-8-sig"] if content.startswith(b"\xef\xbb\xbf") else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            return encoding, content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    texts = {encoding: content.decode(encoding, errors="replace") for encoding in candidates}
    encoding = min(texts, key=lambda name: texts[name].count("\ufffd"))
    if texts[encoding].count("\ufffd") > len(texts[encoding]) * BROKEN_SHARE:
        raise ImportRefused("not_a_spreadsheet")
    return encoding, texts[encoding]


def _delimiter(text: str) -> str:
    """The separator by which one of the first rows has the most cells."""
    head = text[: 64 * 1024]

    def widest(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            return max((len(row) for row in islice(reader, HEAD)), default=0)
        except csv.Error:
            return 0

    return max(",\t;", key=widest)
