"""One page of visits, newest day first, found by the day and id where the last page ended."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from households.filtering import HIGHEST_ID, ParameterProblem, problem
from households.models import BatchKind, Visit
from households.risks import Risk
from households.visits.models import AnswerState, VisitAnswer
from monitoring.tablet.clocks import is_wrong
from monitoring.tablet.models import Upload
from monitoring.visiting.entering import SECTION
from monitoring.visiting.filtersets import LATE_DAYS

PAGE_ROWS = 50
# Among a million visits a filter walks far for every match: more than these are "more than 1,000".
COUNT_UP_TO = 1_000
CURSOR = ("before", "after")
# Of what was found; the whole of it stands on the visit's page.
LONGEST_WORDS = 40
SHOWING = Visit.objects.select_related("household", "visitor", "batch")


@dataclass(frozen=True)
class Position:
    """Where a visit stands in the list: ``2026-11-30.4711``."""

    day: dt.date
    pk: int

    def __str__(self) -> str:
        return f"{self.day}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """Raises ``ValueError``."""
        found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,19})", text)
        if found is None or int(found[2]) > HIGHEST_ID:
            raise ValueError("no position in a list of visits")
        return cls(dt.date.fromisoformat(found[1]), int(found[2]))

    def older(self) -> Q:
        return Q(visited_on__lte=self.day) & (Q(visited_on__lt=self.day) | Q(pk__lt=self.pk))

    def newer(self) -> Q:
        return Q(visited_on__gte=self.day) & (Q(visited_on__gt=self.day) | Q(pk__gt=self.pk))


@dataclass(frozen=True)
class VisitPage:
    """Rows newest first; ``newer`` and ``older`` are positions for ``after`` and ``before``, None at an end.

    ``total`` is counted at the top alone, up to the cap: more than ``COUNT_UP_TO`` means "more than that".
    """

    rows: list[Visit]
    newer: Position | None
    older: Position | None
    total: int | None = None

    @property
    def shown(self) -> str:
        if self.total is None:
            return ""
        if self.total > COUNT_UP_TO:
            return _("More than %(count)s visits") % {"count": f"{COUNT_UP_TO:,}"}
        return ngettext("%(count)s visit", "%(count)s visits", self.total) % {"count": f"{self.total:,}"}


def read_position(query: QueryDict) -> tuple[Position | None, bool, list[ParameterProblem]]:
    """The position of ``before`` or ``after``, whether the page leads forward to newer ones, and what is wrong."""
    given = [name for name in CURSOR if name in query]
    if len(given) > 1:
        return None, False, [problem("conflicting_parameters", "after", CURSOR)]
    try:
        position = Position.read(str(query[given[0]])) if given else None
    except ValueError:
        return None, False, [problem("invalid_value", given[0], ("YYYY-MM-DD.1",))]
    return position, given == ["after"], []


def read_visits(matching: QuerySet, position: Position | None, *, forward: bool) -> VisitPage:
    """The rows of a page are found in the index; they alone are fetched whole."""
    newest_first = matching.order_by("-visited_on", "-pk")
    total = None
    if position is None:
        ids, total = _first_ids_and_total(newest_first)
    else:
        found = newest_first.filter(position.older())
        if forward:
            found = matching.filter(position.newer()).order_by("visited_on", "pk")
        ids = list(found.values_list("pk", flat=True)[: PAGE_ROWS + 1])
    rows = sorted(SHOWING.filter(pk__in=ids), key=lambda visit: (visit.visited_on, visit.pk), reverse=True)
    has_more = len(rows) > PAGE_ROWS
    rows = rows[-PAGE_ROWS:] if forward else rows[:PAGE_ROWS]
    first, last = (_position(rows[0]), _position(rows[-1])) if rows else (None, None)
    if forward:
        return VisitPage(rows, first if has_more else None, last)
    return VisitPage(rows, first if position else None, last if has_more else None, total)


def _first_ids_and_total(newest_first: QuerySet) -> tuple[list[int], int]:
    """The newest ids and how many there are up to the cap: one walk, however long a rare filter makes it."""
    try:
        sql, parameters = newest_first.values_list("pk", "visited_on")[: COUNT_UP_TO + 1].query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found (id, day) AS MATERIALIZED ({sql})"
            " SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY day DESC, id DESC LIMIT %s",
            (*parameters, PAGE_ROWS + 1),
        )
        found = cursor.fetchall()
    return [pk for pk, _total in found], found[0][1] if found else 0


def _position(visit: Visit) -> Position:
    return Position(visit.visited_on, visit.pk)


@dataclass(frozen=True)
class VisitRow:
    """A visit as the list shows it. ``answers`` and ``asked``: how much it said, and how much waits;
    ``verdicts``: how many alerts were verified with it; ``came``: how it came in; ``words``: the first of what
    was found.
    """

    visit: Visit
    place: str
    risks: list[str]
    answers: int
    asked: int
    verdicts: int
    came: str
    words: str
    late_days: int
    clock_wrong: bool


def show_visits(visits: list[Visit], places: dict[str, str]) -> list[VisitRow]:
    """Two queries for all of them."""
    answers = VisitAnswer.objects.filter(visit__in=visits).order_by().values("visit")
    counts = answers.annotate(
        answers=Count("pk", filter=~Q(section=SECTION)),
        asked=Count("pk", filter=Q(state=AnswerState.ASKED)),
        verdicts=Count("pk", filter=Q(section=SECTION, said__moved=True)),
    )
    counted = {row["visit"]: (row["answers"], row["asked"], row["verdicts"]) for row in counts}
    told = Upload.objects.filter(visit__in=visits).order_by().values_list("visit", "answer__verdicts")
    on_tablets = Counter(pk for pk, said in told for one in said or () if one.get("moved"))
    return [_row(visit, places, counted.get(visit.pk, (0, 0, 0)), on_tablets[visit.pk]) for visit in visits]


def _row(visit: Visit, places: dict[str, str], counted: tuple[int, int, int], on_tablet: int) -> VisitRow:
    answers, asked, at_desk = counted
    return VisitRow(
        visit=visit,
        place=places.get(visit.village, ""),
        risks=[str(Risk(risk).label) for risk in visit.risks],
        answers=answers,
        asked=asked,
        verdicts=at_desk + on_tablet,
        came=way_in(visit),
        words=first_words(visit),
        late_days=late_days(visit),
        clock_wrong=clock_wrong(visit),
    )


def first_words(visit: Visit) -> str:
    """One line, cut. Whoever sees the row may open its page, where all of it stands."""
    return Truncator(" ".join((visit.words or visit.needs).split())).chars(LONGEST_WORDS)


def way_in(visit: Visit) -> str:
    """How it came in. At the desk it was written down like on a tablet: that corrects nothing."""
    if visit.batch.kind == BatchKind.TABLET:
        return _("On a tablet")
    return _("Entered at the desk") if visit.batch.kind == BatchKind.DESK else visit.batch.get_kind_display()


def late_days(visit: Visit) -> int:
    """How many days after its day it came in; 0 where that is no delay, and where forms had no version yet."""
    if visit.form is None:
        return 0
    days = (timezone.localdate(visit.batch.recorded_at) - visit.visited_on).days
    return days if days > LATE_DAYS else 0


def clock_wrong(visit: Visit) -> bool:
    return visit.tablet_day is not None or is_wrong(visit.clock_behind)
