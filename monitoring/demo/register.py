"""What the household export says and how it changed: lifted when, monitored since, risk eliminated, house."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from monitoring.demo.plan import Slot
from monitoring.judgment.window import add_months, first_day

FIRST_MONITORED = date(2020, 4, 1)
# A risk stands eliminated after half a year at the earliest.
SHORTEST_DAYS, LONGEST_DAYS = 185, 420


@dataclass(frozen=True, slots=True)
class HouseholdState:
    kind: str
    lifted_year: int | None
    category: str
    monitored_since: date | None
    risk_eliminated: bool | None
    eliminated_on: date | None
    house_grade: str
    safe_water: bool
    size: int
    mu: float


def states(slot: Slot, mu: float, months: tuple[date, ...], rng: Random) -> list[tuple[int, date, HouseholdState]]:
    """The states of a household by month and day from which they hold; the first is the base export."""
    chance = rng.random()
    grade = "D" if chance < 0.0006 else "C" if chance < 0.003 else "B" if chance < 0.22 else "A"
    unmonitored = HouseholdState(
        kind="lifted" if slot.group.lifted else "ordinary",
        lifted_year=rng.randint(2014, 2020) if slot.group.lifted else None,
        category="",
        monitored_since=None,
        risk_eliminated=None,
        eliminated_on=None,
        house_grade=grade,
        safe_water=rng.random() > 0.002,
        size=slot.size,
        mu=mu,
    )
    changes = [(months[0], unmonitored)]
    if slot.group.monitored:
        changes = _monitored(slot, unmonitored, months, rng)
    return [(_index(day, months), day, state) for day, state in changes]


def _monitored(
    slot: Slot, before: HouseholdState, months: tuple[date, ...], rng: Random
) -> list[tuple[date, HouseholdState]]:
    """Found at some time in the last years, most not at risk any more. What was before the window is base."""
    end = add_months(months[-1], 1) - timedelta(days=1)
    earliest = max(FIRST_MONITORED, add_months(months[0], -20))
    latest = end - timedelta(days=SHORTEST_DAYS + 40) if slot.group.eliminated else end - timedelta(days=5)
    since = earliest + timedelta(days=int(rng.random() * max(1, (latest - earliest).days)))
    found = replace(before, category=slot.group.category, monitored_since=since, risk_eliminated=False)
    changes = [(months[0], before), (since, found)]
    if slot.group.eliminated:
        days = rng.randint(SHORTEST_DAYS, max(SHORTEST_DAYS, min(LONGEST_DAYS, (end - since).days)))
        day = since + timedelta(days=days)
        changes.append((day, replace(found, risk_eliminated=True, eliminated_on=first_day(day))))
    known = [change for change in changes if change[0] <= months[0]]
    return [(months[0], known[-1][1]), *changes[len(known) :]]


def _index(day: date, months: tuple[date, ...]) -> int:
    start, month = months[0], first_day(day)
    return (month.year - start.year) * 12 + month.month - start.month


def fact_columns(as_of: date, state: HouseholdState) -> tuple:
    """In the order of the columns of ``rows``; ``None`` is null."""
    return (
        as_of.isoformat(),
        state.kind,
        state.lifted_year,
        state.category,
        state.monitored_since.isoformat() if state.monitored_since else None,
        state.risk_eliminated,
        state.eliminated_on.isoformat() if state.eliminated_on else None,
        state.house_grade,
        state.safe_water,
        state.size,
        f"{state.mu:.2f}",
    )
