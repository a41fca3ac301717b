"""pack_a end to end: every planted risk found, none invented, every row accounted for, figures exact."""

import datetime as dt
from fractions import Fraction

import pytest

from households.models import Threshold
from tests.packs import oracle, oracle_lists, oracle_rules
from tests.packs.comparing import (
    figures_told_differently,
    findings_expected,
    findings_of,
    rows_told_differently,
)
from tests.packs.conftest import FILES, PACK_A, judge_june, villages

pytestmark = pytest.mark.django_db

LINE_2022 = 6900
JUNE_30 = dt.date(2022, 6, 30)


@pytest.fixture(scope="module")
def read():
    pack = oracle.read_pack(PACK_A, villages())
    oracle_lists.read_lists(pack, PACK_A / "部门")
    return pack


@pytest.fixture(scope="module")
def opinion(read):
    return oracle_rules.judge(read, LINE_2022, JUNE_30)


def test_the_pack_has_twelve_files():
    assert len(FILES) == 12


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_file_becomes_what_a_second_reading_says(pack_a, read, name):
    imports, _run = pack_a

    assert rows_told_differently(imports[name], read, name) == {}


def test_the_judgment_finds_what_a_second_computation_finds_and_nothing_else(pack_a, opinion):
    _imports, run = pack_a
    found, expected = findings_of(run), findings_expected(opinion)

    assert found - expected == set()
    assert expected - found == set()
    rules = {rule.partition(".")[0] for _subject, rule, _level in found}
    assert rules >= {
        "INC01", "INC02", "INC03", "MED01", "MED02", "MED03", "MED07", "MED09", "EDU02", "EDU03", "HOU01", "WAT01",
        "ACC01", "DIS01", "CIV01", "DSB01", "EMP01", "SUG06", "SUG08", "SUG12",
    }  # fmt: skip
    assert run.refused_rules == {"MED05": ["rural_income_last_year"]}


def test_every_indicator_of_every_household_is_equal_to_the_cent(pack_a, opinion):
    _imports, run = pack_a

    assert figures_told_differently(run, opinion) == {}


def test_with_a_rural_income_of_the_year_before_its_rule_judges_too(pack_a, read):
    Threshold.objects.create(
        code="rural_income_last_year",
        area_id="42",
        value=9000,
        unit="元",
        valid_from=dt.date(2022, 1, 1),
        standing="demo",
        document="a test",
    )

    run = judge_june()

    opinion = oracle_rules.judge(read, LINE_2022, JUNE_30, Fraction(9000))
    assert findings_of(run) == findings_expected(opinion)
    assert any(rule == "MED05" for _subject, rule, _level in findings_of(run))
    assert run.refused_rules == {}
