"""What a form declares: its columns, how each is read, and where its rows go."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from households.imports.cells import Cell, Choice, month, title
from households.imports.problems import entry


@dataclass(frozen=True)
class Column:
    """One column of a form.

    ``names``: the standard title first, then others seen. ``required``: a blank refuses the row. A header without
    a column that is ``required`` or ``in_header`` is not this form. ``lenient``: what cannot be read is unknown,
    with a doubt; otherwise it refuses the row. ``kept_as``: a key under which the value is stored beside the facts
    that rules read.
    """

    field: str
    names: tuple[str, ...]
    parse: Callable[[Cell], Any]
    required: bool = False
    in_header: bool = False
    lenient: bool = False
    doubt: str = "value_unknown"
    # What a blank means where it does not mean "unknown".
    blank: Any = None
    # Few different words: each is parsed once.
    words: bool = False
    kept_as: str = ""
    # Shown in lists of rows, not only where a row stands alone.
    brief: bool = True

    @property
    def title(self) -> str:
        return self.names[0]

    def show(self, value: object) -> str:
        """A stored value in the words of the form."""
        if isinstance(self.parse, Choice):
            return self.parse.words.get(value, str(value))
        if isinstance(value, list):
            return "、".join(value)
        return str(value)[:7] if self.parse is month else str(value)


@dataclass
class Row:
    """One row on its way: values by field, why it is refused, what is doubtful."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[dict[str, str]] = field(default_factory=list)
    doubts: list[dict[str, str]] = field(default_factory=list)
    # Cells that could not be read, by field: for what is sealed as the file said it.
    unread: dict[str, Cell] = field(default_factory=dict)

    def refuse(self, column: str, code: str) -> None:
        self.reasons.append(entry(column, code))

    def doubt(self, column: str, code: str, detail: str = "") -> None:
        self.doubts.append(entry(column, code, detail))


@dataclass(frozen=True)
class Setting:
    """What a row is read against: the day, and code → present code of the county's villages."""

    today: dt.date
    villages: dict[str, str]


class Plan(Protocol):
    """How the rows of a form are matched with the register and written, in sets."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that ``write`` fills."""

    def match(self, scope: "Scope") -> None:
        """Gives every row that was not refused its outcome."""

    def write(self, scope: "Scope", batch_id: int) -> None:
        """Writes new and changed rows as evidence of a batch."""


@dataclass(frozen=True)
class Scope:
    """Which staged rows are meant: all of an import, one that somebody matches by hand, or those that wait."""

    import_id: int
    county: str
    as_of: dt.date
    # The month that a department list speaks of.
    month: dt.date | None = None
    row_id: int | None = None
    person_id: int | None = None
    household_id: int | None = None
    waiting: bool = False

    @property
    def is_narrowed(self) -> bool:
        return self.waiting or self.row_id is not None


def _nothing(_row: Row, _setting: Setting) -> None:
    """Most forms need no look across their columns."""


@dataclass(frozen=True)
class Reader:
    """One form. Adding a department is one such declaration in a file, and its name in ``READERS``."""

    kind: str
    title: Any
    department: str
    columns: tuple[Column, ...]
    # Fields that tell a row from a total: a row without any of them that says 合计 is skipped.
    key: tuple[str, ...]
    plan: Plan
    finish: Callable[[Row, Setting], None] = _nothing
    # An export of the register: whoever is missing from a full one is a doubt.
    register: bool = False
    # The list of a month: that it was received counts, also when it is empty.
    monthly: bool = False
    # The field with the day of a row: without title and file name it tells the month of the list.
    dated: str = ""
    # Words of a title or sheet that tell this form from another one with the same columns.
    signs: tuple[str, ...] = ()
    # Whose row it is that somebody has to say when it waits.
    waits_for: Literal["household", "person"] = "household"

    @property
    def header_columns(self) -> list[Column]:
        """Columns without which a header is not one of this form."""
        return [column for column in self.columns if column.required or column.in_header]

    def fields_by_title(self) -> dict[str, str]:
        """Compared title → field, the standard names and the others."""
        return {title(name): column.field for column in self.columns for name in column.names}

    def names_by_title(self) -> dict[str, tuple[str, int]]:
        """Compared title → field, and the place of the title among the names of its column."""
        return {
            title(name): (column.field, rank) for column in self.columns for rank, name in enumerate(column.names)
        }
