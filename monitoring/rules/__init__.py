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
)
from monitoring.rules.declaration import Rule

RULES: tuple[Rule, ...] = (
    *income.RULES,
    *medical.RULES,
    *schooling.RULES,
    *dwelling.RULES,
    *happenings.RULES,
    *care.RULES,
    *composite.RULES,
)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}

__all__ = ["BY_CODE", "RULES", "Rule"]
