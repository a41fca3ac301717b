"""Another threshold on the months that were judged: how much earlier it would have seen those who were confirmed.

The rules that read the threshold fire twice over the indicators of each month, with the value that the month's run
used and with the other. Whoever a visit confirmed is found by either, by both or by neither, and earlier or later;
everybody else found is a household that nobody confirmed. One statement, which writes nothing.

What it cannot know stands on the page (``templates/yields/_limits.html``): whom nobody visited nobody confirmed.
"""

import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, Value

from alerts.models import Alert, AlertKind, Verdict
from households.areas.scope import Placed
from monitoring.judgment.finding import firing_among
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.rehearsal import rules_of
from monitoring.judgment.window import add_months
from monitoring.rules import Rule
from monitoring.rules.declaration import INDICATORS

# ``looked``: households of which somebody decided, and the month in which the county first knew of it. Months are
# numbered, so that a difference is a number of months. A value has found a confirmed household if it fires within
# so many months of that; whatever else it finds nobody confirmed, unless those months are not over yet.
COUNT = """
WITH looked AS (
    SELECT household_id, bool_or(verdict = 'confirmed') AS confirmed,
           min({number}) FILTER (WHERE verdict = 'confirmed') AS known
    FROM ({looked}) AS alert (household_id, verdict, month) GROUP BY household_id
),
fired (household_id, month, side) AS ({fired}),
found AS (
    SELECT fired.household_id, looked.known, looked.household_id IS NOT NULL AS visited,
           min(fired.number) FILTER (WHERE side = 0 AND near) AS hit_now,
           min(fired.number) FILTER (WHERE side = 1 AND near) AS hit_tried,
           min(fired.number) FILTER (WHERE side = 0) AS first_now,
           min(fired.number) FILTER (WHERE side = 1) AS first_tried
    FROM (SELECT household_id, side, {number} AS number FROM fired) AS fired
    LEFT JOIN looked USING (household_id)
    CROSS JOIN LATERAL (SELECT abs(fired.number - looked.known) <= %s AS near) AS distance
    GROUP BY fired.household_id, looked.known, looked.household_id
)
SELECT (SELECT count(*) FROM looked WHERE confirmed),
       count(hit_now), count(hit_tried),
       count(*) FILTER (WHERE hit_now IS NULL AND hit_tried IS NOT NULL),
       count(*) FILTER (WHERE hit_now IS NOT NULL AND hit_tried IS NULL),
       count(*) FILTER (WHERE hit_tried < hit_now), count(*) FILTER (WHERE hit_tried > hit_now),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY known - hit_now),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY known - hit_tried),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY hit_now - hit_tried),
       count(*) FILTER (WHERE hit_now IS NULL AND first_now <= %s),
       count(*) FILTER (WHERE hit_tried IS NULL AND first_tried <= %s),
       count(*) FILTER (WHERE hit_now IS NULL AND first_now <= %s AND visited),
       count(*) FILTER (WHERE hit_tried IS NULL AND first_tried <= %s AND visited),
       count(*) FILTER (WHERE hit_tried IS NULL AND first_tried <= %s AND first_now IS NULL),
       count(*) FILTER (WHERE hit_now IS NULL AND first_now > %s),
       count(*) FILTER (WHERE hit_tried IS NULL AND first_tried > %s)
FROM found
"""
NUMBER = "(extract(year FROM month) * 12 + extract(month FROM month))::int"
NO_HOUSEHOLD: tuple = (0,) * 7 + (None,) * 3 + (0,) * 7


@dataclass(frozen=True)
class Side:
    """What one value finds. ``before``: months from its first finding to when the county knew, the median.

    ``unconfirmed``: households found and not confirmed, of which ``no_risk`` were visited and had no risk.
    ``undecided``: found so lately that they may still be confirmed.
    """

    confirmed: int
    before: float | None
    unconfirmed: int
    no_risk: int
    undecided: int

    @property
    def unvisited(self) -> int:
        return self.unconfirmed - self.no_risk


@dataclass(frozen=True)
class Backtest:
    """Two values over the same months. ``earlier``: months that the tried one is earlier, the median over those
    whom both find (negative: later). ``more`` and ``fewer``: confirmed households that only one of them finds.
    """

    first: date
    last: date
    months: int
    rules: tuple[Rule, ...]
    confirmed: int
    now: Side
    tried: Side
    more: int
    fewer: int
    sooner: int
    later: int
    earlier: float | None
    extra_unconfirmed: int

    @property
    def later_by(self) -> float:
        return -(self.earlier or 0)


def testable_rules(code: str) -> tuple[Rule, ...]:
    """Rules on a household's own indicators; those that read other findings follow from them. May be empty.

    Raises ``UnknownThreshold``.
    """
    return tuple(rule for rule in rules_of(code) if rule.reads == INDICATORS)


def backtest(
    *, runs: list[JudgmentRun], code: str, value: Decimal, who: Placed, within: int, township: str = ""
) -> Backtest | None:
    """``runs``: one finished run a month. ``within``: months that a finding and a confirmation may lie apart.

    Confirmed is a household in the scope of ``who`` with a verdict of a visit, whatever raised the alert, if the
    visit found the risk that these rules are about. None without runs or rules to test.
    """
    rules = testable_rules(code)
    if not runs or not rules:
        return None
    months = sorted(run.month for run in runs)
    fired, values = _fired(runs, rules, code, value, who, township)
    row = NO_HOUSEHOLD
    if fired:
        around = add_months(months[0], -within), add_months(months[-1], within)
        looked, of_alerts = _looked(rules, who, township, around)
        sql = COUNT.replace("{looked}", looked).replace("{fired}", fired).replace("{number}", NUMBER)
        too_late = months[-1].year * 12 + months[-1].month - within
        with connection.cursor() as cursor:
            cursor.execute(sql, [*of_alerts, *values, within, *([too_late] * 7)])
            row = cursor.fetchone()
    return _told(row, months, rules)


def _told(row: tuple, months: list[date], rules: tuple[Rule, ...]) -> Backtest:
    confirmed, hits, tried_hits, more, fewer, sooner, later, before, tried_before, earlier = row[:10]
    misses, tried_misses, visited, tried_visited, extra, undecided, tried_undecided = row[10:]
    return Backtest(
        first=months[0],
        last=months[-1],
        months=len(months),
        rules=rules,
        confirmed=confirmed,
        now=Side(hits, before, misses, visited, undecided),
        tried=Side(tried_hits, tried_before, tried_misses, tried_visited, tried_undecided),
        more=more,
        fewer=fewer,
        sooner=sooner,
        later=later,
        earlier=earlier,
        extra_unconfirmed=extra,
    )


def _looked(rules: tuple[Rule, ...], who: Placed, township: str, around: tuple[date, date]) -> tuple[str, tuple]:
    """The verdicts on households that are about the same risk, or about an alert of these rules."""
    risks = {rule.risk for rule in rules}
    own = Q(kind__in=[rule.code for rule in rules])
    of_risk = Q(kind__in=AlertKind.objects.filter(risk__in=risks).values("code"))
    alerts = Alert.objects.visible_to(who).filter(
        own | Q(verdict=Verdict.CONFIRMED, risks__overlap=sorted(risks)) | Q(verdict=Verdict.NO_RISK) & of_risk,
        household__isnull=False,
        verdict__in=[Verdict.CONFIRMED, Verdict.NO_RISK],
        verified_at__isnull=False,
        first_month__range=around,
    )
    if township:
        alerts = alerts.filter(township=township)
    return alerts.order_by().values_list("household_id", "verdict", "first_month").query.sql_with_params()


def _fired(
    runs: list[JudgmentRun], rules: tuple[Rule, ...], code: str, value: Decimal, who: Placed, township: str
) -> tuple[str, list]:
    """Household, month and side of all that fires; months that were judged by the same values go together."""
    months = HouseholdMonth.objects.visible_to(who)
    findings = Finding.objects.visible_to(who)
    if township:
        months, findings = months.filter(township=township), findings.filter(township=township)
    parts: list[str] = []
    values: list = []
    for rule in rules:
        for side in (0, 1):
            for judged, same in _alike(runs, rule, code, value if side else None):
                fired = firing_among(judged, rule, months.filter(run__in=same), findings)
                try:
                    sql, found = (
                        fired.annotate(side=Value(side))
                        .values_list("household_id", "month", "side")
                        .query.sql_with_params()
                    )
                except EmptyResultSet:
                    continue
                parts.append(f"({sql})")
                values += found
    return " UNION ALL ".join(parts), values


def _alike(
    runs: list[JudgmentRun], rule: Rule, code: str, value: Decimal | None
) -> list[tuple[JudgmentRun, list[int]]]:
    """The runs by the values that they used of the rule's thresholds, one of each as an example.

    With ``value`` in the place of the one that is tried. A run without a value of some threshold refuses the rule.
    """
    groups: dict[tuple, tuple[JudgmentRun, list[int]]] = {}
    for run in runs:
        known = run.thresholds
        if value is not None:
            known = known | {code: {"code": code, "value": str(value)}}
        if any(name not in known for name in rule.thresholds):
            continue
        used = tuple(known[name]["value"] for name in rule.thresholds)
        if used not in groups:
            judged = copy.copy(run)
            judged.thresholds = known
            groups[used] = (judged, [])
        groups[used][1].append(run.pk)
    return list(groups.values())
