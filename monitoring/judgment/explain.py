"""The rows behind a finding: exactly the evidence that the run read, each with its file and row.

The page, the feed and the printout show the same derivation.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from households.models import IncomeLine, MedicalBill, Membership, PersonFact
from monitoring.judgment.models import Finding, JudgmentRun
from monitoring.judgment.window import Window
from monitoring.rules import BY_CODE

# What a person is shown of a long ledger; the sum is over all of it.
MOST_ROWS = 400


@dataclass(frozen=True)
class Section:
    """One kind of evidence behind a finding: ``form`` says how its rows are shown."""

    form: str
    title: object
    start: date
    end: date
    rows: list
    # A ledger's month → kind → yuan, over all of its lines however many are shown.
    sums: dict[date, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        return len(self.rows) == MOST_ROWS


def members_at(*, household_id: int, run: JudgmentRun) -> QuerySet[Membership]:
    """Who counted as a member in the judged month."""
    end = Window(run.month, run.event_month).end
    return (
        Membership.objects.counted_at(run.cutoff)
        .filter(household_id=household_id)
        .filter(Q(since__isnull=True) | Q(since__lte=end), Q(until__isnull=True) | Q(until__gte=end))
        .filter(Q(person__born_on__isnull=True) | Q(person__born_on__lte=end))
        .select_related("person")
        .order_by("-is_head", "id")
    )


def _ledger(finding: Finding, title: object, start: date, end: date) -> Section:
    lines = IncomeLine.objects.counted_at(finding.run.cutoff).filter(
        household_id=finding.household_id, month__range=(start, end)
    )
    sums: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for month, kind, yuan in lines.values_list("month", "kind").annotate(yuan=Sum("amount")):
        sums[month][kind] = yuan
    rows = list(lines.select_related("batch").order_by("month", "kind", "id")[:MOST_ROWS])
    return Section("ledger", title, start, end, rows, dict(sums))


def _bills(finding: Finding, start: date, end: date, **conditions: object) -> list[MedicalBill]:
    persons = members_at(household_id=finding.household_id, run=finding.run).values("person_id")
    return list(
        MedicalBill.objects.counted_at(finding.run.cutoff)
        .filter(person_id__in=persons, settled_on__range=(start, end), **conditions)
        .select_related("batch", "person")
        .order_by("person_id", "settled_on", "id")[:MOST_ROWS]
    )


def _insurance(finding: Finding) -> list[PersonFact]:
    """The newest fact of each member, as the run read it."""
    end = Window(finding.run.month, finding.run.event_month).end
    persons = members_at(household_id=finding.household_id, run=finding.run).values("person_id")
    facts = (
        PersonFact.objects.counted_at(finding.run.cutoff)
        .filter(person_id__in=persons)
        .select_related("batch", "person")
        .order_by("person_id", F("as_of").asc(), "batch__position", "id")
    )
    newest: dict[int, PersonFact] = {}
    for fact in facts:
        if fact.as_of <= end or fact.person_id not in newest:
            newest[fact.person_id] = fact
    return list(newest.values())


def _sections(finding: Finding) -> dict[str, Callable[[], Section]]:
    window = Window(finding.run.month, finding.run.event_month)
    month, end = window.month, window.end
    return {
        "ledger": lambda: _ledger(finding, _("Income ledger, 12 months"), window.start, month),
        "ledger_before": lambda: _ledger(
            finding, _("Income ledger, the 12 months before"), window.previous_start, window.previous_end
        ),
        "bills": lambda: Section(
            "bills", _("Medical bills, 12 months"), window.start, end, _bills(finding, window.start, end)
        ),
        "inpatient_year": lambda: Section(
            "bills",
            _("In-patient bills of the year"),
            window.year_start,
            end,
            _bills(finding, window.year_start, end, visit_kind="inpatient"),
        ),
        "stays": lambda: Section(
            "bills",
            _("In-patient bills of the month"),
            month,
            end,
            _bills(finding, month, end, visit_kind="inpatient"),
        ),
        "insurance": lambda: Section("insurance", _("Insurance of the members"), month, end, _insurance(finding)),
    }


def rows_behind(finding: Finding) -> list[Section]:
    """The evidence that a finding rests on, by the rule's own declaration. Two to six queries."""
    sections = _sections(finding)
    return [sections[name]() for name in BY_CODE[finding.rule].rows]
