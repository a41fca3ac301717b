"""One answer of a visit, read: the value in the form's own writing, or ``Wrong`` with a code.

What an answer is not, is never guessed: the text "6" is no whole number, and 3000 no amount.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from households.imports.cells import plain
from households.visits.declaration import Field, Limits

# What JSON carries without loss.
LARGEST_ID = 2**53 - 1
LIMITS = Limits()
EARLIEST = dt.date.fromisoformat(LIMITS.earliest_day)

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class Wrong(Exception):
    """``code`` is one of ``checking.SENTENCES``; ``numbers`` fill its braces."""

    def __init__(self, code: str, **numbers: object):
        super().__init__(code)
        self.code = code
        self.numbers = numbers


def is_blank(value: object) -> bool:
    """Whether something was not answered: missing, null, or text that nobody can see."""
    return value is None or isinstance(value, str) and not plain(value).strip()


def read(one: Field, value: object) -> Any:
    """The answer to a field; None when it was not given and need not be. Raises ``Wrong``."""
    if is_blank(value):
        if one.required:
            raise Wrong("required")
        return None
    return _READERS[one.kind](one, value)


def read_identifier(value: object) -> int:
    return read(Field("", "", "whole", required=True, least=1, most=LARGEST_ID), value)


def read_uid(value: object) -> UUID:
    if is_blank(value):
        raise Wrong("required")
    if not isinstance(value, str) or not _UID.fullmatch(value):
        raise Wrong("bad_uid")
    return UUID(value)


def read_moment(value: object) -> dt.datetime | None:
    """A moment with its offset from UTC."""
    if is_blank(value):
        return None
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise Wrong("bad_time")
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Wrong("bad_time") from None


def _choice(one: Field, value: object) -> str:
    if isinstance(value, str) and value in dict(one.choices):
        return value
    raise Wrong("unknown_choice")


def _text(one: Field, value: object) -> str:
    if not isinstance(value, str):
        raise Wrong("unknown_choice")
    text = plain(value).strip()
    if len(text) > one.longest:
        raise Wrong("too_long", longest=one.longest)
    # The ledger knows its lines by the words of one row.
    return " ".join(text.split()) if one.name == "item" else text


def _amount(one: Field, value: object) -> str:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise Wrong("not_amount")
    if Decimal(value) > Decimal(LIMITS.most_amount):
        raise Wrong("amount_too_large", most=LIMITS.most_amount)
    return f"{Decimal(value):.2f}"


def _whole(one: Field, value: object) -> int:
    number = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(number, int) or isinstance(number, bool):
        raise Wrong("not_whole")
    if not one.least <= number <= one.most:
        raise Wrong("out_of_range", least=one.least, most=one.most)
    return number


def _day(one: Field, value: object) -> str:
    return _calendar(value, _DAY, "", "not_day")


def _month(one: Field, value: object) -> str:
    return _calendar(value, _MONTH, "-01", "not_month")


def _calendar(value: object, pattern: re.Pattern[str], rest: str, code: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Wrong(code)
    try:
        day = dt.date.fromisoformat(f"{value}{rest}")
    except ValueError:
        raise Wrong(code) from None
    if day < EARLIEST:
        raise Wrong("day_too_early", earliest=LIMITS.earliest_day)
    return value


def _yes_no(one: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Wrong("unknown_choice")


_READERS: dict[str, Callable[[Field, object], Any]] = {
    "choice": _choice,
    "text": _text,
    "amount": _amount,
    "whole": _whole,
    "day": _day,
    "month": _month,
    "yes_no": _yes_no,
}
