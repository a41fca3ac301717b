"""The days and months a judgment looks at. Months are Asia/Shanghai; a month is its first day."""

from dataclasses import dataclass
from datetime import date, timedelta


def first_day(day: date) -> date:
    return day.replace(day=1)


def add_months(month: date, count: int) -> date:
    """The first day of the month ``count`` months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    return add_months(month, 1) - timedelta(days=1)


def parse_month(text: str) -> date:
    """``"2022-06"`` → 1 June 2022. Raises ``ValueError``."""
    year, _sep, month = text.partition("-")
    return date(int(year), int(month), 1)


@dataclass(frozen=True)
class Window:
    """The judged month and the eleven before; previous is the twelve before that.

    ``events`` is the month of events: the judged month itself, or the one that runs now when something is judged
    at once. What is known (members, register) is read as of its end.
    """

    month: date
    events: date

    @classmethod
    def of(cls, month: date) -> "Window":
        """The window of a whole month."""
        return cls(month, month)

    @property
    def start(self) -> date:
        return add_months(self.month, -11)

    @property
    def ledger_end(self) -> date:
        return month_end(self.month)

    @property
    def end(self) -> date:
        return month_end(self.events)

    @property
    def previous_start(self) -> date:
        return add_months(self.month, -23)

    @property
    def previous_end(self) -> date:
        return add_months(self.month, -12)

    @property
    def year_start(self) -> date:
        return date(self.events.year, 1, 1)
