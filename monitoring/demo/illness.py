"""Settlements of the medical insurance: who falls ill how often, and who pays what of a bill."""

from dataclasses import dataclass
from datetime import date
from random import Random

from monitoring.demo.people import BOTH, CHRONIC, DISABLED, HEALTHY, MAJOR, Member
from monitoring.judgment.window import month_end

# Chance of any bill in 24 months, and of one more after each.
CHANCE = {
    HEALTHY: (0.08, 0.20),
    CHRONIC: (0.52, 0.47),
    DISABLED: (0.30, 0.30),
    MAJOR: (0.97, 0.72),
    BOTH: (0.55, 0.45),
}
ELDERLY = 1.8
KINDS = (("inpatient", 0.50), ("outpatient_pool", 0.72), ("chronic", 0.88), ("outpatient", 1.0))
# Middle and spread (of the logarithm) of the whole bill in yuan.
COST = {"inpatient": (9800, 0.85), "outpatient_pool": (420, 0.5), "chronic": (650, 0.5), "outpatient": (260, 0.5)}
MAJOR_STAY = (21_000, 0.75)


@dataclass(slots=True)
class Bill:
    """One settlement. The total is the sum of the four parts, to the cent."""

    month: int
    settled_on: date
    kind: str
    basic: float
    serious: float
    aid: float
    self_pay: float

    @property
    def total(self) -> float:
        return self.basic + self.serious + self.aid + self.self_pay


def bills_of(member: Member, months: tuple[date, ...], supported: bool, rng: Random) -> list[Bill]:
    """All settlements of one person. ``supported`` households (lifted, monitored) pay less themselves."""
    first, again = CHANCE[member.health]
    if rng.random() > min(0.97, first * (ELDERLY if member.age >= 65 else 1) * len(months) / 24):
        return []
    bills = [_bill(member, months, supported, rng)]
    while rng.random() < again and len(bills) < 12:
        bills.append(_bill(member, months, supported, rng))
    return bills


def _bill(member: Member, months: tuple[date, ...], supported: bool, rng: Random) -> Bill:
    index = member.joined + int(rng.random() * (len(months) - member.joined))
    last = month_end(months[index]).day
    # A person who joined this month had no bill before the day.
    first = member.since.day if member.since and index == member.joined else 1
    day = months[index].replace(day=first + int(rng.random() * (last - first + 1)))
    chance = rng.random()
    kind = next(name for name, bound in KINDS if chance < bound)
    middle, spread = MAJOR_STAY if kind == "inpatient" and member.health == MAJOR else COST[kind]
    return _shared_out(index, day, kind, middle * rng.lognormvariate(0, spread), supported, rng)


def _shared_out(index: int, day: date, kind: str, total: float, supported: bool, rng: Random) -> Bill:
    """Basic insurance first, then serious-illness insurance above a line, then medical aid for the supported."""
    rest = total * (1 - rng.uniform(0.52, 0.72))
    basic = total - rest
    serious = max(0.0, rest - 12_000) * 0.6 if kind == "inpatient" else 0.0
    rest -= serious
    aid = rest * rng.uniform(0.25, 0.6) if supported and kind != "outpatient" else 0.0
    return Bill(index, day, kind, round(basic, 2), round(serious, 2), round(aid, 2), round(rest - aid, 2))
