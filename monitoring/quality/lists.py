"""Lists of departments that a month was judged without: whose, which rules waited, and whether they came since."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.functional import Promise

from households.imports.readers import READERS
from households.models import BatchKind, Department, EvidenceBatch
from monitoring.judgment.lists import DEPARTMENT_LISTS
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.window import Window
from monitoring.quality.gaps import OF_LISTS
from monitoring.rules import RULES, Rule


@dataclass(frozen=True)
class MissingList:
    """``rules`` could not judge anybody; ``received_since``: it is here now, and the month can be judged again."""

    source: str
    title: str | Promise
    department: str | Promise
    rules: tuple[Rule, ...]
    received_since: bool


def missing_of_run(run: JudgmentRun) -> list[MissingList]:
    """The lists of its month that a run did not have. One query."""
    if not run.missing_lists:
        return []
    window = Window(run.month, run.event_month)
    batches = EvidenceBatch.objects.filter(
        kind=BatchKind.IMPORT,
        source__in=DEPARTMENT_LISTS,
        month__range=(min(window.start, window.year_start), window.events),
    )
    rows = batches.values_list("source", "month", "position", F("retracted_in"), F("retracted_in__position"))
    then, now = set(), set()
    for source, month, position, retraction, retracted_at in rows:
        was_retracted = retracted_at is not None and retracted_at <= run.cutoff
        if position is not None and position <= run.cutoff and not was_retracted:
            then.add((source, month))
        if retraction is None:
            now.add((source, month))
    unknown = _unknown_columns(run, window, {month for source, month in then if source == "medical"})
    return [
        MissingList(
            source=source,
            title=READERS[source].title if source in READERS else source,
            department=Department(READERS[source].department).label if source in READERS else "",
            rules=tuple(rule for rule in RULES if any(_of(source, name) for name in set(rule.needs) & unknown)),
            received_since=(source, run.event_month) in now,
        )
        for source in run.missing_lists
    ]


def _of(source: str, column: str) -> bool:
    return OF_LISTS[column].startswith(f"list_{source}")


def _unknown_columns(run: JudgmentRun, window: Window, medical: set) -> set[str]:
    """Indicators that are unknown for everybody: the sums of a year live on the lists of its other months."""
    known = {
        "list_medical_year": any(month >= window.year_start for month in medical),
        "list_medical_window": any(window.start <= month <= window.month for month in medical),
    }
    return {
        column
        for column, needed in OF_LISTS.items()
        if not known.get(needed, needed.removeprefix("list_") not in run.missing_lists)
    }
