"""The XLSX list of accounts: its header, wherever that row stands, and its lines as text and days."""

import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from households.refusal import Refused

# What the columns of the list may be called. The first word is the one that messages use.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "专干姓名", "人员姓名"),
    "username": ("用户名", "账号", "登录名"),
    "role": ("角色", "岗位"),
    "township": ("乡镇", "乡(镇)", "所在乡镇", "镇"),
    "village": ("村", "行政村", "村名", "所在村", "村(社区)"),
    "village_code": ("村代码", "行政村代码", "村编码", "区划代码"),
    "department": ("部门", "单位"),
    "valid_from": ("起始日期", "开始日期", "任职日期"),
    "valid_until": ("截止日期", "结束日期"),
}
COLUMN_OF_HEADING = {heading: column for column, headings in COLUMNS.items() for heading in headings}
HEADER_WITHIN = 20
LINES_AT_MOST = 2_000
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")


class LineRefused(Exception):
    """One line of the list is refused: at which column, and a sentence."""

    def __init__(self, column: str, sentence: str):
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True)
class Line:
    """One row of the list, as text. ``number`` is the row in the sheet, from 1."""

    number: int
    name: str = ""
    username: str = ""
    role: str = ""
    township: str = ""
    village: str = ""
    village_code: str = ""
    department: str = ""
    valid_from: str = ""
    valid_until: str = ""

    def as_values(self) -> list[object]:
        """For the signed preview: values in the order of the fields."""
        return list(asdict(self).values())


def heading_of(column: str) -> str:
    return COLUMNS[column][0]


def _text(value: object) -> str:
    """A cell as text: full-width characters made narrow, control characters and outer blanks dropped."""
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        # A village code typed as a number; twelve digits are exact.
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value))
    return "".join(mark for mark in text if mark.isprintable() or mark == "\n").strip()


def read_day(text: str) -> dt.date | None:
    """``2022-06-05``, ``2022/6/5``, ``20220605``, ``2022年6月5日``, ``2022.6.5``; None if it is no day."""
    match = DAY.fullmatch(text.replace(" ", ""))
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _columns_of(row: Sequence[object]) -> dict[int, str]:
    """Position → column, for the headings that are known; blanks and marks around them do not count."""
    headings = (re.sub(r"\s|\*|\(必填\)|\(选填\)", "", _text(cell)) for cell in row)
    return {
        index: COLUMN_OF_HEADING[heading] for index, heading in enumerate(headings) if heading in COLUMN_OF_HEADING
    }


def _sheet(content: bytes) -> Sequence[Sequence[object]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > settings.IMPORT_MAX_UNPACKED:
            raise Refused(_("The file is too large."))
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError) as error:
        raise Refused(_("The file cannot be read. Please save the list as an Excel workbook (.xlsx).")) from error


def _header(rows: Sequence[Sequence[object]]) -> tuple[int, dict[int, str]]:
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns = _columns_of(row)
        if "name" in columns.values() and len(columns) > 1:
            return index, columns
    raise Refused(
        _("No row with the headings 姓名 and 村 or 村代码 was found in the first %(rows)s rows.")
        % {"rows": HEADER_WITHIN}
    )


def read_account_list(content: bytes) -> list[Line]:
    """The lines of the first sheet. Empty rows are passed over.

    Raises ``Refused`` when it is no XLSX file, has no row with the heading 姓名 and one more among the first
    twenty, has no line below it, or too many.
    """
    rows = _sheet(content)
    header, columns = _header(rows)
    lines = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {column: _text(row[index]) for index, column in columns.items() if index < len(row)}
        if any(cells.values()):
            lines.append(Line(number=number, **cells))
    if not lines:
        raise Refused(_("There is no line below the headings."))
    if len(lines) > LINES_AT_MOST:
        raise Refused(_("A list may have at most %(lines)s lines.") % {"lines": LINES_AT_MOST})
    return lines
