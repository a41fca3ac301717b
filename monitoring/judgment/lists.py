"""The lists of departments that a month needs: without one, what it would say is unknown."""

from datetime import date

from households.evidence.services import sources_received
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import VISITS

DEPARTMENT_LISTS = (
    "medical",
    "education",
    "disability",
    "housing",
    "water",
    "traffic",
    "emergency",
    "civil",
    "employment",
)


# Evidence of a rule (``Rule.rows``) that comes from the medical list.
MEDICAL_ROWS = {"bills", "bills_of_year", "inpatient_year", "outpatient", "stays"}


def rules_of_list(source: str) -> list[Rule]:
    """The rules that read a department's list of the month, or visits. Those on the ledger's months read more."""
    return [rule for rule in RULES if not rule.of_ledger and _reads(rule, source)]


def _reads(rule: Rule, source: str) -> bool:
    if source == "visit":
        return rule.reads == VISITS
    return f"list:{source}" in rule.rows or source == "medical" and bool(MEDICAL_ROWS & set(rule.rows))


def missing_lists(month: date, cutoff: int | None = None) -> list[str]:
    """Lists of a month that were not received (up to a cut-off, if given). One query."""
    received = sources_received(month, cutoff)
    return [source for source in DEPARTMENT_LISTS if source not in received]
