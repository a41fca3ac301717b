"""What somebody has to do: the open alerts of their level, the most urgent first, page by page and one by one."""

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.forms import HiddenInput
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel
from alerts.transitions import FINAL
from alerts.travel.filtersets import AlertFilterSet
from alerts.travel.holding import held_by
from alerts.travel.models import Alert, AlertStatus
from households.filtering import HIGHEST_ID, ChoiceFilter, ParameterProblem, problem
from households.models import User
from households.paging import without

MINE, TODAY, OVERDUE, OTHERS = "mine", "today", "overdue", "others"
TABS = [(MINE, _("Mine")), (TODAY, _("Due today")), (OVERDUE, _("Overdue")), (OTHERS, _("Waiting for others"))]
# Where a page of the worklist begins or ends, and where in it an alert stood whose page is open.
POSITIONS = ("after", "before", "at")

RANKS = {level: rank for rank, level in enumerate(AlertLevel.values)}
RANK = Case(
    *(When(level=level, then=rank) for level, rank in RANKS.items()),
    default=len(RANKS),
    output_field=IntegerField(),
)
NEVER = "-"


@dataclass(frozen=True)
class Position:
    """Where an alert stands in a worklist: by its last day, then red before yellow, then the one raised first.

    It goes along in addresses, so the next one is found even after the alert itself has moved on.
    """

    due_on: dt.date | None
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.due_on or NEVER}.{self.rank}.{self.pk}"

    @property
    def key(self) -> tuple[dt.date, int, int]:
        return self.due_on or dt.date.max, self.rank, self.pk

    @classmethod
    def of(cls, alert: Alert) -> "Position":
        return cls(alert.due_on, RANKS[alert.level], alert.pk)

    @classmethod
    def read(cls, text: str) -> "Position":
        """Raises ``ValueError``."""
        found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2}|-)\.([0-2])\.([0-9]{1,19})", text)
        if found is None or int(found[3]) > HIGHEST_ID:
            raise ValueError("no position in a worklist")
        return cls(None if found[1] == NEVER else dt.date.fromisoformat(found[1]), int(found[2]), int(found[3]))

    def later(self) -> Q:
        """What stands behind it. Without a last day an alert stands at the end, as the index has it."""
        behind = Q(rank__gt=self.rank) | Q(rank=self.rank, pk__gt=self.pk)
        if self.due_on is None:
            return Q(due_on__isnull=True) & behind
        return Q(due_on__gt=self.due_on) | Q(due_on__isnull=True) | Q(due_on=self.due_on) & behind

    def earlier(self) -> Q:
        before = Q(rank__lt=self.rank) | Q(rank=self.rank, pk__lt=self.pk)
        if self.due_on is None:
            return Q(due_on__isnull=False) | Q(due_on__isnull=True) & before
        return Q(due_on__lt=self.due_on) | Q(due_on=self.due_on) & before


class WorkFilterSet(AlertFilterSet):
    """The filters of the alert list as far as they say something of open alerts, and the tab."""

    tab = ChoiceFilter(label=_("List"), choices=TABS, widget=HiddenInput, method="by_tab")

    RARE = (
        "department", "risk", "township", "village", "channel", "holder", "assignee", "due", "verdict", "reason",
        "month",
    )  # fmt: skip

    def __init__(self, query: QueryDict, *, who: User, also: tuple[str, ...] = ()):
        super().__init__(query, who=who, also=also)
        for name in ("open", "waiting", "outcome"):
            del self.filters[name]
        steps = [(status, label) for status, label in AlertStatus.choices if status not in FINAL]
        self.filters["status"].extra["choices"] = steps

    def by_tab(self, alerts: QuerySet, _name: str, _tab: str) -> QuerySet:
        """The other tabs are counted under the same filters, so the tab comes last (``listed``)."""
        return alerts

    @property
    def chosen(self) -> str:
        return self.data.get("tab") or MINE

    @cached_property
    def mine(self) -> Q:
        return held_by(self.who)

    @property
    def counted(self) -> QuerySet:
        """Open alerts of the own area under the filters, whatever the tab."""
        return self.qs.filter(closed_at__isnull=True)

    @property
    def listed(self) -> QuerySet:
        """The rows of the tab. Raises ``BadParameters``."""
        today = timezone.localdate()
        conditions = {
            MINE: self.mine,
            TODAY: self.mine & Q(due_on=today),
            OVERDUE: self.mine & Q(due_on__lt=today),
            OTHERS: ~self.mine,
        }
        return self.counted.filter(conditions[self.chosen])


def count_tabs(filters: WorkFilterSet) -> dict[str, int]:
    """Exactly how many alerts each tab lists, in one statement over the index of open alerts."""
    today = timezone.localdate()
    mine = filters.mine
    counts = filters.counted.aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=mine),
        today=Count("pk", filter=mine & Q(due_on=today)),
        overdue=Count("pk", filter=mine & Q(due_on__lt=today)),
    )
    return {tab: counts[tab] for tab in (MINE, TODAY, OVERDUE)} | {OTHERS: counts["all"] - counts[MINE]}


@dataclass(frozen=True)
class Tab:
    """A tab as a link with exactly how many alerts stand behind it."""

    name: str
    label: str
    count: int
    url: str


def tabs_of(user: User) -> list[Tab]:
    """The tabs of somebody's worklist without any filter. One query."""
    counts = count_tabs(WorkFilterSet(QueryDict(), who=user))
    return [Tab(name, str(label), counts[name], f"{reverse('alerts:work')}?tab={name}") for name, label in TABS]


def in_order(listed: QuerySet) -> QuerySet:
    return listed.annotate(rank=RANK).order_by("due_on", "rank", "pk")


@dataclass(frozen=True)
class WorkPage:
    """Rows in order; ``previous`` and ``following`` are positions for ``before`` and ``after``, None at an end."""

    rows: list[Alert]
    previous: Position | None
    following: Position | None


def read_positions(query: QueryDict) -> tuple[dict[str, Position], list[ParameterProblem]]:
    """Positions by parameter, and what is wrong with the others."""
    found, problems = {}, []
    for name in POSITIONS:
        if name in query:
            try:
                found[name] = Position.read(str(query[name]))
            except ValueError:
                problems.append(problem("invalid_value", name, ("YYYY-MM-DD.0.1",)))
    if "after" in found and "before" in found:
        problems.append(problem("conflicting_parameters", "before", ("after", "before")))
    return found, problems


def read_work(listed: QuerySet, positions: dict[str, Position], *, rows: int, showing: QuerySet) -> WorkPage:
    """One page, by keyset: from the top, behind ``after``, or the nearest before ``before``. One query.

    The rows of the page alone are fetched as ``showing`` says: which they are is read from the index.
    """
    after, before = positions.get("after"), positions.get("before")
    matching = in_order(listed)
    if before is not None:
        backwards = (F("due_on").desc(nulls_first=True), F("rank").desc(), F("pk").desc())
        found = _fetch(matching.filter(before.earlier()).order_by(*backwards)[: rows + 1], showing)
        if len(found) <= rows:
            # Leafing back has reached the top: a whole first page.
            return read_work(listed, {}, rows=rows, showing=showing)
        shown = found[-rows:]
        return WorkPage(shown, Position.of(shown[0]), Position.of(shown[-1]))
    if after is not None:
        matching = matching.filter(after.later())
    found = _fetch(matching[: rows + 1], showing)
    shown = found[:rows]
    following = Position.of(shown[-1]) if len(found) > rows else None
    return WorkPage(shown, after and (Position.of(shown[0]) if shown else after), following)


def _fetch(page: QuerySet, showing: QuerySet) -> list[Alert]:
    return sorted(showing.filter(pk__in=page.values("pk")), key=lambda alert: Position.of(alert).key)


def _positions(rows: QuerySet) -> list[Position]:
    return [Position(*row) for row in rows.values_list("due_on", "rank", "pk")]


def mine_of(user: User) -> QuerySet[Alert]:
    """The alerts that wait for ``user``, for the number in the menu of every page."""
    return Alert.objects.visible_to(user).filter(held_by(user), closed_at__isnull=True).order_by()


def alert_url(pk: int, work: str) -> str:
    """The page of an alert, from which one goes on in a worklist; ``work`` is the list's query string."""
    return f"{reverse('pages:alert', args=[pk])}?{urlencode({'work': work})}"


def work_query(query: QueryDict, at: Position | None = None) -> str:
    """The query string of a worklist, with the alert that was opened from it."""
    return without(query, "at", **({"at": at} if at else {}))


def next_in_work(user: User, query: str, after_id: int) -> str:
    """Where to go on after an alert of a worklist: the next one's page, or the list when nothing is left.

    ``query`` is the list's query string as the alert's page carries it (``work``); ``at`` in it is where the alert
    stood when it was opened. Behind the last one the list begins again. A query that is wrong leads to the list.
    """
    asked = QueryDict(query, mutable=True)
    filters = WorkFilterSet(asked, who=user, also=POSITIONS)
    positions, problems = read_positions(asked)
    if problems or filters.find_problems():
        return reverse("alerts:work")
    listed = in_order(filters.listed.exclude(pk=after_id))
    at = positions.get("at")
    found = _positions(listed.filter(at.later())[:1]) if at else []
    found = found or _positions(listed[:1])
    if not found:
        return f"{reverse('alerts:work')}?{without(asked, *POSITIONS)}"
    return alert_url(found[0].pk, work_query(asked, found[0]))
