"""A derivation as lines of text, for the command: the same figures, rows and words as the page."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.kinds import AlertLevel
from monitoring.judgment.explain.derivation import (
    Derivation,
    Figure,
    Judged,
    Member,
    Outcome,
    Row,
    Section,
    Verdict,
)
from monitoring.judgment.explain.ledger import LedgerTable
from monitoring.judgment.explain.source import Source
from monitoring.judgment.labels import Labelled, ThresholdRow, money

OUTCOMES = {
    Outcome.FIRED: gettext_lazy("Found"),
    Outcome.NOT_REACHED: gettext_lazy("Not found"),
    Outcome.UNKNOWN: gettext_lazy("Unknown"),
    Outcome.NOT_CONCERNED: gettext_lazy("Does not apply"),
    Outcome.REFUSED: gettext_lazy("Refuses"),
    Outcome.NOT_JUDGED: gettext_lazy("Not judged"),
}
# Beside what decided.
MARK = " ◀"
Cells = list[str]


def verdict_lines(verdict: Verdict) -> Iterator[str]:
    """Code, name and outcome, then the sentence in both languages."""
    level = f" {AlertLevel(verdict.level).label}" if verdict.level else ""
    yield f"{verdict.code} {verdict.name}{_(': ')}{OUTCOMES[verdict.outcome]}{level}"
    yield f"  {verdict.sentences.zh}"
    yield f"  {verdict.sentences.en}"


def judged_line(judged: Judged) -> str:
    """Which judgment is explained: month, revision, sealed or not, up to which evidence."""
    month = f"{judged.month:%Y-%m}"
    if judged.revision == 0:
        words = _("Judged at once, run %(run)s, ledger up to %(month)s, events of %(events)s")
    elif judged.is_sealed:
        words = _("Judgment of %(month)s, run %(run)s, revision %(revision)s, sealed")
    else:
        words = _("Judgment of %(month)s, run %(run)s, revision %(revision)s")
    said = words % {
        "month": month,
        "run": judged.run_id,
        "revision": judged.revision,
        "events": f"{judged.event_month:%Y-%m}",
    }
    return said + _("; evidence up to batch %(cutoff)s") % {"cutoff": judged.cutoff}


def derivation_lines(derivation: Derivation) -> Iterator[str]:
    """The whole derivation, part by part."""
    yield derivation.subject
    yield from verdict_lines(derivation.verdict)
    yield f"  {_('Condition')}{_(': ')}{derivation.when}"
    yield f"  {_('Basis')}{_(': ')}{derivation.basis}"
    yield ""
    yield _("Values compared")
    yield from _table([_value(value) for value in derivation.values])
    decided = any(value.is_decisive for value in derivation.values)
    if derivation.threshold is not None:
        yield from _threshold(derivation.threshold, mark=decided)
    for threshold in derivation.other_thresholds:
        yield from _threshold(threshold, mark=False)
    if derivation.figures:
        yield ""
        yield _("Figures")
        for figure in derivation.figures:
            yield from _figure(figure)
    if derivation.members or derivation.left_out:
        yield ""
        yield f"{_('Members counted')}{_(': ')}{len(derivation.members)}"
        yield from _table([_member(member) for member in derivation.members])
    if derivation.left_out:
        yield _("Members not counted")
        yield from _table([_member(member) for member in derivation.left_out])
    for section in derivation.sections:
        yield ""
        yield from _section(section)


def _value(value: Labelled) -> Cells:
    return [str(value.label), _with_unit(value) + (MARK if value.is_decisive else "")]


def _with_unit(value: Labelled) -> str:
    return f"{_('Unknown') if value.shown is None else value.shown} {value.unit}".strip()


def _threshold(threshold: ThresholdRow, mark: bool) -> Iterator[str]:
    value = f"{threshold.shown} {threshold.unit}".strip()
    yield f"  {_('Threshold')}{_(': ')}{threshold.label}  {value}{MARK if mark else ''}"
    valid = _("valid from %(day)s") % {"day": threshold.valid_from}
    parts = (str(threshold.standing), threshold.document, threshold.note, valid)
    yield "    " + " · ".join(part for part in parts if part)


def _figure(figure: Figure) -> Iterator[str]:
    rows = f" → {figure.section.title}" if figure.section else ""
    yield f"  {figure.value.label}  {_with_unit(figure.value)}  ({figure.period}){rows}"
    if figure.reason:
        yield f"    {figure.reason}"
    yield f"    {figure.value.meaning}"


def _member(member: Member) -> Cells:
    age = _("Unknown") if member.age is None else _("aged %(age)s") % {"age": member.age}
    identity = member.identity if member.is_verified else _("Identity unverified")
    return [member.name, member.relation, age, identity, member.why, source_words(member.source)]


def source_words(source: Source | None) -> str:
    """File, row and the day it came in; and that it was corrected since."""
    if source is None:
        return ""
    words = source.file
    if source.row is not None:
        words += _(", row %(number)s") % {"number": source.row}
    words += _(", received %(day)s") % {"day": f"{source.received:%Y-%m-%d}"}
    return words + (_(", corrected since") if source.corrected else "")


def _section(section: Section) -> Iterator[str]:
    yield f"{section.title}  {section.period}"
    if section.note:
        yield f"  {section.note}"
    if section.is_empty:
        yield f"  {_('No rows in this time.')}"
    elif section.ledger is not None:
        yield from _ledger(section.ledger)
    else:
        head = [column.label for column in section.columns]
        yield from _table([head, *(_row(row) for row in section.rows)])
    if section.is_cut:
        yield f"  {_('Not all lines are listed; the sums are over all of them.')}"


def _row(row: Row) -> Cells:
    cells = [_("Unknown") if cell is None else cell for cell in row.cells]
    mark = MARK.strip() if row.counts else ""
    return [*cells, source_words(row.source), mark, row.url]


def _ledger(ledger: LedgerTable) -> Iterator[str]:
    """A line a month, the lines of the ledger below it, and the sums at the end."""
    for month in ledger.months:
        kinds = [
            f"{kind.label} {money(cell)}" for kind, cell in zip(ledger.kinds, month.cells, strict=True) if cell
        ]
        yield f"  {month.month:%Y-%m}  " + "  ".join([*kinds, f"{_('Net income')} {money(month.net)}"])
        lines = [[line.kind, line.item, money(line.amount), source_words(line.source)] for line in month.lines]
        yield from _table(lines, indent=6)
    sums = [f"{kind.label} {money(total)}" for kind, total in zip(ledger.kinds, ledger.totals, strict=True)]
    yield f"  {_('Total')}  " + "  ".join([*sums, f"{_('Net income')} {money(ledger.net)}"])


def _table(rows: list[Cells], indent: int = 2) -> Iterator[str]:
    """Columns of equal width; Chinese characters take two places."""
    columns = max((len(row) for row in rows), default=0)
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(_width(row[index]) for row in filled) for index in range(columns)]
    for row in filled:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True) if width]
        yield (" " * indent + "  ".join(cells)).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
