"""The plan is exact: what the press says of the county is what is made."""

import pytest

from monitoring.demo.plan import LARGEST, PAIRS_A_DAY, WHOLE, group_totals, plan_county, split
from tests.demo.conftest import MONTHS

VILLAGES = {f"42052710{t}": [f"42052710{t}{v}" for v in range(200, 214)] for t in range(1, 9)}


def _plan(households, seed=1, villages=VILLAGES):
    return plan_county(households=households, seed=seed, months=MONTHS, villages=villages)


def _slots(plan):
    return [slot for township in plan.townships for slots in township.villages.values() for slot in slots]


def test_the_whole_county_has_exactly_the_published_numbers():
    slots = _slots(_plan(WHOLE))
    lifted = [slot.size for slot in slots if slot.group.lifted]
    monitored = [slot.size for slot in slots if slot.group.monitored]
    eliminated = [slot.size for slot in slots if slot.group.eliminated]

    assert (len(slots), sum(slot.size for slot in slots)) == (100_000, 290_000)
    assert (len(lifted), sum(lifted)) == (27_000, 72_000)
    assert (len(monitored), sum(monitored)) == (1_792, 4_248)
    assert (len(eliminated), sum(eliminated)) == (1_604, 3_802)


def test_all_three_categories_occur_and_only_the_unstable_were_lifted():
    slots = _slots(_plan(WHOLE))
    assert {slot.group.category: slot.group.lifted for slot in slots if slot.group.monitored} == {
        "unstable": True,
        "marginal": False,
        "sudden": False,
    }


@pytest.mark.parametrize("households", [1, 2, 30, 399, 400, 6_000, 25_000])
def test_every_household_asked_for_is_laid_out_with_the_people_of_its_group(households):
    plan = _plan(households)
    slots = _slots(plan)
    assert len(slots) == households
    for name, totals in plan.groups.items():
        of_group = [slot.size for slot in slots if slot.group.name == name]
        assert (len(of_group), sum(of_group)) == (totals.households, totals.people)
        assert all(1 <= size <= LARGEST for size in of_group)


@pytest.mark.parametrize("households", [6_000, 33_333, 250_000])
def test_a_county_of_another_size_keeps_the_proportions(households):
    totals = group_totals(households)
    lifted = sum(total.households for name, total in totals.items() if name.startswith(("lifted", "unstable")))
    assert sum(total.households for total in totals.values()) == households
    assert lifted == round(households * 0.27)
    assert sum(total.people for total in totals.values()) == round(households * 2.9)


def test_it_gives_every_township_row_numbers_and_identity_numbers_of_its_own():
    households, people, pair = 0, 0, 0
    for township in _plan(6_000).townships:
        assert (township.first_household, township.first_person) == (households, people)
        assert pair <= township.pairs[0] < township.pairs[1] <= PAIRS_A_DAY
        households, people, pair = households + township.households, people + township.people, township.pairs[1]
    assert (households, people) == (6_000, 17_400)


def test_a_part_of_the_county_keeps_the_identity_numbers_of_its_townships():
    whole = {township.code: township.pairs for township in _plan(400).townships}
    part = plan_county(
        households=40, seed=1, months=MONTHS, villages=VILLAGES, townships=["420527103", "420527108"]
    )
    assert {township.code: township.pairs for township in part.townships} == {
        code: whole[code] for code in ("420527103", "420527108")
    }
    assert part.households() == sum(township.households for township in part.townships) == 40


def test_the_seed_decides_the_plan():
    assert _slots(_plan(400, seed=1)) == _slots(_plan(400, seed=1))
    assert _slots(_plan(400, seed=1)) != _slots(_plan(400, seed=2))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [(10, [1, 1, 1], [4, 3, 3]), (0, [1, 2], [0, 0]), (5, [0, 0], [0, 0]), (7, [2, 5], [2, 5])],
)
def test_parts_add_up_to_the_total(total, weights, parts):
    assert split(total, weights) == parts
