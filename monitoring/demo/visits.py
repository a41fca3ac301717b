"""Visits to monitored households: most every month, some left out for long."""

from collections.abc import Iterator
from datetime import date
from random import Random
from uuid import UUID

from monitoring.judgment.window import month_end

MONTHLY, SELDOM = 0.9, 0.25
OFTEN_SHARE = 0.88
METHODS = ("home",) * 8 + ("phone", "video")
WORDS = ("家庭情况稳定，无变化", "了解务工和收入情况", "核实医疗费用报销情况", "查看住房和饮水情况")


def visits_to(since: date, months: tuple[date, ...], rng: Random) -> Iterator[tuple[int, UUID, date, str, str]]:
    """Month, uid, day, method and words of each visit since the household is monitored."""
    chance = MONTHLY if rng.random() < OFTEN_SHARE else SELDOM
    for index, month in enumerate(months):
        last = month_end(month)
        if last < since or rng.random() > chance:
            continue
        day = month.replace(day=1 + int(rng.random() * last.day))
        uid = UUID(int=rng.getrandbits(128), version=4)
        yield index, uid, max(day, since), rng.choice(METHODS), rng.choice(WORDS)
