"""One cell of a spreadsheet → one value, or a ``CellProblem``. Understands what is written, guesses nothing.

A parser takes what the reader of the file gives (text, number, date, truth value) and is never called on a blank.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

from households.imports.problems import CellProblem
from households.registry.identity import identity_problem

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta

# White space of every kind (U+00A0 and U+3000 among them), zero-width and direction marks, soft hyphens.
_BLANKS = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
# What neither the database nor a page can show: control characters and halves of surrogate pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"\d(\.\d*)?[eE][+-]?\d+")
# ="4205…", written by those who want to keep a long number as text in a CSV file.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_AMOUNT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})[日号]?")
_TIME_OF_DAY = re.compile(r"(?<=[\d日])[\sT]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?\s*$")
_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2})|/(\d{1,2})|\.(\d{1,2})|年(\d{1,2})月)")
_CARD = re.compile(r"([0-9]{17}[0-9X])([1-7][1-4])(?:B[0-9]?)?")
_DIGITS_8 = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DIGITS_6 = re.compile(r"(\d{4})(\d{2})")
YEARS = range(1900, 2101)
CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal(10) ** 11
LARGEST_AREA = Decimal(100_000)


def is_blank(cell: Cell) -> bool:
    """Nothing at all, or nothing that can be seen."""
    if not isinstance(cell, str):
        return False
    if cell.isprintable():
        return not cell or cell.isspace()
    return not _BLANKS.sub("", _UNPRINTABLE.sub("", cell))


def plain(cell: Cell) -> str:
    """A cell as text: whole numbers without ``.0``, dates in ISO form, unprintable characters dropped."""
    if isinstance(cell, str):
        return cell if cell.isprintable() else _UNPRINTABLE.sub("", cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else cell.isoformat()
    return str(cell)


def compact(cell: Cell) -> str:
    """Text without any blanks, full-width characters made half-width, the sign for "this is text" taken off."""
    text = plain(cell)
    if not (text.isascii() and text.isprintable() and " " not in text):
        text = _BLANKS.sub("", unicodedata.normalize("NFKC", text))
    quoted = _QUOTED_FORMULA.fullmatch(text)
    return quoted[1] if quoted else text.removeprefix("'")


def title(cell: Cell) -> str:
    """A column name for comparing: without blanks, line breaks, stars and unit of money."""
    text = compact(cell).replace("*", "").rstrip(":")
    return re.sub(r"\((单位:)?元\)$|\(必填\)$", "", text)


def _free_text(cell: Cell, limit: int) -> str:
    text = plain(cell)
    if not text.isprintable() or text[:1] in " '" or text[-1:] == " ":
        text = _BLANKS.sub(" ", text).strip()
        # An apostrophe before what looks like a formula is how we (and Excel) write "this is text".
        if re.match(r"'[=+\-@]", text):
            text = text[1:]
    if "\ufffd" in text:
        raise CellProblem("text_unreadable")
    if len(text) > limit:
        raise CellProblem("text_too_long")
    return text


def text(limit: int) -> Callable[[Cell], str]:
    """Free text as it stands, blanks at its ends dropped. ``=1+1`` is a text like any other."""
    return lambda cell: _free_text(cell, limit)


def name(cell: Cell) -> str:
    """A person's name. Blanks inside a Chinese name only fill it up (张　三)."""
    value = unicodedata.normalize("NFKC", _free_text(cell, 60))
    if not re.search(r"[A-Za-z]", value):
        value = _BLANKS.sub("", value)
    value = re.sub("[•・‧∙●]", "·", value)
    if len(value) > 40:
        raise CellProblem("text_too_long")
    return value


def _code(cell: Cell) -> str:
    """A long number that must come as text: as a number of a spreadsheet it has lost its last digits."""
    if not isinstance(cell, str):
        raise CellProblem("stored_as_number")
    value = compact(cell).upper()
    if _SCIENTIFIC.fullmatch(value):
        raise CellProblem("stored_as_number")
    return value


def identity(cell: Cell) -> str:
    """A resident identity number of 18 characters, ``X`` in upper case. 15 digits are never upgraded by guess."""
    number = _code(cell)
    problem = identity_problem(number, timezone.localdate())
    if problem:
        raise CellProblem(problem)
    return number


def disability_card(cell: Cell) -> str:
    """The number of a disability card: an identity number, the digits of category (1-7) and level (1-4).

    What some cards carry behind them (``B1``: issued again) is dropped.
    """
    number = _code(cell)
    match = _CARD.fullmatch(number)
    if not match:
        raise CellProblem("identity_15_digits" if re.fullmatch("[0-9]{15}", number) else "card_format")
    identity(match[1])
    return match[1] + match[2]


def household_code(cell: Cell) -> str:
    """The national 户编号, 18 digits."""
    value = _code(cell)
    if not re.fullmatch(r"[0-9]{18}", value):
        raise CellProblem("household_code_format")
    return value


def person_code(cell: Cell) -> str:
    """The national 人口编号, 20 digits."""
    value = _code(cell)
    if not re.fullmatch(r"[0-9]{20}", value):
        raise CellProblem("person_code_format")
    return value


def village_code(cell: Cell) -> str:
    """Twelve digits. A number cell holds them exactly, so it is understood."""
    value = compact(cell)
    if not re.fullmatch(r"[0-9]{12}", value):
        raise CellProblem("stored_as_number" if _SCIENTIFIC.fullmatch(value) else "village_code_format")
    return value


def phone(cell: Cell) -> str:
    """A telephone number; a number cell holds its eleven digits exactly."""
    value = compact(cell)
    if len(value) > 40:
        raise CellProblem("text_too_long")
    return value


def _date(year: str, month: str, day: str) -> dt.date:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellProblem("date_unreadable") from error
    if found.year not in YEARS:
        raise CellProblem("date_unreadable")
    return found


def date(cell: Cell) -> dt.date:
    """2022-06-05, 2022/6/5, 20220605, 2022年6月5日, 2022.6.5, a date cell; a time of day behind it is dropped."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return _date(str(cell.year), str(cell.month), str(cell.day))
    if isinstance(cell, bool | dt.time | dt.timedelta):
        raise CellProblem("date_unreadable")
    value = compact(_TIME_OF_DAY.sub("", plain(cell)))
    if match := _DIGITS_8.fullmatch(value):
        return _date(*match.groups())
    match = _DATE.fullmatch(value)
    if not match:
        raise CellProblem("date_unreadable")
    year, *months, day = match.groups()
    return _date(year, next(filter(None, months)), day)


def birth_date(cell: Cell) -> dt.date:
    """A date on which somebody alive today can have been born."""
    value = date(cell)
    if value > timezone.localdate():
        raise CellProblem("birth_date_impossible")
    return value


def month(cell: Cell) -> dt.date:
    """202206, 2022-06, 2022/6, 2022年6月, 2022.6 or a date → the first day of its month.

    A *number* 2022.1 is refused: it is January or, its last zero lost, October.
    """
    if isinstance(cell, float) and not cell.is_integer():
        raise CellProblem("month_unreadable")
    if isinstance(cell, str | int | float) and not isinstance(cell, bool):
        value = compact(cell)
        match = _DIGITS_6.fullmatch(value) or _MONTH.fullmatch(value)
        if match:
            year, *months = match.groups()
            return _month(int(year), int(next(filter(None, months))))
    try:
        return date(cell).replace(day=1)
    except CellProblem as problem:
        raise CellProblem("month_unreadable") from problem


def _month(year: int, number: int) -> dt.date:
    if year not in YEARS or not 1 <= number <= 12:
        raise CellProblem("month_unreadable")
    return dt.date(year, number, 1)


def amount(cell: Cell) -> Decimal:
    """Yuan, two decimals, not negative. Thousands separators, blanks, full-width digits, ¥ and 元 understood."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise CellProblem("amount_unreadable")
    if isinstance(cell, str):
        value = compact(cell).replace("−", "-").removeprefix("¥").removesuffix("元")
        if not _AMOUNT.fullmatch(value):
            raise CellProblem("amount_unreadable")
        number = Decimal(value.replace(",", ""))
    else:
        number = Decimal(repr(cell))
    if number < 0:
        raise CellProblem("amount_negative")
    if number >= LARGEST_AMOUNT:
        raise CellProblem("amount_too_large")
    return number.quantize(CENT, ROUND_HALF_UP)


def area(cell: Cell) -> Decimal:
    """Mu of land; more than a village has is a slip of the pen."""
    value = amount(cell)
    if value >= LARGEST_AREA:
        raise CellProblem("number_out_of_range")
    return value


def whole_number(low: int, high: int, unit: str = "") -> Callable[[Cell], int]:
    """A whole number from ``low`` to ``high``; ``unit`` may stand behind it (``2017年``)."""

    def parse(cell: Cell) -> int:
        value = compact(cell).removesuffix(unit)
        if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{1,9}(\.0+)?", value):
            raise CellProblem("number_unreadable")
        number = int(value.split(".")[0])
        if not low <= number <= high:
            raise CellProblem("number_out_of_range")
        return number

    return parse


class Choice:
    """One of the words of a form → our value. Blanks and full-width characters in the words do not matter."""

    def __init__(self, words: Mapping[str, object]):
        self.values = {compact(word): value for word, value in words.items()}
        # Value → the first word for it, for showing.
        self.words: dict[object, str] = {}
        for word, value in words.items():
            self.words.setdefault(value, word)

    def __call__(self, cell: Cell) -> object:
        word = compact(cell)
        if word not in self.values:
            raise CellProblem("word_unknown")
        return self.values[word]


yes_no = Choice({"是": True, "否": False})


def several(limit: int) -> Callable[[Cell], list[str]]:
    """A list of words divided by comma or enumeration comma, each once, in the order given."""

    def parse(cell: Cell) -> list[str]:
        words = [word for word in re.split("[,、;/]", compact(cell)) if word]
        if any(len(word) > limit for word in words):
            raise CellProblem("text_too_long")
        return list(dict.fromkeys(words))

    return parse
