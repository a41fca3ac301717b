"""A period of whole days in Asia/Shanghai: as a URL writes it, and the half-years and months one may click."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from households.filtering import DayField, ParameterProblem, odd_parameters, problem

NAMES = ("from", "until")
HALF_YEARS_OFFERED, MONTHS_OFFERED = 3, 3
# A figure of more is asked for by mistake, and would read the whole table.
LONGEST = dt.timedelta(days=3 * 366)


@dataclass(frozen=True)
class Period:
    """Both days included."""

    first: dt.date
    last: dt.date

    @property
    def starts(self) -> dt.datetime:
        """00:00 of the first day."""
        return timezone.make_aware(dt.datetime.combine(self.first, dt.time()))

    @property
    def ends(self) -> dt.datetime:
        """00:00 of the day after the last: what happens at that moment is outside."""
        return timezone.make_aware(dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time()))

    @property
    def query(self) -> dict[str, str]:
        return {"from": self.first.isoformat(), "until": self.last.isoformat()}

    @classmethod
    def of_month(cls, day: dt.date) -> "Period":
        first = day.replace(day=1)
        return cls(first, (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1))

    @classmethod
    def of_half_year(cls, day: dt.date) -> "Period":
        if day.month <= 6:
            return cls(dt.date(day.year, 1, 1), dt.date(day.year, 6, 30))
        return cls(dt.date(day.year, 7, 1), dt.date(day.year, 12, 31))

    def before(self) -> "Period":
        """The month before a month, the half-year before a half-year."""
        day = self.first - dt.timedelta(days=1)
        return self.of_month(day) if self == self.of_month(self.first) else self.of_half_year(day)

    def __str__(self):
        """``2022 上半年``, ``2022-06``, ``2022-01-05 – 2022-02-03``."""
        if self == self.of_half_year(self.first):
            text = _("First half of %(year)s") if self.first.month == 1 else _("Second half of %(year)s")
            return text % {"year": self.first.year}
        if self == self.of_month(self.first):
            return f"{self.first:%Y-%m}"
        return f"{self.first} – {self.last}" if self.first != self.last else str(self.first)


@dataclass(frozen=True)
class Preset:
    """A tab of components/tabs.html."""

    label: str
    url: str
    active: bool


def read_period(
    query: QueryDict, *, default: Period, also: tuple[str, ...] = ()
) -> tuple[Period, list[ParameterProblem]]:
    """``from=2022-01-01&until=2022-06-30``, and what is wrong with it. ``also``: names that others read."""
    problems = odd_parameters(query, (*NAMES, *also))
    days = [_read_day(query.get(name, "")) for name in NAMES]
    if not any(query.get(name) for name in NAMES):
        return default, problems
    problems += [
        problem("invalid_value", name, DayField.allowed)
        for name, day in zip(NAMES, days, strict=True)
        if day is None
    ]
    first, last = days
    if first is None or last is None:
        return default, problems
    if not first <= last < first + LONGEST:
        latest = f"{first} – {first + LONGEST - dt.timedelta(days=1)}"
        return default, [*problems, problem("invalid_value", "until", (latest,))]
    return Period(first, last), problems


def _read_day(text: str) -> dt.date | None:
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None


def presets(newest: dt.date, chosen: Period, **also: str) -> Iterator[Preset]:
    """Half-years and months back from a day. ``also`` stays in the links as it is."""
    half_year, month = Period.of_half_year(newest), Period.of_month(newest)
    for period, count in ((half_year, HALF_YEARS_OFFERED), (month, MONTHS_OFFERED)):
        for _nth in range(count):
            kept = {name: value for name, value in also.items() if value}
            yield Preset(str(period), f"?{urlencode(period.query | kept)}", period == chosen)
            period = period.before()
