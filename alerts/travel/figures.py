"""Figures of travel: how many alerts were raised, fed back to townships and villages, and verified in a period.

An alert counts once in each figure, by the moment that its row keeps: when it was raised (a reopened one keeps the
first), when it was **first** sent down (sent back, refused, transferred or reopened it is not sent down a second
time), and when the verdict that stands was given (sent back or reopened it has none until somebody looks again).
Days are those of Asia/Shanghai. Counts only: a rate or an order by figures would rank people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel, Channel
from alerts.travel.models import Alert, AlertKind, Verdict
from alerts.travel.periods import Period
from households.areas.choices import ScopeAreas
from households.areas.models import Level
from households.areas.scope import Placed

# What the rows of a reader's first table are.
BELOW = {"county": "township", "township": "village"}
TOP_DOWN = (Channel.RULE,)


@dataclass(frozen=True)
class Figure:
    """What is counted: alerts whose ``moment`` lies in the period, and of these those that ``condition`` says.

    ``query``: the filters of the alert list that say the same. ``of``: the figure that this one is a part of.
    """

    name: str
    label: Promise
    definition: Promise
    moment: str
    condition: Q = field(default_factory=Q)
    query: Mapping[str, str] = field(default_factory=dict)
    of: str = ""


FIGURES = (
    Figure(
        "raised",
        _("Alerts raised"),
        _("Raised in the period, by whatever channel; also what was withdrawn since"),
        "raised",
    ),
    Figure(
        "dispatched",
        _("Fed back to townships and villages"),
        _("Sent down for the first time in the period, whenever it was raised"),
        "dispatched",
    ),
    Figure(
        "dispatched_open",
        _("Of these not closed"),
        _("Fed back in the period and not closed today"),
        "dispatched",
        Q(closed_at__isnull=True),
        {"open": "true"},
        of="dispatched",
    ),
    Figure("verified", _("Verified"), _("The verdict that stands was given in the period"), "verified"),
    Figure(
        "confirmed",
        _("Risk confirmed"),
        _("Verified in the period: there is a risk"),
        "verified",
        Q(verdict=Verdict.CONFIRMED),
        {"verdict": Verdict.CONFIRMED.value},
        of="verified",
    ),
    Figure(
        "no_risk",
        _("No risk"),
        _("Verified in the period: there is no risk"),
        "verified",
        Q(verdict=Verdict.NO_RISK),
        {"verdict": Verdict.NO_RISK.value},
        of="verified",
    ),
    Figure(
        "unclear",
        _("Cannot tell yet"),
        _("Verified in the period: it cannot be told yet"),
        "verified",
        Q(verdict=Verdict.UNCLEAR),
        {"verdict": Verdict.UNCLEAR.value},
        of="verified",
    ),
)
MOMENTS = ("raised", "dispatched", "verified")


@dataclass(frozen=True)
class Counted:
    """A number and the list of what it counts. Without a list (what lies in no township) ``url`` is empty."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """One row of a table: a place, a level or a channel, and its numbers in the order of ``FIGURES``."""

    label: str
    cells: list[Counted]


@dataclass(frozen=True)
class Travel:
    """``by_place`` is empty in a village: one village is one specialist."""

    total: Line
    by_place: list[Line]
    by_level: list[Line]
    top_down: list[Line]
    bottom_up: list[Line]


# (place, level, kind) → figure → number.
Counts = dict[tuple[str | None, str, str], dict[str, int]]


def travel_figures(*, who: Placed, areas: ScopeAreas, period: Period, township: str = "") -> Travel:
    """Every figure of a period where ``who`` stands, or in one township of it. Two queries."""
    level = "township" if township else areas.scope.level if areas.scope else "village"
    place = BELOW.get(level)
    alerts = Alert.objects.visible_to(who)
    counts = _counts(alerts.filter(township=township) if township else alerts, period, place)
    links = _Links(period, {"township": township} if township else {})
    by_channel = _by_channel(counts, links)
    return Travel(
        total=links.line(_("All"), counts.values(), {}),
        by_place=_by_place(counts, areas, place, township, links) if place else [],
        by_level=[
            links.line(word.label, _some(counts, 1, {word.value}), {"level": word.value}) for word in AlertLevel
        ],
        top_down=[line for channel, line in by_channel.items() if channel in TOP_DOWN],
        bottom_up=[line for channel, line in by_channel.items() if channel not in TOP_DOWN],
    )


def _counts(alerts: QuerySet[Alert], period: Period, place: str | None) -> Counts:
    """One statement: each part walks the index of its moment, grouped once; the tables are folded from it."""
    parts = [_part(alerts, period, place, moment) for moment in MOMENTS]
    counts: Counts = defaultdict(dict)
    for row in parts[0].union(*parts[1:], all=True):
        names = [figure.name for figure in FIGURES if figure.moment == row["moment"]]
        counts[row["place"], row["level"], row["kind_id"]] |= dict(
            zip(names, (row[f"n{nth}"] for nth in range(len(names))), strict=True)
        )
    return counts


def _part(alerts: QuerySet[Alert], period: Period, place: str | None, moment: str) -> QuerySet:
    figures = [figure for figure in FIGURES if figure.moment == moment]
    widest = max(sum(figure.moment == other for figure in FIGURES) for other in MOMENTS)
    # The level is never null and stands in the index: the table itself is not read.
    numbers: dict[str, Any] = {
        f"n{nth}": Count("level", filter=figure.condition) for nth, figure in enumerate(figures)
    }
    empty = {f"n{nth}": Value(0) for nth in range(len(figures), widest)}
    within = {f"{moment}_at__gte": period.starts, f"{moment}_at__lt": period.ends}
    return (
        alerts.filter(**within)
        .order_by()
        .values("level", "kind_id", place=F(place) if place else Value(""), moment=Value(moment))
        .annotate(**numbers, **empty)
    )


def _some(counts: Counts, part: int, values: set[str]) -> list[dict[str, int]]:
    return [numbers for key, numbers in counts.items() if key[part] in values]


def _by_channel(counts: Counts, links: "_Links") -> dict[Channel, Line]:
    """Channels stand with the kinds: few enough to be told apart here."""
    channels = dict(AlertKind.objects.values_list("code", "channel"))
    kinds = {word: {code for code, channel in channels.items() if channel == word} for word in Channel}
    return {
        word: links.line(word.label, _some(counts, 2, kinds[word]), {"channel": word.value}) for word in Channel
    }


def _by_place(counts: Counts, areas: ScopeAreas, place: str, township: str, links: "_Links") -> list[Line]:
    """In order of code: a place without anything stands there, too."""
    here = [
        area for area in areas.areas if area.level == Level(place) and (not township or area.township == township)
    ]
    lines = [links.line(area.short_name, _some(counts, 0, {area.code}), {place: area.code}) for area in here]
    known = {area.code for area in here}
    above = [numbers for key, numbers in counts.items() if key[0] not in known]
    if above:
        # A report whose village nobody knows yet, or a village that has merged: no list shows these alone.
        lines.append(links.line(_("In none of these"), above, None))
    return lines


@dataclass(frozen=True)
class _Links:
    """From a number to its list: the period, the place, and what the figure itself says."""

    period: Period
    place: dict[str, str]

    def line(
        self, label: str | Promise, numbers: Iterable[Mapping[str, int]], which: Mapping[str, str] | None
    ) -> Line:
        """``which``: the filter that says which alerts these are; None where no filter does."""
        numbers = list(numbers)
        cells = [
            Counted(
                sum(counted.get(figure.name, 0) for counted in numbers),
                self.url(figure, which) if which is not None else "",
            )
            for figure in FIGURES
        ]
        return Line(str(label), cells)

    def url(self, figure: Figure, which: Mapping[str, str]) -> str:
        query: dict[str, str] = {"open": "any"} | dict(figure.query)
        query |= {
            f"{figure.moment}_from": self.period.first.isoformat(),
            f"{figure.moment}_until": self.period.last.isoformat(),
        }
        return f"{reverse('alerts:list')}?{urlencode({**query, **self.place, **which})}"
