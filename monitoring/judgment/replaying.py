"""A run judged again from the evidence that it read: into nothing, and compared with what it found then.

The tables that a judgment writes are shadowed by temporary ones of the same names for the length of a transaction
that is rolled back. So the very statements of a run are executed, with its number, its cut-off and its thresholds,
nothing of it is seen by anybody else, and a replay that is killed leaves nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from households.ledger.services import write_audit
from households.models import Area, Level, User
from monitoring.judgment.comparing import Change, Difference, differing_months, month_changes, replay_differences
from monitoring.judgment.digest import run_digest
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunKind, RunState
from monitoring.judgment.shards import find
from monitoring.judgment.window import parse_month
from monitoring.rules import BY_CODE

# With a run's id: one replay of a run at a time.
REPLAY_LOCK = 5270002
SHADOWED = (HouseholdMonth, Finding)

# What a run reads of the sealed months before. Ids are given anew: those of the shadow begin at 1 as well.
COPY_SEALED = """
INSERT INTO monitoring_finding ({columns}) SELECT {columns} FROM {schema}.monitoring_finding WHERE run_id = ANY(%s)
"""


class NotReplayable(Exception):
    """``reason``: "not_found", "immediate", "not_finished" or "running"."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class RuleChange:
    """A rule whose version is not the one that the run used. ``now`` is None when it cannot be asked any more."""

    code: str
    then: int
    now: int | None


@dataclass(frozen=True)
class Replay:
    """``digest``: of the findings computed now; ``stored``: of those that stand in the database."""

    run: JudgmentRun
    digest: str
    stored: str
    rule_changes: tuple[RuleChange, ...]
    # How many findings differ, and the first of them in the order of the digest's lines.
    findings: int
    first: Difference | None
    # What is not the same of that household's indicators, which mostly is why.
    indicators: tuple[Change, ...]
    # Households with another indicator, whether or not a rule took notice.
    months: int

    @property
    def is_same(self) -> bool:
        return self.run.digest == self.digest == self.stored


def run_named(name: str) -> JudgmentRun:
    """A run by its number, or by its month: the sealed one, else the newest that has finished.

    Raises ``NotReplayable``, and ``ValueError`` for what is neither.
    """
    runs = JudgmentRun.objects.filter(county=settings.COUNTY_CODE)
    if name.isdecimal():
        run = runs.filter(pk=int(name)).first()
    else:
        finished = runs.monthly().filter(month=parse_month(name), state=RunState.DONE)
        run = finished.filter(sealed_at__isnull=False).first() or finished.order_by("-revision").first()
    if run is None:
        raise NotReplayable("not_found")
    return run


def replay_run(*, run: JudgmentRun, by: User | None) -> Replay:
    """Judges a finished monthly run again and compares. Writes one line of the audit trail and nothing else.

    Costs about what the run cost. Raises ``NotReplayable``.
    """
    if run.kind != RunKind.MONTHLY:
        raise NotReplayable("immediate")
    if run.state != RunState.DONE:
        raise NotReplayable("not_finished")
    result = _replay(JudgmentRun.objects.get(pk=run.pk))
    write_audit(
        action="run_replayed",
        actor=by,
        subject="run",
        subject_id=run.pk,
        same=result.is_same,
        findings=result.findings,
        digest=result.digest,
    )
    return result


def _replay(run: JudgmentRun) -> Replay:
    stored = run_digest(run)
    changes = _rule_changes(run)
    # In memory only: a rule that now needs a threshold which the run did not copy has nothing to compare with.
    run.refused_rules = run.refused_rules | {change.code: [] for change in changes if change.now is None}
    with _nothing_is_kept(run) as schema:
        for number, township in enumerate(_townships(run)):
            find(run, township)
            if number == 0:
                _analyse()
        digest = run_digest(run)
        count, differences = replay_differences(run, schema, 1)
        first = differences[0] if differences else None
        household = first.household_id if first else None
        return Replay(
            run=run,
            digest=digest,
            stored=stored,
            rule_changes=changes,
            findings=count,
            first=first,
            indicators=month_changes(run, schema, household) if household else (),
            months=differing_months(run, schema),
        )


@contextmanager
def _nothing_is_kept(run: JudgmentRun) -> Iterator[str]:
    """Inside, the tables a judgment writes are empty ones of this transaction. Yields the schema of the others."""
    columns = ", ".join(f'"{field.column}"' for field in Finding._meta.concrete_fields if not field.primary_key)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::int)", (REPLAY_LOCK, run.pk % 2**31))
            if not cursor.fetchone()[0]:
                raise NotReplayable("running")
            cursor.execute(
                "SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
                " WHERE pg_class.oid = 'monitoring_finding'::regclass"
            )
            (schema,) = cursor.fetchone()
            for model in SHADOWED:
                table = model._meta.db_table
                cursor.execute(f"CREATE TEMP TABLE {table} (LIKE {schema}.{table} INCLUDING ALL) ON COMMIT DROP")
            cursor.execute(COPY_SEALED.format(columns=columns, schema=schema), (run.sealed_before,))
        yield schema
        transaction.set_rollback(True)


def _townships(run: JudgmentRun) -> list[str]:
    """Those of the run, and any that came since: where a household lay then is told by the statement itself."""
    today: set[Any] = set(
        Area.objects.filter(level=Level.TOWNSHIP, county=run.county).values_list("code", flat=True)
    )
    return sorted(today | set(run.shards.values_list("area_id", flat=True)))


def _analyse() -> None:
    """After the first township the planner learns of the rows, as in a run."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(f"pg_temp.{model._meta.db_table}" for model in SHADOWED))


def _rule_changes(run: JudgmentRun) -> tuple[RuleChange, ...]:
    changes = []
    for code, then in sorted(run.rules.items()):
        rule = BY_CODE.get(code)
        asked = rule is not None and (code in run.refused_rules or set(rule.thresholds) <= set(run.thresholds))
        now = rule.version if rule is not None and asked else None
        if now != then:
            changes.append(RuleChange(code, then, now))
    return tuple(changes)
