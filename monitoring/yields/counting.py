"""What became of the alerts that each rule raised in a period. One statement, by rule, never by village or person.

A rule is judged here, not people: how many of its alerts somebody looked into, how many were a risk, and why the
others were not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse

from alerts.models import Alert, AlertKind, AlertStatus, Reason, Verdict
from alerts.travel.periods import Period
from households.areas.scope import Placed
from monitoring.judgment.labels import threshold_label
from monitoring.rules import BY_CODE, Rule
from monitoring.yields.backtest import testable_rules

NO_VERDICT = Q(verdict="")
# Columns of the page, beside all that were raised: what each counts, and the filters of the alert list that say
# the same (None: the list cannot). What was verified has a verdict, and got it after it was raised.
COLUMNS: dict[str, tuple[Q, Mapping[str, str] | None]] = {
    "open": (Q(closed_at__isnull=True), {"open": "true"}),
    "verified": (~NO_VERDICT, {"verified_from": "raised_from"}),
    "confirmed": (Q(verdict=Verdict.CONFIRMED), {"verdict": Verdict.CONFIRMED.value}),
    "no_risk": (Q(verdict=Verdict.NO_RISK), {"verdict": Verdict.NO_RISK.value}),
    "unclear": (Q(verdict=Verdict.UNCLEAR), {"verdict": Verdict.UNCLEAR.value}),
    "unseen": (NO_VERDICT & Q(status=AlertStatus.CLOSED), None),
    "withdrawn": (Q(status=AlertStatus.WITHDRAWN), {"status": AlertStatus.WITHDRAWN.value}),
}


@dataclass(frozen=True)
class Number:
    """A count and the list that it counts; ``url`` is empty where the list cannot say the same."""

    count: int
    url: str = ""


@dataclass(frozen=True)
class RuleYield:
    """One rule (or channel: ``SELF``). ``days``: the median from raising to verdict, None where there is none.

    ``thresholds``: code, name, and whether it can be back-tested.
    """

    family: str
    name: str
    rule: Rule | None
    numbers: dict[str, Number]
    reasons: list[tuple[str, Number]]
    days: float | None = None
    thresholds: tuple[tuple[str, str, bool], ...] = ()


class _Median(Aggregate):
    """Of seconds; what is null does not count."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM %(expressions)s))"


def read_yields(*, period: Period, who: Placed, township: str = "") -> list[RuleYield]:
    """Every rule and channel that raised something in the period, in the order of the rules. Two queries."""
    kinds = {kind.code: kind for kind in AlertKind.objects.order_by("-position")}
    families = {kind.family: kind for kind in kinds.values()}
    shared = {"open": "any", "raised_from": period.first.isoformat(), "raised_until": period.last.isoformat()}
    if township:
        shared["township"] = township
    rows = _counted(period, who, township)
    return [
        _yield(families[row["family"]], row, shared)
        for row in sorted(rows, key=lambda row: families[row["family"]].position)
    ]


def _counted(period: Period, who: Placed, township: str) -> list[dict]:
    alerts = Alert.objects.visible_to(who).filter(raised_at__gte=period.starts, raised_at__lt=period.ends)
    if township:
        alerts = alerts.filter(township=township)
    took = ExpressionWrapper(F("verified_at") - F("raised_at"), output_field=DurationField())
    family = Func(
        Cast("kind_id", TextField()), Value("."), Value(1), function="split_part", output_field=TextField()
    )
    return list(
        alerts.annotate(family=family)
        .order_by()
        .values("family")
        .annotate(
            raised=Count("pk"),
            seconds=_Median(took, output_field=FloatField()),
            **{name: Count("pk", filter=condition) for name, (condition, _query) in COLUMNS.items()},
            **{f"reason_{reason}": Count("pk", filter=Q(reason=reason)) for reason in Reason.values},
        )
    )


def _yield(kind: AlertKind, row: dict, shared: dict[str, str]) -> RuleYield:
    def number(count: int, query: Mapping[str, str] | None) -> Number:
        if not count or query is None:
            return Number(count)
        asked = {name: shared.get(value, value) for name, value in query.items()}
        return Number(count, f"{reverse('alerts:list')}?{urlencode({'kind': kind.family, **shared, **asked})}")

    numbers = {"raised": number(row["raised"], {})}
    numbers |= {name: number(row[name], query) for name, (_condition, query) in COLUMNS.items()}
    rule = BY_CODE.get(kind.family)
    return RuleYield(
        family=kind.family,
        name=kind.family_name,
        rule=rule,
        numbers=numbers,
        reasons=[
            (str(reason.label), number(row[f"reason_{reason}"], {"reason": reason.value}))
            for reason in Reason
            if row[f"reason_{reason}"]
        ],
        days=row["seconds"] / 86400 if row["seconds"] is not None else None,
        thresholds=_thresholds(rule) if rule else (),
    )


def _thresholds(rule: Rule) -> tuple[tuple[str, str, bool], ...]:
    return tuple((code, str(threshold_label(code)), bool(testable_rules(code))) for code in rule.thresholds)
