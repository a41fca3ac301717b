"""Revisions of one month side by side, for a page: which is sealed, and what another one says differently."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from households.models import Area, Household, User
from monitoring.judgment.comparing import Difference, RuleCount, revision_counts, revision_differences
from monitoring.judgment.models import JudgmentRun, RunState
from monitoring.judgment.telling import Told, told_change, told_rule

DIFFERENCES_SHOWN = 100


@dataclass(frozen=True)
class Row:
    """A finding that differs: whose, which rule, and what. ``household_id`` is None for a cluster."""

    household_id: int | None
    subject: str
    place: str
    rule: str
    changes: list[Told]


@dataclass(frozen=True)
class Comparison:
    """Two revisions of a month, the earlier or sealed one first. ``counts``: by rule with its words."""

    was: JudgmentRun
    now: JudgmentRun
    counts: list[tuple[str, RuleCount]]
    total: int
    rows: list[Row]

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def revisions_of(run: JudgmentRun) -> list[JudgmentRun]:
    """All revisions of the month of a run, the newest first."""
    runs: QuerySet[JudgmentRun] = JudgmentRun.objects.monthly().filter(county=run.county, month=run.month)
    return list(runs.select_related("sealed_by").order_by("-revision"))


def other_to_compare(run: JudgmentRun, revisions: Iterable[JudgmentRun], asked: str = "") -> JudgmentRun | None:
    """The revision that was asked for, else the sealed one, else the one before, else the newest."""
    others = [row for row in revisions if row.pk != run.pk and row.state == RunState.DONE]
    if run.state != RunState.DONE or not others:
        return None
    for row in others:
        if asked == str(row.pk):
            return row
    sealed = [row for row in others if row.sealed_at]
    earlier = [row for row in others if row.revision < run.revision]
    return [*sealed, *([] if run.sealed_at else earlier), *others][0]


def compare(run: JudgmentRun, other: JudgmentRun, user: User) -> Comparison | None:
    """What differs in the places that ``user`` may see. The sealed one comes first, else the earlier."""
    scope = user.scope
    if scope is None:
        return None
    was, now = sorted((run, other), key=lambda row: (row.sealed_at is None, row.revision))
    total, differences = revision_differences(was, now, scope, DIFFERENCES_SHOWN)
    counts = [(told_rule(count.rule), count) for count in revision_counts(was, now, scope)]
    return Comparison(was, now, counts, total, _rows(differences, user))


def _rows(differences: list[Difference], user: User) -> list[Row]:
    """A household that has moved away since keeps its number here and is not linked."""
    ids = {row.household_id for row in differences if row.household_id}
    heads = dict(Household.objects.visible_to(user).filter(pk__in=ids).values_list("pk", "head_name"))
    places = {
        area.code: area.short_name for area in Area.objects.filter(code__in={d.village for d in differences})
    }
    return [
        Row(
            household_id=row.household_id if row.household_id in heads else None,
            subject=f"{heads.get(row.household_id, '')} {row.name}".strip() if row.household_id else "",
            place=places.get(row.village, row.village),
            rule=told_rule(row.rule),
            changes=[told_change(change, row.rule) for change in row.changes],
        )
        for row in differences
    ]
