"""Rows of a sheet → rows for the staging table: parsed, sealed, hashed, refused or doubtful, each on its own."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from households.areas.models import Area
from households.imports import cells
from households.imports.cells import Cell
from households.imports.declaration import Column, Row, Setting
from households.imports.headers import Layout
from households.imports.problems import CellProblem
from households.privacy.seal import lookup_hash, seal

# Different words of one column that are remembered with what they mean.
WORDS_KEPT = 4096
_TOTAL = re.compile(r"(本页|本表)?(合计|总计|小计|共计|累计)([:\d共].*)?|共\d+(条|户|人|笔|人次|户次)(记录)?")
_FOOTNOTE = re.compile(
    r"(注|备注|说明|填表说明|填表人|填报人|制表人|审核人|负责人|填报单位|制表单位|单位盖章)\d?:.*"
)


@dataclass(frozen=True)
class Staged:
    """What goes into one ``StagedRow``, in the order of ``FIELDS``."""

    FIELDS = (
        "row_number",
        "outcome",
        "reasons",
        "doubts",
        "payload",
        "household_code",
        "person_code",
        "identity_sealed",
        "identity_hash",
        "phone_sealed",
    )

    row_number: int
    outcome: str | None
    reasons: str
    doubts: str
    payload: str
    household_code: str | None
    person_code: str | None
    identity_sealed: str | None
    identity_hash: str | None
    phone_sealed: str | None

    def as_tuple(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.FIELDS)


def read_setting(county: str, today: dt.date) -> Setting:
    """What rows are read against: the villages of a county, retired codes pointing at their successors."""
    villages = Area.objects.filter(county=county, level="village").values_list("code", "successor_id")
    return Setting(today=today, villages={code: successor or code for code, successor in villages})


class SheetParser:
    """Iterates over the staged rows of a sheet; ``skipped`` counts the rows that are no records."""

    def __init__(self, layout: Layout, setting: Setting):
        self.layout = layout
        self.setting = setting
        self.skipped = 0
        reader = layout.reader
        self._columns = [
            (column, layout.columns[column.field], {} if column.words else None)
            for column in reader.columns
            if column.field in layout.columns
        ]
        self._key_indexes = [layout.columns[field] for field in reader.key if field in layout.columns]
        # In CSV text a comma too many shifts the rest of the row: what looks like an amount is half of another.
        self._width = max(map(len, layout.head[layout.first :])) if layout.dialect else None
        self._header = [(layout.columns[column.field], column.field) for column in reader.header_columns]

    def __iter__(self) -> Iterator[Staged]:
        first = self.layout.last + 1
        self.skipped = first
        for number, row_cells in enumerate(islice(self.layout.sheet.rows(), first, None), first + 1):
            if self._is_no_record(row_cells):
                self.skipped += 1
                continue
            row = self._parse(number, row_cells)
            self.layout.reader.finish(row, self.setting)
            yield _staged(row, self.layout.reader.columns)

    def _is_no_record(self, row: list[Cell]) -> bool:
        """Blank, a total, a footnote, or the header once more."""
        if any(_starts_with_digit(row[index]) for index in self._key_indexes if index < len(row)):
            return False
        filled = [cell for cell in row if not cells.is_blank(cell)]
        if not filled:
            return True
        keys = [cells.compact(row[index]) for index in self._key_indexes if index < len(row)]
        if any(key and not _is_note(key) for key in keys):
            return self._repeats_header(row)
        texts = [cells.compact(cell) for cell in filled]
        return any(_TOTAL.fullmatch(text) for text in texts) or (len(texts) < 4 and _is_note(texts[0]))

    def _repeats_header(self, row: list[Cell]) -> bool:
        names = self.layout.reader.fields_by_title()
        return all(
            index < len(row) and names.get(cells.title(row[index])) == field for index, field in self._header
        )

    def _parse(self, number: int, row_cells: list[Cell]) -> Row:
        row = Row(number)
        width = len(row_cells)
        values = row.values
        for column, index, known in self._columns:
            cell = row_cells[index] if index < width else ""
            if known is not None and isinstance(cell, str) and cell in known:
                values[column.field] = known[cell]
                continue
            value = values[column.field] = _read(row, column, cell)
            if known is not None and value is not None and len(known) < WORDS_KEPT:
                known[cell] = value
        if (
            self._width is not None
            and width > self._width
            and not all(map(cells.is_blank, row_cells[self._width :]))
        ):
            row.reasons.clear()
            row.refuse("", "cells_shifted")
        return row


def _is_note(text: str) -> bool:
    return bool(_TOTAL.fullmatch(text) or _FOOTNOTE.fullmatch(text))


def _starts_with_digit(cell: Cell) -> bool:
    return cell[:1].isdigit() if isinstance(cell, str) else True


def _read(row: Row, column: Column, cell: Cell) -> Any:
    if cells.is_blank(cell):
        if column.required:
            row.refuse(column.title, "missing")
        return column.blank
    try:
        return column.parse(cell)
    except CellProblem as problem:
        row.unread[column.field] = cell
        if column.lenient:
            row.doubt(column.title, column.doubt, problem.code)
        else:
            row.refuse(column.title, problem.code)
        return None


def _staged(row: Row, columns: tuple[Column, ...]) -> Staged:
    """Numbers are sealed and hashed beside the payload and never stand in it."""
    values = row.values
    identity, phone = values.pop("identity", None), values.pop("phone", None)
    said = row.unread.get("identity")
    unverified = cells.compact(said)[:60] if identity is None and isinstance(said, str) else ""
    other = {
        column.kept_as: value
        for column in columns
        if column.kept_as and (value := values.pop(column.field, None)) not in (None, "")
    }
    payload = values | {"other": other} if other else dict(values)
    # Keyed hashes of what may differ between two spellings of one row.
    if unverified:
        payload["identity_key"] = lookup_hash(unverified).hex()
    if phone:
        payload["phone_key"] = lookup_hash(phone).hex()
    if row.doubts:
        payload["doubts"] = row.doubts
    return Staged(
        row_number=row.number,
        outcome="refused" if row.reasons else None,
        reasons=_json(row.reasons),
        doubts=_json(row.doubts),
        household_code=payload.pop("household_code", None),
        person_code=payload.pop("person_code", None),
        identity_sealed=_hex(seal(identity or unverified)) if identity or unverified else None,
        identity_hash=_hex(lookup_hash(identity)) if identity else None,
        phone_sealed=_hex(seal(phone)) if phone else None,
        payload=_encode(payload),
    )


def _hex(value: bytes) -> str:
    return "\\x" + value.hex()


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a payload")


_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode


def _json(value: object) -> str:
    return _encode(value) if value else "[]"
