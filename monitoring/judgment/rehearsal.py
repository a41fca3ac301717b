"""Another threshold on a month that was judged: how many more, how many fewer, where, who. Nothing is written.

Every rule that reads the threshold fires twice over the indicators that the run stored, once with the value that
it used and once with the other, and the two are compared in one statement. Rules that read what other rules found
are compared on the findings of the run; what another rule's threshold does to them follows when a month is judged.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Concat

from households.areas.scope import Placed
from monitoring.judgment.clusters import by_village, clusters_among
from monitoring.judgment.finding import RANKS, firing_among, found_columns, threshold_columns
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import FINDINGS, VILLAGE

MORE, FEWER, WORSE, MILDER = "more", "fewer", "worse", "milder"
CHANGES = (MORE, FEWER, WORSE, MILDER)
LEVELS = {rank: level for level, rank in RANKS.items()}
# With its village this names a cluster: one village may have one of each rule.
RULE_NUMBER = Case(
    *(When(rule=rule.code, then=Value(number)) for number, rule in enumerate(RULES, 1)),
    output_field=BigIntegerField(),
)

# One row a household and rule, or a cluster, with its level before and after as a rank, 1 being red.
COMPARED = """
WITH fired (subject, household_id, township, village, rule, level, side) AS ({sides}),
ranked AS (
    SELECT *, CASE level WHEN 'red' THEN 1 WHEN 'yellow' THEN 2 ELSE 3 END AS rank FROM fired
),
by_rule AS MATERIALIZED (
    SELECT subject, household_id, township, village, rule,
           min(rank) FILTER (WHERE side = 0) AS before, min(rank) FILTER (WHERE side = 1) AS after
    FROM ranked GROUP BY subject, household_id, township, village, rule
),
by_subject AS (
    SELECT subject, household_id, township, village, NULL::text AS rule,
           min(before) AS before, min(after) AS after,
           array_agg(rule ORDER BY rule) FILTER (WHERE before IS NOT NULL) AS rules_before,
           array_agg(rule ORDER BY rule) FILTER (WHERE after IS NOT NULL) AS rules_after
    FROM by_rule GROUP BY subject, household_id, township, village
),
"""
CHANGE = """
CASE WHEN before IS NULL THEN 'more' WHEN after IS NULL THEN 'fewer'
     WHEN after < before THEN 'worse' WHEN after > before THEN 'milder' END
"""
COUNT = (
    COMPARED
    + """
counted AS (
    SELECT rule, township, before, after FROM by_rule
    UNION ALL
    SELECT rule, township, before, after FROM by_subject
)
SELECT rule, township, count(before), count(after),
       count(*) FILTER (WHERE before IS NULL), count(*) FILTER (WHERE after IS NULL),
       count(*) FILTER (WHERE after < before), count(*) FILTER (WHERE after > before),
       count(*) FILTER (WHERE before = 1), count(*) FILTER (WHERE after = 1)
FROM counted GROUP BY rule, township ORDER BY rule, township
"""
)
LIST = (
    COMPARED
    + """
changed AS (SELECT *, """
    + CHANGE
    + """ AS change FROM by_subject)
SELECT household_id, township, village, subject, change, before, after, rules_before, rules_after
FROM changed WHERE change = ANY(%s) AND {where} ORDER BY village {order}, subject {order} LIMIT %s
"""
)


@dataclass(frozen=True)
class Counts:
    """Households with a finding (or clusters) before and after, and what changed. Levels: worse and milder."""

    before: int = 0
    after: int = 0
    more: int = 0
    fewer: int = 0
    worse: int = 0
    milder: int = 0
    red_before: int = 0
    red_after: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def is_change(self) -> bool:
        return bool(self.more or self.fewer or self.worse or self.milder)


@dataclass(frozen=True)
class Rehearsal:
    """What another value would have changed in the month of ``run``, in the places that somebody sees.

    ``by_township`` counts each household once, however many of the rules fire for it; ``by_rule`` counts findings.
    """

    run: JudgmentRun
    code: str
    # What the run used; None when there was none, and the rules refused.
    old: Decimal | None
    new: Decimal
    # Rules that were compared, those that refuse with the new value too, and those that read what these find.
    rules: tuple[Rule, ...]
    still_refused: dict[str, list[str]]
    following: tuple[Rule, ...]
    by_township: dict[str, Counts] = field(default_factory=dict)
    by_rule: dict[str, Counts] = field(default_factory=dict)

    @property
    def total(self) -> Counts:
        return sum(self.by_township.values(), Counts())

    @property
    def of_clusters(self) -> bool:
        """Whether clusters are counted, not households."""
        return any(rule.reads == VILLAGE for rule in self.rules)


@dataclass(frozen=True)
class Changed:
    """One household (None: a cluster) for which something would change; the levels are words, "" for none."""

    household_id: int | None
    township: str
    village: str
    subject: int
    change: str
    before: str
    after: str
    rules_before: tuple[str, ...]
    rules_after: tuple[str, ...]
    # Rule → what it would say, in Chinese and English; of a finding that goes, what it says now.
    sentences: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class From:
    """Where a page of the list begins: behind this one in its order, or leafing back in front of it."""

    village: str
    subject: int
    is_back: bool = False


class UnknownThreshold(ValueError):
    """No rule reads a threshold of this name."""


def rules_of(code: str) -> tuple[Rule, ...]:
    """The rules that read a threshold. Raises ``UnknownThreshold``."""
    rules = tuple(rule for rule in RULES if code in rule.thresholds)
    if not rules:
        raise UnknownThreshold
    return rules


def rehearse(*, run: JudgmentRun, code: str, value: Decimal, who: Placed) -> Rehearsal:
    """Judges the month of a finished run with another value of one threshold, in the scope of ``who``.

    One statement, which writes nothing. Raises ``UnknownThreshold`` for a code that no rule reads.
    """
    case = _Case(run, code, value, who)
    rehearsal = Rehearsal(
        run=run,
        code=code,
        old=Decimal(run.thresholds[code]["value"]) if code in run.thresholds else None,
        new=value,
        rules=case.rules,
        still_refused=case.still_refused,
        following=_following(case.rules),
    )
    for rule, township, *numbers in case.fetch(COUNT):
        counts = Counts(*numbers)
        if rule is None:
            rehearsal.by_township[township] = counts
        else:
            rehearsal.by_rule[rule] = rehearsal.by_rule.get(rule, Counts()) + counts
    return rehearsal


def list_changed(
    *,
    run: JudgmentRun,
    code: str,
    value: Decimal,
    who: Placed,
    changes: Iterable[str] = CHANGES,
    township: str = "",
    start: From | None = None,
    limit: int = 50,
) -> list[Changed]:
    """The households for which something would change, village by village; at most ``limit`` from ``start`` on.

    Leafing back they come nearest first. Each carries the sentences of the findings that come or go.
    """
    case = _Case(run, code, value, who, township)
    back = start is not None and start.is_back
    where, parameters = "true", []
    if start is not None:
        where = f"(village, subject) {'<' if back else '>'} (%s, %s)"
        parameters = [start.village, start.subject]
    sql = LIST.replace("{where}", where).replace("{order}", "DESC" if back else "")
    rows = [_changed(*row) for row in case.fetch(sql, [list(changes), *parameters, limit])]
    sentences = case.sentences(rows)
    return [replace(row, sentences=sentences.get(row.household_id, {})) for row in rows]


def _changed(
    household_id: int | None,
    township: str,
    village: str,
    subject: int,
    change: str,
    before: int | None,
    after: int | None,
    rules_before: list[str] | None,
    rules_after: list[str] | None,
) -> Changed:
    return Changed(
        household_id,
        township,
        village,
        subject,
        change,
        LEVELS.get(before, "") if before else "",
        LEVELS.get(after, "") if after else "",
        tuple(rules_before or ()),
        tuple(rules_after or ()),
    )


def _following(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules that read what these find: they follow when the month is judged, and are not rehearsed."""
    if not any(rule.counted for rule in rules):
        return ()
    return tuple(rule for rule in RULES if rule.reads in (FINDINGS, VILLAGE))


class _Case:
    """A run as it was and as it would have been, and the statements that compare the two."""

    def __init__(self, run: JudgmentRun, code: str, value: Decimal, who: Placed, township: str = ""):
        self.was = run
        self.would = copy.copy(run)
        told = run.thresholds.get(code, {"code": code})
        self.would.thresholds = {**run.thresholds, code: {**told, "value": str(value)}}
        self.months = HouseholdMonth.objects.visible_to(who).filter(run=run)
        self.findings = Finding.objects.visible_to(who).filter(run=run)
        if township:
            self.months, self.findings = (rows.filter(township=township) for rows in (self.months, self.findings))
        known = set(self.would.thresholds)
        missing = {rule.code: [name for name in rule.thresholds if name not in known] for rule in rules_of(code)}
        self.still_refused = {rule: names for rule, names in missing.items() if names}
        self.rules = tuple(rule for rule in rules_of(code) if rule.code not in self.still_refused)

    def fetch(self, sql: str, parameters: Iterable[Any] = ()) -> list[tuple]:
        """The rows of a statement over both sides; none when nobody is in sight."""
        parts: list[str] = []
        values: list[Any] = []
        for side, run in enumerate((self.was, self.would)):
            for rule in self.rules:
                if all(name in run.thresholds for name in rule.thresholds):
                    try:
                        part, found = self._fired(run, rule, side).query.sql_with_params()
                    except EmptyResultSet:
                        continue
                    parts.append(f"({part})")
                    values += found
        if not parts:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{sides}", " UNION ALL ".join(parts)), [*values, *parameters])
            return cursor.fetchall()

    def _fired(self, run: JudgmentRun, rule: Rule, side: int) -> QuerySet[Any]:
        """Subject, household, place, rule, level and side of what fires; a cluster is its own subject."""
        level = rule.level if not isinstance(rule.level, str) else Value(rule.level, output_field=CharField())
        named = {"found_level": level, "found_side": Value(side)}
        if rule.reads == VILLAGE:
            thresholds = threshold_columns(run, rule)
            clusters = clusters_among(rule, self.findings, by_village(self.months), thresholds).annotate(
                subject=RULE_NUMBER,
                nobody=Value(None, output_field=BigIntegerField()),
                found_rule=Concat(Value(f"{rule.code}."), F("rule"), output_field=CharField()),
                **named,
            )
            return clusters.values_list(
                "subject", "nobody", "township", "village", "found_rule", "found_level", "found_side"
            )
        fired = firing_among(run, rule, self.months, self.findings).annotate(
            subject=F("household_id"), found_rule=Value(rule.code, output_field=CharField()), **named
        )
        return fired.values_list(
            "subject", "household_id", "township", "village", "found_rule", "found_level", "found_side"
        )

    def sentences(self, rows: list[Changed]) -> dict[int | None, dict[str, tuple[str, str]]]:
        """Household → rule → what it would say; of a finding that goes, what it says. One query."""
        gone = [row.household_id for row in rows if row.household_id and row.change == FEWER]
        stay = [row.household_id for row in rows if row.household_id and row.change != FEWER]
        parts = [
            self._told(run, rule, households)
            for run, households in ((self.was, gone), (self.would, stay))
            for rule in self.rules
            if households and rule.reads != VILLAGE and all(name in run.thresholds for name in rule.thresholds)
        ]
        found: dict[int | None, dict[str, tuple[str, str]]] = {}
        if parts:
            for household, rule, zh, en in parts[0].union(*parts[1:], all=True):
                found.setdefault(household, {})[rule] = (zh, en)
        return found

    def _told(self, run: JudgmentRun, rule: Rule, households: list[int]) -> QuerySet[Any]:
        fired: QuerySet[Any] = firing_among(
            run, rule, self.months.filter(household__in=households), self.findings
        ).annotate(**found_columns(run, rule))
        return fired.values_list("household_id", "found_rule", "found_zh", "found_en")
