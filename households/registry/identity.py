"""Resident identity numbers, GB 11643-1999. Plain functions; nothing here is stored or logged."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1)


def check_character(first_17: str) -> str:
    """ISO 7064 MOD 11-2 over the first seventeen digits."""
    return CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """Digits 7-14 as a date, ``None`` when they are none."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def identity_problem(number: str, today: date) -> str | None:
    """Why a normalised number is no identity number (a code of ``households.imports.problems``), or ``None``.

    The first six digits are the area of first registration: any county is right, a person may have moved here.
    """
    if not number:
        return "identity_missing"
    if re.fullmatch(r"\d{15}", number):
        return "identity_15_digits"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "identity_length" if re.fullmatch(r"[\dX]+", number) else "identity_characters"
    if check_character(number[:17]) != number[17]:
        return "check_digit"
    born = birth_date(number)
    if born is None or not EARLIEST_BIRTH <= born <= today:
        return "identity_birth_date"
    return None


def sex_of(number: str) -> str:
    """``"male"`` for an odd sequence number, ``"female"`` for an even one."""
    return "male" if int(number[16]) % 2 else "female"
