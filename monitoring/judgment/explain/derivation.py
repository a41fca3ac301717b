"""What a derivation is made of. Plain data in the language of the reader; nothing here asks the database."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from monitoring.judgment.explain.ledger import LedgerTable
from monitoring.judgment.explain.source import Source
from monitoring.judgment.labels import Labelled, ThresholdRow


class Outcome(StrEnum):
    """What a rule said of a household in a run."""

    FIRED = "fired"
    NOT_REACHED = "not_reached"
    # Something that the rule needs was not known.
    UNKNOWN = "unknown"
    # The rule speaks of something that the household is not: it was never monitored, nobody lost a job.
    NOT_CONCERNED = "not_concerned"
    # A threshold had no value in the month.
    REFUSED = "refused"
    # The run judged the household, but not by this rule; or not the household.
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Sentences:
    """One sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Judged:
    """The run that a derivation follows."""

    run_id: int
    month: date
    event_month: date
    # 0 for a run that followed a batch at once.
    revision: int
    is_sealed: bool
    cutoff: int


@dataclass(frozen=True)
class Verdict:
    """What one rule said, and why in one sentence."""

    code: str
    name: str
    outcome: Outcome
    # "red", "yellow", "blue"; empty where nothing was found.
    level: str
    sentences: Sentences


@dataclass(frozen=True)
class Column:
    """The head of a column of a section."""

    label: str
    is_number: bool = False
    # A day, a month or one word: never broken over two lines.
    is_short: bool = False


@dataclass(frozen=True)
class Row:
    """One row of evidence: cells in the order of the columns, None is unknown, "" is nothing.

    ``counts``: it decided the value. ``url``: the page it leads to.
    """

    cells: tuple[str | None, ...]
    source: Source | None = None
    counts: bool = False
    is_sum: bool = False
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One kind of evidence behind a figure, and the time it is read from: rows, or the months of a ledger."""

    name: str
    title: str
    period: str
    columns: tuple[Column, ...] = ()
    rows: list[Row] = field(default_factory=list)
    ledger: LedgerTable | None = None
    note: str = ""
    is_cut: bool = False

    @property
    def anchor(self) -> str:
        """``rows-list-housing``: where a page puts it."""
        return f"rows-{self.name.replace(':', '-')}"

    @property
    def has_sources(self) -> bool:
        return any(row.source is not None for row in self.rows)

    @property
    def with_columns(self) -> list[tuple[Row, list[tuple[str | None, Column]]]]:
        """Each row with its cells and their columns, for drawing."""
        return [(row, list(zip(row.cells, self.columns, strict=True))) for row in self.rows]

    @property
    def is_empty(self) -> bool:
        return not self.rows and (self.ledger is None or not self.ledger.months)


@dataclass(frozen=True)
class Figure:
    """An indicator that the rule reads: its value, the time it is taken from, and the section with its rows."""

    value: Labelled
    period: str
    section: Section | None
    # Where the value is unknown: why.
    reason: str = ""


@dataclass(frozen=True)
class Member:
    """A person of the household. ``why`` is empty for those who counted; numbers are masked."""

    name: str
    relation: str
    is_head: bool
    age: int | None
    is_verified: bool
    identity: str
    source: Source
    why: str = ""


@dataclass(frozen=True)
class Derivation:
    """A verdict with all that it rests on."""

    verdict: Verdict
    judged: Judged
    # The head of the household, or the village of a cluster.
    subject: str
    # The condition in plain words, and the document that the rule comes from.
    when: str
    basis: str
    values: list[Labelled]
    # The threshold that was compared with, and the others that the rule read.
    threshold: ThresholdRow | None
    other_thresholds: list[ThresholdRow]
    figures: list[Figure]
    members: list[Member]
    left_out: list[Member]
    sections: list[Section]
