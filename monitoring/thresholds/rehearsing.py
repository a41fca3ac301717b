"""What the rehearsal shows: the sentence, the townships, the rules, and the list of households, page by page."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alerts.kinds import AlertLevel
from households.areas.choices import ScopeAreas
from households.filtering import BadParameters, odd_parameters, problem
from households.models import Household, User
from monitoring.judgment.labels import in_english, rule_name, threshold_label, threshold_row
from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.rehearsal import (
    CHANGES,
    FEWER,
    MILDER,
    MORE,
    WORSE,
    Changed,
    Counts,
    From,
    Rehearsal,
    list_changed,
)
from monitoring.rules import BY_CODE

PAGE_ROWS = 50
CURSOR = ("after", "before")
PARAMETERS = ("value", "month", "change", "township", *CURSOR)
CHANGE_LABELS = {
    MORE: gettext_lazy("Newly found"),
    FEWER: gettext_lazy("No longer found"),
    WORSE: gettext_lazy("Higher level"),
    MILDER: gettext_lazy("Lower level"),
}


@dataclass(frozen=True)
class CountRow:
    name: str
    counts: Counts
    code: str = ""


@dataclass(frozen=True)
class Row:
    """One household or cluster of the list. ``household`` is None for a cluster, or out of sight."""

    household: Household | None
    is_cluster: bool
    place: str
    change: str
    change_label: str
    before: str
    before_label: str
    after: str
    after_label: str
    sentences: list[tuple[str, str]]


def summary(rehearsal: Rehearsal, unit: str) -> str:
    """``6,900.00 → 7,600.00: 412 more households, 3 fewer``."""
    total = rehearsal.total
    more = f"{total.more:,}"
    if rehearsal.of_clusters:
        words = ngettext("%(count)s more cluster", "%(count)s more clusters", total.more) % {"count": more}
    else:
        words = ngettext("%(count)s more household", "%(count)s more households", total.more) % {"count": more}
    fewer = _("%(count)s fewer") % {"count": f"{total.fewer:,}"}
    values = f"{_shown(rehearsal.old, unit)} → {_shown(rehearsal.new, unit)}"
    return f"{values}{_(': ')}{words}{_(', ')}{fewer}"


def _shown(value: Decimal | None, unit: str) -> str:
    """A value as the pages write it, in the unit of its threshold."""
    row = threshold_row({"code": "", "value": str(value), "unit": unit}) if value is not None else None
    return row.shown if row else _("no value")


def counts_context(rehearsal: Rehearsal, areas: ScopeAreas, unit: str) -> dict[str, object]:
    """What templates/thresholds/_rehearsal.html shows."""
    return {
        "rehearsal": rehearsal,
        "summary": summary(rehearsal, unit),
        "total": rehearsal.total,
        "townships": [
            CountRow(name, rehearsal.by_township.get(code, Counts()), code) for code, name in areas.townships()
        ],
        "rules": [CountRow(_rule_words(code), counts, code) for code, counts in rehearsal.by_rule.items()],
        "refusing": [
            (code, [threshold_label(name) for name in names]) for code, names in rehearsal.still_refused.items()
        ],
        "following": [(rule.code, rule_name(rule)) for rule in rehearsal.following],
    }


def _rule_words(code: str) -> str:
    base, _dot, of = code.partition(".")
    names = [rule_name(BY_CODE[part]) for part in (base, of) if part in BY_CODE]
    return _(": ").join(names)


def read_start(query: QueryDict) -> From | None:
    """Where the page begins. Raises ``BadParameters`` for what it does not know."""
    problems = odd_parameters(query, PARAMETERS)
    given = [name for name in CURSOR if name in query]
    found = re.fullmatch(r"([0-9]{12})-([0-9]{1,18})", str(query[given[0]])) if given else None
    if len(given) > 1:
        problems.append(problem("conflicting_parameters", "before", CURSOR))
    elif given and found is None:
        problems.append(problem("invalid_value", given[0], ("420527103204-17",)))
    if problems:
        raise BadParameters(problems)
    return From(found[1], int(found[2]), given[0] == "before") if found else None


@dataclass(frozen=True)
class ChangedPage:
    rows: list[Row]
    before: str
    after: str


def read_changed(
    *,
    run: JudgmentRun,
    code: str,
    value: Decimal,
    who: User,
    change: str,
    township: str,
    start: From | None,
    areas: ScopeAreas,
) -> ChangedPage:
    """One page of the list, village by village. ``before`` and ``after`` are cursors, empty at the ends."""
    changed = list_changed(
        run=run,
        code=code,
        value=value,
        who=who,
        changes=[change] if change else CHANGES,
        township=township,
        start=start,
        limit=PAGE_ROWS + 1,
    )
    has_more, changed = len(changed) > PAGE_ROWS, changed[:PAGE_ROWS]
    is_back = start is not None and start.is_back
    if is_back:
        changed.reverse()
    households = Household.objects.visible_to(who).in_bulk(
        [row.household_id for row in changed if row.household_id]
    )
    ends = [f"{row.village}-{row.subject}" for row in changed[:1] + changed[-1:]]
    return ChangedPage(
        [_row(row, households, areas) for row in changed],
        before=ends[0] if ends and (has_more if is_back else start is not None) else "",
        after=ends[-1] if ends and (is_back or has_more) else "",
    )


def _row(row: Changed, households: dict[int, Household], areas: ScopeAreas) -> Row:
    rules = row.rules_before if row.change == FEWER else row.rules_after
    texts = {code: row.sentences.get(code, ("", ""))[in_english()] for code in rules}
    names = areas.short_names
    return Row(
        household=households.get(row.household_id) if row.household_id else None,
        is_cluster=row.household_id is None,
        place=names.get(row.village, ""),
        change=row.change,
        change_label=str(CHANGE_LABELS[row.change]),
        before=row.before,
        before_label=str(AlertLevel(row.before).label) if row.before else "",
        after=row.after,
        after_label=str(AlertLevel(row.after).label) if row.after else "",
        sentences=[(code, text or _rule_words(code)) for code, text in texts.items()],
    )
