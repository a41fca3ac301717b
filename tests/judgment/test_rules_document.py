"""docs/rules.md says what the code does."""

import re

import pytest

from alerts.kinds import AlertLevel, Nature, Risk
from households.models import Department
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.rule_formula import formula
from monitoring.judgment.rules_doc import rules_document, rules_document_path
from monitoring.rules import RULES

pytestmark = pytest.mark.once

# What rules on findings and villages compare beside indicators and thresholds.
BESIDE = {"findings", "departments", "found", "households", "visits"}


def test_the_document_of_the_rules_is_fresh():
    """When this fails: ``manage.py write_rules_doc``."""
    assert rules_document_path().read_text(encoding="utf-8") == rules_document()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rules_use_the_words_and_columns_of_the_project(rule):
    assert rule.department in Department.values
    assert rule.risk in Risk.values
    assert rule.nature in Nature.values
    assert rule.levels and rule.levels <= set(AlertLevel.values)
    assert bool(rule.level_words) != isinstance(rule.level, str)
    assert all(zh and en for _level, zh, en in rule.level_words)
    assert set(rule.needs) <= {indicator.name for indicator in INDICATORS}
    assert rule.basis and rule.name_zh and rule.name_en


def columns_in(level) -> set[str]:
    return set(re.findall(r"F\((\w+)\)", str(level)))


def columns_of(predicate) -> set[str]:
    """Every name that a predicate compares."""
    return set(re.findall(r"[a-z_]{3,}", re.sub(r"= (yes|no)\b|\b(and|or)\b", " ", formula(predicate))))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_names_every_indicator_and_threshold_that_its_condition_compares(rule):
    named = columns_of(rule.predicate)

    assert named & {indicator.name for indicator in INDICATORS} <= set(rule.needs)
    assert named - {indicator.name for indicator in INDICATORS} - BESIDE <= set(rule.thresholds)
    assert not set(rule.thresholds) - named - set(columns_in(rule.level))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_threshold_has_a_value_with_its_standing_or_the_document_says_that_it_has_none(rule):
    section = rules_document().split(f'<a id="{rule.code.lower()}">')[1].split("<a id=")[0]

    for code in rule.thresholds:
        said = re.search(rf"`{code}`：([^<|]*)", section)[1]
        assert any(word in said for word in ("文件规定", "由文件推断", "本系统建议", "由县填写"))
