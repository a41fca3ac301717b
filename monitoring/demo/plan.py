"""The demo county in numbers: exact totals, and which village holds which households. Pure, from a seed.

The whole county is Zigui as the press describes it (2022): 100,000 rural households with 290,000 people, 27,000 of
them (72,000 people) lifted out of poverty, 1,792 monitored (4,248 people), 89.5 % of these with the risk
eliminated. A smaller county keeps the proportions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

WHOLE = 100_000
PEOPLE = 290_000
LIFTED, LIFTED_PEOPLE = 27_000, 72_000
MONITORED, MONITORED_PEOPLE = 1_792, 4_248
ELIMINATED_SHARE = 0.895
CATEGORY_SHARES = {"unstable": 0.42, "marginal": 0.37, "sudden": 0.21}
LARGEST = 8
# How often households of 1, 2, … 8 occur before the mean is bent to what a group needs.
SIZE_SHAPE = (14, 24, 24, 19, 11, 6, 1.6, 0.4)
# A day has 1000 sequence numbers in an identity number: 500 for each sex.
PAIRS_A_DAY = 500


@dataclass(frozen=True)
class Group:
    """Households that the register describes alike. ``category`` is empty for those not monitored."""

    name: str
    lifted: bool
    category: str = ""
    eliminated: bool | None = None

    @property
    def monitored(self) -> bool:
        return bool(self.category)

    @property
    def has_ledger(self) -> bool:
        """Income is recorded for lifted and monitored households only."""
        return self.lifted or self.monitored


GROUPS = (
    Group("ordinary", lifted=False),
    Group("lifted", lifted=True),
    *(
        Group(f"{category}_{'eliminated' if eliminated else 'open'}", category == "unstable", category, eliminated)
        for eliminated in (True, False)
        for category in CATEGORY_SHARES
    ),
)
BY_NAME = {group.name: group for group in GROUPS}


@dataclass(frozen=True)
class Totals:
    """Households and people of one group."""

    households: int
    people: int


@dataclass(frozen=True)
class Slot:
    """One household to be made: its group and how many people belong to it."""

    group: Group
    size: int


@dataclass
class TownshipPlan:
    """What one township is made of; offsets make it independent of the others."""

    code: str
    villages: dict[str, list[Slot]] = field(default_factory=dict)
    first_household: int = 0
    first_person: int = 0
    households: int = 0
    people: int = 0
    # Pairs of sequence numbers (odd and even) of each birth day that belong to this township.
    pairs: tuple[int, int] = (0, PAIRS_A_DAY)


@dataclass(frozen=True)
class CountyPlan:
    seed: int
    months: tuple[date, ...]
    groups: Mapping[str, Totals]
    townships: tuple[TownshipPlan, ...]

    def households(self, *names: str) -> int:
        return sum(self.groups[name].households for name in names or self.groups)

    def people(self, *names: str) -> int:
        return sum(self.groups[name].people for name in names or self.groups)


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts in proportion to the weights that add up to the total exactly (largest remainders)."""
    if not total or not sum(weights):
        return [0] * len(weights)
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def group_totals(households: int) -> dict[str, Totals]:
    """Households and people of every group in a county of so many households."""

    def part(whole: int) -> int:
        return round(whole * households / WHOLE)

    totals = {}
    monitored, monitored_people = part(MONITORED), part(MONITORED_PEOPLE)
    eliminated, eliminated_people = round(monitored * ELIMINATED_SHARE), round(monitored_people * ELIMINATED_SHARE)
    for state, count, people in (
        ("eliminated", eliminated, eliminated_people),
        ("open", monitored - eliminated, monitored_people - eliminated_people),
    ):
        counts = split(count, list(CATEGORY_SHARES.values()))
        for category, one, heads in zip(CATEGORY_SHARES, counts, split(people, counts), strict=True):
            totals[f"{category}_{state}"] = Totals(one, _possible(heads, one))
    unstable = [total for name, total in totals.items() if BY_NAME[name].lifted]
    count = part(LIFTED) - sum(total.households for total in unstable)
    people = part(LIFTED_PEOPLE) - sum(total.people for total in unstable)
    totals["lifted"] = Totals(count, _possible(people, count))
    count = households - sum(total.households for total in totals.values())
    people = part(PEOPLE) - sum(total.people for total in totals.values())
    totals["ordinary"] = Totals(count, _possible(people, count))
    return {group.name: totals[group.name] for group in GROUPS}


def _possible(people: int, households: int) -> int:
    """At least one person a household and no more than the largest; matters in very small counties only."""
    return min(max(people, households), households * LARGEST)


def sizes(totals: Totals, rng: Random) -> list[int]:
    """A size for each household of a group, adding up to its people exactly."""
    if not totals.households:
        return []
    drawn = rng.choices(range(1, LARGEST + 1), _bent(totals.people / totals.households), k=totals.households)
    surplus = sum(drawn) - totals.people
    step = 1 if surplus > 0 else -1
    while surplus:
        index = rng.randrange(len(drawn))
        if 1 <= drawn[index] - step <= LARGEST:
            drawn[index] -= step
            surplus -= step
    return drawn


def _bent(mean: float) -> list[float]:
    """The usual sizes, tilted until their mean is the one wanted."""
    low, high = 0.01, 100.0
    weights: list[float] = list(SIZE_SHAPE)
    for _round in range(60):
        tilt = (low * high) ** 0.5
        weights = [share * tilt**index for index, share in enumerate(SIZE_SHAPE)]
        if sum((index + 1) * weight for index, weight in enumerate(weights)) / sum(weights) < mean:
            low = tilt
        else:
            high = tilt
    return weights


def plan_county(
    *,
    households: int,
    seed: int,
    months: Sequence[date],
    villages: Mapping[str, Sequence[str]],
    townships: Collection[str] | None = None,
) -> CountyPlan:
    """Lays households out over the villages of some townships, all by default.

    ``villages``: township code → village codes, of the whole county.
    """
    rng = Random(f"plan:{seed}")
    groups = group_totals(households)
    slots = [Slot(BY_NAME[name], size) for name, totals in groups.items() for size in sizes(totals, rng)]
    rng.shuffle(slots)
    chosen = [code for code in sorted(villages) if townships is None or code in townships]
    codes = [(township, village) for township in chosen for village in sorted(villages[township])]
    shares = split(len(slots), [rng.uniform(0.6, 1.6) for _code in codes])
    # A fixed share of each day's numbers: townships made in different loads do not meet either.
    pairs = PAIRS_A_DAY // len(villages)
    plans = {
        code: TownshipPlan(code, pairs=(place * pairs, (place + 1) * pairs))
        for place, code in enumerate(sorted(villages))
        if code in chosen
    }
    taken = 0
    for (township, village), share in zip(codes, shares, strict=True):
        plans[township].villages[village] = slots[taken : taken + share]
        taken += share
    _number(plans.values())
    return CountyPlan(seed, tuple(months), groups, tuple(plans.values()))


def _number(townships: Iterable[TownshipPlan]) -> None:
    """Gives each township its stretch of row numbers."""
    household, person = 0, 0
    for township in townships:
        slots = [slot for village in township.villages.values() for slot in village]
        township.first_household, township.first_person = household, person
        township.households, township.people = len(slots), sum(slot.size for slot in slots)
        household, person = household + township.households, person + township.people
