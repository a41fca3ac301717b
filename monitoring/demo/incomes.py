"""Income ledgers: what a household of the Three Gorges lives on, in the months in which the money comes.

A year of entries is composed from the members and the land (wages, oranges or tea, pigs, pensions, subsidies,
rent), scaled to the income the household shall have, and played over the months with growth, noise and, for
some, a fall.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from monitoring.demo.people import Member
from monitoring.demo.plan import Group

# Low valleys along the river grow oranges, high townships tea.
TEA_TOWNSHIPS = frozenset({"420527105", "420527107", "420527108", "420527203", "420527204"})
ORANGES = ((11, 12, 1), (11, 12), (3, 4, 5), (6, 7), (9, 10))
TEA = ((3, 4, 5), (4, 5, 6), (4, 5, 9))
WAGES = {"省外": 4300, "省内县外": 3700, "县内": 2900, "乡(镇)内": 2300}
# Work away begins after the Spring Festival.
WORK_SEASON = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 2, 1)
QUARTER_ENDS = (3, 6, 9, 12)

# Income per head against the line of the last year: the share below it and how far down, and the middle above it.
BELOW = {"lifted": (0.022, 0.66), "open": (0.46, 0.60), "sudden_open": (0.10, 0.75), "eliminated": (0.020, 0.72)}
MIDDLE = {"lifted": 0.80, "open": 0.18, "sudden_open": 0.40, "eliminated": 0.55}
LOWEST_ABOVE = 1.10
FARTHEST = 3.0
NEAR_SHARE = 0.03

FALL_SHARE = 0.065
FALL_WITHIN = 16
# Nobody writes down a wage of a few yuan.
LEAST = 100.0
# Ledgers with gaps: nothing at all, nothing for the last year, nothing for five months of the last year.
NO_LEDGER, NO_LAST_YEAR, GAP = 0.004, 0.009, 0.029


@dataclass(slots=True)
class Entry:
    """One recurring entry of a household's year. ``earned`` ones are scaled, fixed ones are not."""

    calendar_month: int
    kind: str
    item: str
    amount: float
    earned: bool = True

    @property
    def signed(self) -> float:
        return -self.amount if self.kind == "cost" else self.amount


@dataclass(frozen=True, slots=True)
class Line:
    month: int
    kind: str
    item: str
    amount: float


class Ledger:
    """Makes the ledger of one household after another, from one stream of chance."""

    def __init__(self, rng: Random, months: tuple[date, ...], income_line: float, township: str):
        self.rng = rng
        self.months = months
        self.income_line = income_line
        self.tea = township in TEA_TOWNSHIPS

    def lines(self, group: Group, members: list[Member], mu: float) -> list[Line]:
        entries = [*self._wages(members), *self._farming(members, mu), *self._support(members, mu)]
        entries += self._odd_jobs(entries)
        target = self._ratio(group) * self.income_line * len(members)
        fixed = sum(entry.signed for entry in entries if not entry.earned)
        earned = sum(entry.signed for entry in entries if entry.earned)
        factor = max(target - fixed, 0.02 * target) / max(earned, 1.0)
        return self._played(entries, factor)

    def _ratio(self, group: Group) -> float:
        rng = self.rng
        name = "lifted" if group.eliminated is None else "eliminated" if group.eliminated else "open"
        if group.name == "sudden_open":
            name = "sudden_open"
        share, deepest = BELOW[name]
        chance = rng.random()
        if chance < share:
            return rng.uniform(deepest, 1.0)
        if chance < share + NEAR_SHARE:
            return rng.uniform(0.99, LOWEST_ABOVE)
        return LOWEST_ABOVE + MIDDLE[name] * min(FARTHEST, rng.lognormvariate(0, 0.6))

    def _wages(self, members: list[Member]) -> list[Entry]:
        rng = self.rng
        workers = [member for member in members if member.works][:2]
        entries = [
            Entry(month, "wage", "务工", WAGES[worker.work_place] * rng.uniform(0.85, 1.15))
            for worker in workers
            for month in WORK_SEASON[: worker.work_months]
        ]
        post = next((one for one in members if one.able and not one.works and 40 <= one.age < 68), None)
        if post is not None and rng.random() < 0.12:
            pay = rng.choice((400, 500, 600))
            entries += [Entry(month, "wage", "公益岗位", pay, earned=False) for month in range(1, 13)]
        return entries

    def _farming(self, members: list[Member], mu: float) -> list[Entry]:
        """A crop in its season, pigs before the New Year, and what they cost; elders get support."""
        rng = self.rng
        hands = [member for member in members if member.able and member.work_place in ("", "乡(镇)内", "县内")]
        entries: list[Entry] = []
        if hands and mu:
            item, seasons = ("茶叶", TEA) if self.tea else ("脐橙", ORANGES)
            value = mu * rng.uniform(2200, 3800)
            season = rng.choice(seasons)
            entries += [Entry(month, "business", item, value / len(season)) for month in season]
            entries += [Entry(month, "cost", "农资", value * 0.14) for month in (2, 7)]
        if hands and rng.random() < 0.35:
            pigs = rng.randint(1, 4) * 2300
            entries += [
                Entry(12, "business", "生猪", pigs, earned=False),
                Entry(5, "cost", "饲料", pigs * 0.45, earned=False),
            ]
        if not entries and not any(member.works for member in members):
            entries += [Entry(month, "transfer", "赡养费", 900 * len(members)) for month in QUARTER_ENDS]
        return entries

    def _odd_jobs(self, entries: list[Entry]) -> list[Entry]:
        """Whoever has nothing for three months takes odd jobs: no household lives on one harvest alone."""
        earning = {entry.calendar_month for entry in entries}
        if any({month, month % 12 + 1, (month + 1) % 12 + 1}.isdisjoint(earning) for month in range(1, 13)):
            return [Entry(month, "wage", "零工", 1500 * self.rng.uniform(0.8, 1.2)) for month in (2, 5, 8, 11)]
        return []

    def _support(self, members: list[Member], mu: float) -> list[Entry]:
        rng = self.rng
        entries = [Entry(5, "transfer", "耕地地力补贴", mu * rng.uniform(75, 95), earned=False)] if mu else []
        if pensioners := sum(member.age >= 60 for member in members):
            pay = pensioners * rng.choice((145, 155, 172, 190)) * 3
            entries += [Entry(month, "transfer", "养老金", pay, earned=False) for month in QUARTER_ENDS]
        if supported := sum(member.dibao for member in members):
            pay = supported * rng.choice((240, 310, 380)) * 3
            entries += [Entry(month, "transfer", "低保金", pay, earned=False) for month in QUARTER_ENDS]
        if members[0].tekun:
            entries += [Entry(month, "transfer", "特困供养金", 2700, earned=False) for month in QUARTER_ENDS]
        if rng.random() < 0.5:
            entries.append(Entry(11, "transfer", "生态补偿", rng.uniform(120, 900), earned=False))
        if mu and rng.random() < 0.3:
            entries.append(Entry(1, "property", "土地流转", mu * rng.uniform(180, 420), earned=False))
        return entries

    def _played(self, entries: list[Entry], factor: float) -> list[Line]:
        """The months: a year ago a little below this one, noise in each, a fall in some, gaps in a few."""
        rng = self.rng
        count = len(self.months)
        growth = rng.gauss(1.07, 0.05)
        falls, fallen = self._fall(count)
        silent = self._silent(count)
        lines = []
        by_calendar: dict[int, list[Entry]] = {}
        for entry in entries:
            by_calendar.setdefault(entry.calendar_month, []).append(entry)
        for index in range(count):
            if index in silent:
                continue
            year = 1.0 if index >= count - 12 else 1 / growth
            for entry in by_calendar.get(self.months[index].month, ()):
                amount = entry.amount
                if entry.earned:
                    amount *= factor * year * (0.92 + 0.16 * rng.random())
                    if index in falls:
                        amount *= fallen
                if amount >= LEAST:
                    lines.append(Line(index, entry.kind, entry.item, amount))
        return lines

    def _fall(self, count: int) -> tuple[range, float]:
        """Months in which a household earns little, and what is left of its earnings: work lost, a bad harvest."""
        if self.rng.random() >= FALL_SHARE:
            return range(0), 1.0
        start = count - 1 - int(self.rng.random() * min(FALL_WITHIN, count))
        return range(start, start + self.rng.randint(5, 14)), self.rng.uniform(0.2, 0.6)

    def _silent(self, count: int) -> range:
        chance = self.rng.random()
        if chance < NO_LEDGER:
            return range(count)
        if chance < NO_LAST_YEAR:
            return range(max(0, count - 14), count)
        if chance < GAP:
            return range(max(0, count - 10), max(0, count - 5))
        return range(0)


def claims_of(bills: list, count: int, rng: Random) -> list[Line]:
    """Now and then an insurance for the poor pays a part of a large bill, the month after."""
    return [
        Line(bill.month + 1, "claim", "防贫保险理赔", bill.self_pay * rng.uniform(0.3, 0.6))
        for bill in bills
        if bill.self_pay > 8000 and bill.month + 1 < count and rng.random() < 0.3
    ]
