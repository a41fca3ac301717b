"""Where a person of some birth date stands in school in some month, and with what education they leave."""

from datetime import date
from random import Random

COMPULSORY = ("小学",) * 6 + ("七年级", "八年级", "九年级")
HIGH = tuple(f"普通高中{year}年级" for year in "一二三")
# What follows the nine years, by the way a person takes; the education that stands afterwards.
WAYS: dict[str, tuple[tuple[str, ...], str]] = {
    "leaves": (COMPULSORY, "初中"),
    "vocational": (COMPULSORY + tuple(f"中职{year}年级" for year in "一二三"), "高中"),
    "high": (COMPULSORY + HIGH, "高中"),
    "college": (COMPULSORY + HIGH + tuple(f"高职高专{year}年级" for year in "一二三"), "大专"),
    "university": (COMPULSORY + HIGH + tuple(f"本科{year}年级" for year in "一二三四"), "大专"),
}
SHARES = (("leaves", 0.06), ("vocational", 0.40), ("high", 0.52), ("college", 0.78), ("university", 1.0))
LONGEST = max(len(stages) for stages, _education in WAYS.values())
ELDER_EDUCATION = {
    1950: (("文盲或半文盲", 0.42), ("小学", 0.88), ("初中", 1.0)),
    1970: (("文盲或半文盲", 0.08), ("小学", 0.50), ("初中", 0.91), ("高中", 1.0)),
    9999: (("小学", 0.16), ("初中", 0.78), ("高中", 0.94), ("大专", 1.0)),
}


def _pick(shares: tuple[tuple[str, float], ...], chance: float) -> str:
    return next(name for name, bound in shares if chance < bound)


def way(rng: Random) -> str:
    return _pick(SHARES, rng.random())


def school_years(born: date, month: date) -> int:
    """School years begun since the first grade; negative before it."""
    first_september = born.year + (6 if (born.month, born.day) <= (8, 31) else 7)
    return month.year - (month.month < 9) - first_september


def in_school(born: date, month: date, taken: str) -> str:
    """在校生状况 in a month; empty for whoever has left school."""
    years = school_years(born, month)
    if years < 0:
        return "学前教育" if years >= -3 else "学龄前儿童"
    stages = WAYS[taken][0]
    return stages[years] if years < len(stages) else ""


def education_of(born: date, taken: str, rng: Random) -> str:
    """文化程度 of whoever has left school."""
    if born.year >= 1990:
        return WAYS[taken][1]
    shares = next(shares for before, shares in ELDER_EDUCATION.items() if born.year < before)
    return _pick(shares, rng.random())
