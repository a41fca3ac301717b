"""The rows behind a figure, by the names of ``Rule.rows``: what the run read, each with its file and row."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db.models import Sum
from django.utils.translation import gettext as _

from households.models import IncomeLine, ListEntry, MedicalBill, VisitKind
from monitoring.judgment.explain import tables
from monitoring.judgment.explain.derivation import Column, Row, Section
from monitoring.judgment.explain.entry_words import grade_word, kind_word
from monitoring.judgment.explain.figures import SENDERS, period
from monitoring.judgment.explain.ledger import ledger_table
from monitoring.judgment.explain.reading import Reading
from monitoring.judgment.explain.source import source_of
from monitoring.judgment.explain.visits import found_visits
from monitoring.judgment.labels import money
from monitoring.rules import Rule

# What a person is shown of a long ledger; the sums are over all of it.
MOST_ROWS = 400
# Lists that say what somebody suffers from: on a village screen, that there is a row, and no more.
OF_HEALTH = {"disability"}


def section(name: str, reading: Reading, rule: Rule) -> Section:
    """One section by its name in ``Rule.rows``. One or two queries."""
    if name.startswith("list:"):
        return _entries(reading, rule, name.removeprefix("list:"))
    return SECTIONS[name](reading, rule)


def _ledger(reading: Reading, name: str, title: str, start: date, end: date) -> Section:
    lines = IncomeLine.objects.counted_at(reading.run.cutoff).filter(
        household=reading.household, month__range=(start, end)
    )
    sums: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for month, kind, yuan in lines.order_by().values_list("month", "kind").annotate(yuan=Sum("amount")):
        sums[month][kind] = yuan
    rows = list(lines.select_related("batch").order_by("month", "kind", "id")[: MOST_ROWS + 1])
    table = ledger_table(sums, rows[:MOST_ROWS])
    return Section(name, title, period(start, end), ledger=table, is_cut=len(rows) > MOST_ROWS)


def _of_window(reading: Reading, rule: Rule) -> Section:
    window = reading.window
    return _ledger(reading, "ledger", _("Income ledger, 12 months"), window.start, window.month)


def _of_year_before(reading: Reading, rule: Rule) -> Section:
    window = reading.window
    title = _("Income ledger, the 12 months before")
    return _ledger(reading, "ledger_before", title, window.previous_start, window.previous_end)


def _bills(
    reading: Reading, name: str, title: str, start: date, end: date, kinds: tuple[str, ...] = ()
) -> Section:
    """Bills person by person with sums. What decided: the largest sum of one person, or the largest stay."""
    bills = (
        MedicalBill.objects.counted_at(reading.run.cutoff)
        .filter(person_id__in=list(reading.names), settled_on__range=(start, end))
        .select_related("batch")
        .order_by("person_id", "settled_on", "id")
    )
    if kinds:
        bills = bills.filter(visit_kind__in=kinds)
    found = list(bills[: MOST_ROWS + 1])
    by_person = [(person, list(own)) for person, own in groupby(found[:MOST_ROWS], lambda bill: bill.person_id)]
    most = max((sum(bill.self_pay for bill in own) for _person, own in by_person), default=None)
    largest = max((bill.self_pay for bill in found), default=None)
    rows: list[Row] = []
    for person, own in by_person:
        decides = name not in ("bills", "stays") and sum(bill.self_pay for bill in own) == most
        rows += [
            _bill(bill, reading.names[person], decides or name == "stays" and bill.self_pay == largest)
            for bill in own
        ]
        if name != "stays" and len(own) > 1:
            rows.append(_sum(reading.names[person], own, decides))
    columns = (
        Column(_("Member")),
        Column(_("Settled on"), is_short=True),
        Column(_("Kind of treatment")),
        Column(_("Total cost"), is_number=True),
        Column(_("Self-pay"), is_number=True),
    )
    return Section(name, title, period(start, end), columns, rows, is_cut=len(found) > MOST_ROWS)


def _bill(bill: MedicalBill, name: str, counts: bool) -> Row:
    cost = None if bill.total_cost is None else money(bill.total_cost)
    kind = str(VisitKind(bill.visit_kind).label)
    cells = name, f"{bill.settled_on:%Y-%m-%d}", kind, cost, money(bill.self_pay)
    return Row(cells, source_of(bill), counts=counts)


def _sum(name: str, bills: list[MedicalBill], counts: bool) -> Row:
    in_all = _("%(name)s, in all") % {"name": name}
    total = sum((bill.self_pay for bill in bills), Decimal(0))
    return Row((in_all, "", "", "", money(total)), counts=counts, is_sum=True)


def _bills_of_window(reading: Reading, rule: Rule) -> Section:
    window = reading.window
    return _bills(reading, "bills", _("Medical bills, 12 months"), window.start, window.ledger_end)


def _bills_of_year(reading: Reading, rule: Rule) -> Section:
    window = reading.window
    return _bills(reading, "bills_of_year", _("Medical bills of the year"), window.year_start, window.end)


def _inpatient_year(reading: Reading, rule: Rule) -> Section:
    window, kinds = reading.window, (VisitKind.INPATIENT.value,)
    title = _("In-patient bills of the year")
    return _bills(reading, "inpatient_year", title, window.year_start, window.end, kinds)


def _stays(reading: Reading, rule: Rule) -> Section:
    window, kinds = reading.window, (VisitKind.INPATIENT.value,)
    return _bills(reading, "stays", _("In-patient bills of the month"), window.events, window.end, kinds)


def _outpatient(reading: Reading, rule: Rule) -> Section:
    window, kinds = reading.window, (VisitKind.OUTPATIENT_POOL.value, VisitKind.CHRONIC.value)
    title = _("Out-patient pool and chronic bills of the month")
    return _bills(reading, "outpatient", title, window.events, window.end, kinds)


def _entries(reading: Reading, rule: Rule, source: str) -> Section:
    """The rows of a department's list: those of the month; of a year's outages; the appraisals up to the month."""
    window = reading.window
    first = {"water": window.year_start, "housing": date.min}.get(source, window.events)
    found = [
        entry
        for entry in reading.entries
        if entry.list == source
        and entry.month >= first
        and (source != "housing" or entry.happened_on <= window.end)
    ]
    if source == "housing":
        found.sort(key=lambda entry: (entry.happened_on, entry.grade), reverse=True)
    shown = found[:MOST_ROWS]
    hidden = source in OF_HEALTH and not reading.shows_health
    columns, cells = _entry_cells(shown, reading, hidden)
    rows = [
        Row(of_entry, source_of(entry), counts=_entry_counts(entry, shown, reading))
        for entry, of_entry in zip(shown, cells, strict=True)
    ]
    title = _("List: %(department)s") % {"department": SENDERS[source].label}
    first_shown = min((entry.month for entry in shown), default=window.events) if source == "housing" else first
    note = _("The list of this month was not received.") if source in reading.run.missing_lists else ""
    return Section(
        f"list:{source}",
        title,
        period(first_shown, window.events),
        columns,
        rows,
        note=note,
        is_cut=len(found) > MOST_ROWS,
    )


def _entry_counts(entry: ListEntry, shown: list[ListEntry], reading: Reading) -> bool:
    """What made the value, of the rows that are shown."""
    if entry.list == "housing":
        return entry is shown[0]
    if entry.list == "education":
        ages = {member.person_id: member.age for member in reading.members}
        return entry.kind != "illness" and ages[entry.person_id] in tables.SCHOOL_AGE
    if entry.list == "disability":
        return entry.grade in ("1", "2") or entry.kind in ("intellectual", "mental")
    return entry.month == reading.window.events


def _entry_cells(
    entries: list[ListEntry], reading: Reading, hidden: bool
) -> tuple[tuple[Column, ...], list[tuple[str | None, ...]]]:
    """Columns that no row fills are left out; what is hidden is left out, too."""
    fields: list[tuple[Column, Callable[[ListEntry], str | None], bool]] = [
        (Column(_("Member")), lambda entry: reading.names[entry.person_id], True),
        (Column(_("Day"), is_short=True), lambda entry: f"{entry.happened_on:%Y-%m-%d}", True),
        (Column(_("List of"), is_short=True), lambda entry: f"{entry.month:%Y-%m}", True),
        (Column(_("What")), kind_word, not hidden),
        (Column(_("Grade")), grade_word, not hidden),
        (Column(_("Days"), is_number=True), lambda entry: _days(entry), True),
        (Column(_("Amount in yuan"), is_number=True), lambda entry: _amount(entry), True),
        (Column(_("Remark")), lambda entry: entry.detail, not hidden),
    ]
    kept = [(column, show) for column, show, allowed in fields if allowed and any(map(show, entries))]
    return tuple(column for column, _show in kept), [tuple(show(entry) for _c, show in kept) for entry in entries]


def _days(entry: ListEntry) -> str:
    return "" if entry.days is None else str(entry.days)


def _amount(entry: ListEntry) -> str:
    return "" if entry.amount is None else money(entry.amount)


SECTIONS: dict[str, Callable[[Reading, Rule], Section]] = {
    "ledger": _of_window,
    "ledger_before": _of_year_before,
    "bills": _bills_of_window,
    "bills_of_year": _bills_of_year,
    "inpatient_year": _inpatient_year,
    "stays": _stays,
    "outpatient": _outpatient,
    "insurance": tables.insurance,
    "schooling": tables.schooling,
    "work": tables.work,
    "household_facts": tables.household_facts,
    "visits": tables.visits,
    "found_visits": found_visits,
    "findings": tables.findings,
}
