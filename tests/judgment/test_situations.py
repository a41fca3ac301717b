"""Every rule in situations, one file a rule: below, at and above each threshold; unknown; a month's borders.

A rule without a file fails. What a situation may say: ``situations/README.md``.
"""

from decimal import Decimal

import pytest

from monitoring.rules import RULES
from tests.judgment.judging_situations import Verdict, judge_together
from tests.judgment.situation import FOLDER, Situation, read_situations

CASES = [situation for path in sorted(FOLDER.glob("*.yaml")) for situation in read_situations(path)]
BY_RULE = {rule: [case for case in CASES if case.rule == rule] for rule in {case.rule for case in CASES}}


JUDGED: dict[str, dict[str, Verdict]] = {}


def verdict_of(case: Situation) -> Verdict:
    """The situations of a rule are judged together, by whichever of them comes first."""
    if case.rule not in JUDGED:
        JUDGED[case.rule] = judge_together(BY_RULE[case.rule])
    return JUDGED[case.rule][case.name]


def plain(value: object) -> object:
    """Numbers compare as numbers: 2 stored as 2.0 is 2, and 0.1 is not a float's 0.1."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_situation(case: Situation):
    verdict = verdict_of(case)

    stored = {name: plain(verdict.values.get(name)) for name in case.values}
    expected = {name: plain(value) for name, value in case.values.items()}
    assert (verdict.said, stored) == (case.expect, expected)
    if case.says:
        assert verdict.sentence == case.says


def test_every_rule_has_situations_in_which_it_fires_and_in_which_it_does_not():
    """When this fails for a new rule: add ``tests/judgment/situations/<CODE>.yaml``."""
    said = {rule.code: {case.expect for case in BY_RULE.get(rule.code, [])} for rule in RULES}

    assert {code for code, expected in said.items() if not expected & {"red", "yellow", "blue"}} == set()
    assert {code for code, expected in said.items() if "nothing" not in expected} == set()
    assert set(BY_RULE) == set(said)


def test_every_level_that_a_rule_can_have_stands_in_a_situation():
    for rule in RULES:
        levels = {case.expect for case in BY_RULE[rule.code]} & {"red", "yellow", "blue"}
        assert levels == rule.levels, rule.code
