"""Every indicator, threshold and value of every rule has a name and a unit that people read, in both languages."""

import csv
import re

import pytest
from django.conf import settings
from django.utils import translation

from households.models import ListEntry
from monitoring.judgment.explain.entry_words import GRADES, KINDS, grade_word, kind_word
from monitoring.judgment.explain.figures import names_read, sections_of
from monitoring.judgment.explain.sections import SECTIONS
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.labels import (
    DERIVED,
    GROUPS,
    INDICATOR_OF,
    OF_RULE,
    THRESHOLDS,
    UNITS,
    compared_values,
    label_and_unit,
)
from monitoring.rules import BY_CODE, RULES

CHINESE = re.compile("[\u4e00-\u9fff]")
SHIPPED = settings.BASE_DIR / "households" / "policy" / "data" / "thresholds.csv"
LABELS = [
    *THRESHOLDS.values(),
    *UNITS.values(),
    *(label for label, _unit in DERIVED.values()),
    *OF_RULE.values(),
    *KINDS.values(),
    *GRADES.values(),
    *(title for title, _names in GROUPS),
]


def units_of_thresholds() -> set[str]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return {row["unit"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_threshold_and_value_of_a_rule_has_a_name(rule):
    assert set(rule.thresholds) <= set(THRESHOLDS)
    assert {name for name in rule.values if label_and_unit(name, rule)[0] == name} == set()


def test_each_unit_has_a_word():
    of_values = {unit for _label, unit in DERIVED.values()} | {indicator.unit for indicator in INDICATORS}

    assert (of_values | units_of_thresholds()) - {""} <= set(UNITS)


@pytest.mark.parametrize("label", LABELS, ids=str)
def test_each_name_is_in_both_languages(label):
    with translation.override("zh-hans"):
        assert CHINESE.search(str(label))
    with translation.override("en"):
        assert not CHINESE.search(str(label))


def test_each_indicator_stands_in_one_group_of_the_household_page():
    named = [name for _title, names in GROUPS for name in names]

    assert sorted(named) == sorted(INDICATOR_OF)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_figure_of_a_rule_leads_to_rows_that_can_be_shown(rule):
    names = [name for figure in names_read(rule) for name in sections_of(figure)] + list(rule.rows)

    assert {name for name in names if name not in SECTIONS and not name.startswith("list:")} <= {"cluster"}


def test_words_truths_and_numbers_are_shown_as_what_they_are():
    water = {"outage_days": None, "outages": 2.0, "water_quality": 0, "safe_water": False}
    threshold = {"unit": "天", "value": "36"}

    with translation.override("en"):
        shown = {row.name: row.shown for row in compared_values(water, threshold, BY_CODE["WAT01"])}
        (grade,) = compared_values({"house_grade": "D"}, {}, BY_CODE["HOU01"])

    assert shown == {"outage_days": None, "outages": "2", "water_quality": "0", "safe_water": "No"}
    assert (grade.shown, grade.is_number, grade.is_decisive) == ("D", False, True)


@pytest.mark.parametrize(("days", "decisive"), [(37, "outage_days"), (36, "outage_days"), (3, None), (None, None)])
def test_what_did_not_reach_the_threshold_did_not_decide(days, decisive):
    values = {"outage_days": days, "safe_water": False}

    rows = compared_values(values, {"unit": "天", "value": "36"}, BY_CODE["WAT01"])

    assert [row.name for row in rows if row.is_decisive] == ([decisive] if decisive else [])


def test_a_list_speaks_the_words_of_its_form_and_keeps_what_nobody_knows():
    entry = ListEntry(list="emergency", kind="泥石流", grade="crop_lost")

    with translation.override("zh-hans"):
        assert (kind_word(entry), grade_word(entry)) == ("泥石流", "农作物绝收")
    with translation.override("en"):
        assert (kind_word(entry), grade_word(entry)) == ("泥石流", "Crop lost")
