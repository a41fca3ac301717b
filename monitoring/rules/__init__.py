"""The rules, one declaration each: expressions over HouseholdMonth columns and dated thresholds.

``RULES`` is the whole list, in the order in which pages show them. A new rule is a module with its line in both lists
below; ``manage.py new_rule CODE`` lays it down.
"""

from monitoring.rules import (
    care,
    composite,
    dwelling,
    happenings,
    income,
    medical,
    schooling,
    visits,
)
from monitoring.rules.declaration import Rule

RULES: tuple[Rule, ...] = (
    *income.RULES,
    *medical.RULES,
    *schooling.RULES,
    *dwelling.RULES,
    *happenings.RULES,
    *care.RULES,
    *visits.RULES,
    *composite.RULES,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


def family_of(code: str) -> Rule:
    """The rule of a finding: ``CLU01`` of ``CLU01.INC01``, ``VISIT`` of ``VISIT.illness``."""
    return BY_CODE[code.partition(".")[0]]


__all__ = ["BY_CODE", "RULES", "Rule", "family_of"]
