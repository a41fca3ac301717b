"""What a rule declares. Rules are data: expressions over ``HouseholdMonth`` columns and dated thresholds.

A threshold is written ``F("income_line")``: the judgment puts the value of the month beside the columns. Rules are
written positively (no ``~Q``, no ``exclude``, no ``coalesce``): a row of nothing but NULLs fires nothing.
"""

from dataclasses import dataclass

from django.db.models import Expression, F, Q

RED, YELLOW, BLUE = "red", "yellow", "blue"
STATE, EVENT = "state", "event"
LOWER, HIGHER = "lower", "higher"

# What a rule looks at: the indicators of a household; what visits found there; what other rules found for it; what
# they found in a village. A rule on visits is a family, one kind a risk, as one on villages is one a rule.
INDICATORS, VISITS, FINDINGS, VILLAGE = "indicators", "visits", "findings", "village"


# A rule is itself and no other one that says the same: statements are kept by rule.
@dataclass(frozen=True, eq=False)
class Rule:
    """One rule. Amounts are yuan; ``basis`` names the document the rule comes from."""

    code: str
    # Raised whenever predicate, level or values change their meaning; stored with each run.
    version: int
    name_zh: str
    name_en: str
    # The condition in plain words, for docs/rules.md and for whoever asks.
    when_zh: str
    when_en: str
    # "red", "yellow", "blue", or an expression that says which.
    level: str | Expression
    # A state can stop being found, and a person is asked; an event happened once and says nothing more.
    nature: str
    # The direction in which the first value gets worse: a closed alert is reopened by a fifth more of it.
    worse: str
    risk: str
    department: str
    basis: str
    # Columns that the predicate reads. It is true, false or, where something it turns on is unknown, null: only
    # what is false was looked for and not found.
    needs: tuple[str, ...]
    # Thresholds that must have a value in the month; without one the rule refuses and says so once.
    thresholds: tuple[str, ...]
    predicate: Q
    # What the finding stores, by name.
    values: dict[str, Expression | F]
    # The threshold a person is shown: its code, or an expression that says which.
    shown_threshold: str | Expression
    # "{name:money}", "{name:count}", "{name:percent}" of a value, a threshold or "year".
    sentence_zh: str
    sentence_en: str
    # Which evidence stands behind it, by the names of ``monitoring.judgment.explain``.
    rows: tuple[str, ...]
    reads: str = INDICATORS
    # Whether the findings of this rule count in those that read findings; false for what is no risk of its own.
    counted: bool = True
    # Each month's finding is a new happening (another accident), and a closed alert of the last one keeps nothing
    # quiet. False where a later month sees the same cause again, or counts on from the same sum.
    fresh: bool = False
    # Where ``level`` is an expression: each level it can give, and when, in both languages.
    level_words: tuple[tuple[str, str, str], ...] = ()

    @property
    def levels(self) -> set[str]:
        """The levels that a finding can have."""
        return {self.level} if isinstance(self.level, str) else {level for level, _zh, _en in self.level_words}

    @property
    def of_ledger(self) -> bool:
        """It speaks of the ledger's last month; the others of the month of events."""
        return "net" in self.needs
