"""What rests on evidence: which alerts a judgment would find with it, and which without.

The evidence is judged again in the months in which the alerts were found, for their households alone, and rolled
back: an alert rests on rows when its finding is another one without them, and on them alone when there is none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from alerts.travel.withdrawing import acted_on
from households.models import EvidenceBatch, Household, HouseholdMove
from monitoring.judgment.affected import AFFECTED
from monitoring.judgment.models import Finding, JudgmentRun, RunKind
from monitoring.judgment.running import create_run, lock_opening
from monitoring.judgment.shards import find
from monitoring.judgment.window import Window
from monitoring.rules import RULES

AFFECTED_HOUSEHOLDS = f"WITH {AFFECTED} SELECT household_id FROM affected"

# Fewer are cheap under any plan.
ANALYSE_FROM = 1000

# The month of the ledger and that of the events.
Months = tuple[date, date]
# A household or a village, and the rule.
Cause = tuple[int | str, str]
# Level and values of what was found.
Found = tuple[str, str]
Judged = dict[tuple[Months, Cause], Found]


@dataclass(frozen=True)
class Resting:
    """An alert that may rest on what is taken back. ``households``: its own, or those of its cluster."""

    alert_id: int
    cause: Cause
    months: frozenset[Months]
    households: frozenset[int]
    is_acted_on: bool
    is_sealed: bool

    @property
    def is_cluster(self) -> bool:
        return isinstance(self.cause[0], str)

    def found_in(self, judged: Judged) -> list[Found | None]:
        return [judged.get((months, self.cause)) for months in sorted(self.months)]


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside is seen inside, and has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def affected_households(batches: Iterable[int]) -> list[int]:
    """Households whose evidence the batches wrote, corrected or took back."""
    with connection.cursor() as cursor:
        cursor.execute(AFFECTED_HOUSEHOLDS, {"batches": list(batches)})
        return sorted({pk for (pk,) in cursor.fetchall()})


# Alerts that some run found after it had read the first of the batches, with every month that found them.
RESTING = f"""
WITH {AFFECTED},
villages AS (
    SELECT household.village FROM affected JOIN households_household AS household ON household.id = household_id
    UNION
    SELECT move.village_before FROM affected JOIN households_householdmove AS move USING (household_id)
),
candidates AS MATERIALIZED (
    SELECT alert.id, alert.household_id, alert.kind_id
    FROM alerts_alert AS alert
    WHERE alert.status <> 'withdrawn'
      AND (alert.household_id IN (SELECT household_id FROM affected)
           OR alert.area_id IN (SELECT village FROM villages))
)
SELECT alert.id, alert.kind_id, alert.household_id, min(finding.village),
       array_agg(DISTINCT run.month::text || run.event_month::text), bool_or(run.sealed_at IS NOT NULL)
FROM candidates AS alert
JOIN monitoring_finding AS finding ON finding.alert_id = alert.id
JOIN monitoring_judgmentrun AS run ON run.id = finding.run_id
GROUP BY alert.id, alert.kind_id, alert.household_id
HAVING max(run.cutoff) >= %(first)s
ORDER BY alert.id
"""


def resting_on(batches: Collection[int]) -> list[Resting]:
    """Alerts, not withdrawn, that a run found after it had read one of the batches, in the batches' households."""
    positions = EvidenceBatch.objects.filter(pk__in=batches, position__isnull=False).order_by("position")
    first = positions.values_list("position", flat=True).first()
    if first is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RESTING, {"batches": list(batches), "first": first})
        rows = cursor.fetchall()
    acted = acted_on([row[0] for row in rows])
    return [
        Resting(
            alert_id=alert,
            cause=(household or village, rule),
            months=frozenset((date.fromisoformat(both[:10]), date.fromisoformat(both[10:])) for both in months),
            households=frozenset([household] if household else _clustered(alert)),
            is_acted_on=alert in acted,
            is_sealed=is_sealed,
        )
        for alert, rule, household, village, months, is_sealed in rows
    ]


def _clustered(alert: int) -> list[int]:
    """The households that the clusters of an alert were made of."""
    households: set[int] = set()
    for run, village, rule in Finding.objects.filter(alert=alert).values_list("run_id", "village", "rule"):
        of = rule.partition(".")[2]
        same = Finding.objects.filter(run=run, village=village, rule=of, household__isnull=False)
        households.update(same.values_list("household_id", flat=True))
    return sorted(households)


def judge_again(resting: Iterable[Resting]) -> Judged:
    """What is found today for those alerts, in their months. Nothing of it stays."""
    by_months: dict[Months, set[int]] = defaultdict(set)
    for row in resting:
        for months in row.months:
            by_months[months].update(row.households)
    judged: Judged = {}
    with rolled_back():
        lock_opening()
        for months, households in sorted(by_months.items()):
            judged.update(_judge(months, sorted(households)))
    return judged


def _judge(months: Months, households: list[int]) -> Judged:
    run = create_run(Window(*months), kind=RunKind.IMMEDIATE, revision=0, rules=list(RULES))
    for index, township in enumerate(_townships(households)):
        find(run, township, households)
        if index == 0 and len(households) >= ANALYSE_FROM:
            # Rules that read findings look them up by household: the planner has to know of them.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE monitoring_finding, monitoring_householdmonth")
    return {(months, cause): found for cause, found in _found(run)}


def _townships(households: list[int]) -> list[str]:
    """Where they live, and where they lived."""
    codes = set(Household.objects.filter(pk__in=households).values_list("township", flat=True))
    moves = HouseholdMove.objects.filter(household__in=households).values_list("village_before", "village")
    return sorted(codes | {village[:9] for pair in moves for village in pair if village})


def _found(run: JudgmentRun) -> Iterator[tuple[Cause, Found]]:
    rows = Finding.objects.filter(run=run).values_list("household_id", "village", "rule", "level", "values")
    for household, village, rule, level, values in rows:
        yield (household or village, rule), (level, repr(sorted(values.items())))
