"""pack_a end to end: every planted risk found, none invented, every row accounted for, figures exact."""

import datetime as dt
from fractions import Fraction

import pytest

from households.models import StagedRow
from monitoring.models import Finding, HouseholdMonth
from tests.packs import oracle
from tests.packs.conftest import FILES, PACK_A, villages

pytestmark = pytest.mark.django_db

LINE_2022 = 6900
JUNE_30 = dt.date(2022, 6, 30)


@pytest.fixture(scope="module")
def opinion():
    return oracle.read_pack(PACK_A, villages())


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_file_becomes_what_a_second_reading_says(pack_a, opinion, name):
    imports, _run = pack_a
    rows = StagedRow.objects.filter(import_file=imports[name])

    became = dict(rows.values_list("row_number", "outcome"))

    expected = opinion.outcome[name.rpartition("/")[2]]
    wrong = {n: (became.get(n), expected.get(n)) for n in became | expected if became.get(n) != expected.get(n)}
    assert wrong == {}


def test_the_judgment_finds_what_a_second_computation_finds_and_nothing_else(pack_a, opinion):
    _imports, run = pack_a
    expected = {
        (code, rule, level)
        for code, verdict in oracle.judge(opinion, LINE_2022, JUNE_30).items()
        for rule, level in verdict["rules"].items()
    }

    found = set(Finding.objects.filter(run=run).values_list("household__code", "rule", "level"))

    assert found - expected == set()
    assert expected - found == set()
    assert len({rule for _code, rule, _level in found}) == 7


def test_net_income_and_members_of_every_household_are_equal_to_the_cent(pack_a, opinion):
    _imports, run = pack_a
    expected = {
        code: (verdict["net"], verdict["previous"], verdict["members"])
        for code, verdict in oracle.judge(opinion, LINE_2022, JUNE_30).items()
    }

    months = HouseholdMonth.objects.filter(run=run).values_list(
        "household__code", "net", "previous_net", "members"
    )

    figures = {code: (_exact(net), _exact(previous), members) for code, net, previous, members in months}
    assert {
        code: (figures.get(code), expected[code]) for code in expected if figures.get(code) != expected[code]
    } == {}
    assert figures.keys() == expected.keys()


def _exact(amount) -> Fraction | None:
    return None if amount is None else Fraction(amount)
