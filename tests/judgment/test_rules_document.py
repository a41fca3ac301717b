"""docs/rules.md says what the code does."""

import pytest

from alerts.kinds import AlertLevel, Nature, Risk
from households.models import Department
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.rules_doc import rules_document, rules_document_path
from monitoring.rules import RULES

pytestmark = pytest.mark.once


def test_the_document_of_the_rules_is_fresh():
    """When this fails: ``manage.py write_rules_doc``."""
    assert rules_document_path().read_text(encoding="utf-8") == rules_document()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rules_use_the_words_and_columns_of_the_project(rule):
    assert rule.department in Department.values
    assert rule.risk in Risk.values
    assert rule.nature in Nature.values
    assert not isinstance(rule.level, str) or rule.level in AlertLevel.values
    assert set(rule.needs) <= {indicator.name for indicator in INDICATORS}
    assert rule.basis and rule.name_zh and rule.name_en
