"""Statements of rules are put together once a process: the ORM takes longer over one than PostgreSQL, where few
households are judged at once.

What a statement turns on, beside its rule, are the months of the run and the values of its thresholds; run and
township stand in it as ``ANY_…`` and are filled in.
"""

from datetime import date

from django.db.models import QuerySet

from monitoring.judgment.models import HouseholdMonth, JudgmentRun
from monitoring.rules import Rule

# SQL and its parameters.
Compiled = tuple[str, tuple]
# Month of the ledger, month of events, and (code, value) of each threshold.
TurnsOn = tuple[date, date, tuple[tuple[str, str], ...]]

ANY_RUN, ANY_TOWNSHIP = -(2**62), "*"
# Forty rules in two statements each, for a dozen different months.
KEPT = 1000


def turns_on(run: JudgmentRun, rule: Rule) -> TurnsOn:
    values = tuple((code, run.thresholds[code]["value"]) for code in rule.thresholds)
    return run.month, run.event_month, values


def any_run(on: TurnsOn) -> JudgmentRun:
    """Stands for every run whose statement turns on the same."""
    month, event_month, values = on
    thresholds = {code: {"value": value} for code, value in values}
    return JudgmentRun(pk=ANY_RUN, month=month, event_month=event_month, thresholds=thresholds)


def any_shard() -> QuerySet[HouseholdMonth]:
    """The household months of a township of ``any_run``."""
    return HouseholdMonth.objects.filter(run=ANY_RUN, township=ANY_TOWNSHIP)


def filled_in(compiled: Compiled, run: JudgmentRun, township: str) -> Compiled:
    sql, parameters = compiled
    filled = (run.pk if value == ANY_RUN else township if value == ANY_TOWNSHIP else value for value in parameters)
    return sql, tuple(filled)
