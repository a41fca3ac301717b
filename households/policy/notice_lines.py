"""Reading the State Council's holiday notice: its own sentences, or lines of days, kind and name (``SAMPLE``).

A line without any day in it (a heading, an address) is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

SAMPLE = """\
2026-10-01–2026-10-07, 休, 国庆节
2026-10-10, 班, 国庆节
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""
# What stands in brackets is a weekday or the lunar day.
BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")
NUMBERING = re.compile(r"^[一二三四五六七八九十\d]{1,3}[、.．]\s*")
DAY = r"(?:(?P<{0}y>\d{{4}})\s*[-/.年]\s*)?(?P<{0}m>\d{{1,2}})\s*[-/.月]\s*(?P<{0}d>\d{{1,2}})日?"
TOKEN = re.compile(
    rf"(?P<days>{DAY.format('a')}(?:\s*(?:至|到|–|—|-|~|～)\s*(?:{DAY.format('b')}|(?P<last>\d{{1,2}})日?))?)"
    r"|(?P<work>上班|补班|班|make-up|working day)|(?P<off>放假|休息|休|holiday|day off)",
    re.IGNORECASE,
)
LONGEST = 15
SEPARATORS = " \t,，、;；:：。."


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not what its weekday says."""

    day: date
    is_workday: bool
    name: str


@dataclass
class NoticeRead:
    """What a text says: each day once, in order; and what is wrong with it, as sentences that name the line."""

    days: dict[date, SpecialDay] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Unreadable(Exception):
    """A line that says something about days, but not clearly; the words of the exception say what is wrong."""


def read_notice(text: str, year: int) -> NoticeRead:
    """The days of a notice for ``year``; a date without a year lies in it. Nothing is guessed."""
    read = NoticeRead()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            for special in _read_line(line, year):
                known = read.days.setdefault(special.day, special)
                if known.is_workday != special.is_workday:
                    raise Unreadable(_("%(day)s is a day off and a make-up day at once.") % {"day": special.day})
        except Unreadable as wrong:
            read.problems.append(_("Line %(number)s: %(what)s") % {"number": number, "what": wrong})
    if not read.days and not read.problems:
        read.problems.append(_("No line names a day, whether it is off or made up for, and the holiday."))
    read.days = dict(sorted(read.days.items()))
    return read


def _read_line(line: str, year: int) -> Iterator[SpecialDay]:
    text = BRACKETS.sub("", line).strip()
    name, colon, said = text.partition("：")
    said = said if colon else text
    spans: list[tuple[date, date]] = []
    found: list[tuple[date, date, bool]] = []
    end = 0
    for token in TOKEN.finditer(said):
        if token["days"]:
            spans.append(_span(token, year))
        elif spans:
            found += [(first, last, token["work"] is not None) for first, last in spans]
            spans, end = [], end or token.end()
    if spans:
        raise Unreadable(_("%(day)s is neither said to be off nor to be a make-up day.") % {"day": spans[0][0]})
    if not found:
        return
    name = (NUMBERING.sub("", name) if colon else said[end:]).strip(SEPARATORS)
    if not 0 < len(name) <= 40:
        raise Unreadable(_("Name the holiday, in at most 40 characters."))
    for first, last, is_workday in found:
        yield from _days(first, last, is_workday, name)


def _span(token: re.Match[str], year: int) -> tuple[date, date]:
    """First and last day; ``至7日`` is of the month before it."""
    first_year = int(token["ay"] or year)
    first = _date(first_year, token["am"], token["ad"])
    if token["last"]:
        return first, _date(first.year, str(first.month), token["last"])
    if token["bm"]:
        return first, _date(int(token["by"] or first.year), token["bm"], token["bd"])
    return first, first


def _date(year: int, month: str, day: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise Unreadable(
            _("There is no day %(day)s.") % {"day": f"{year}-{int(month):02}-{int(day):02}"}
        ) from None


def _days(first: date, last: date, is_workday: bool, name: str) -> Iterator[SpecialDay]:
    if not first <= last < first + timedelta(days=LONGEST):
        raise Unreadable(
            _("From %(first)s to %(last)s is no holiday of at most %(count)s days.")
            % {"first": first, "last": last, "count": LONGEST}
        )
    for number in range((last - first).days + 1):
        yield SpecialDay(first + timedelta(days=number), is_workday, name)
