"""Visits to monitored households: most every month, some left out for long."""

from collections.abc import Iterator
from datetime import date
from random import Random
from uuid import UUID

from monitoring.judgment.window import month_end

MONTHLY, SELDOM = 0.9, 0.25
OFTEN_SHARE = 0.88
METHODS = ("home",) * 8 + ("phone", "video")
# One visit in so many finds a risk.
FINDS_ONE_IN = 40
FOUND = "务工厂子停工，近两个月没有收入"
WORDS = ("家庭情况稳定，无变化", "了解务工和收入情况", "核实医疗费用报销情况", "查看住房和饮水情况")


def visits_to(
    since: date, months: tuple[date, ...], rng: Random
) -> Iterator[tuple[int, UUID, date, str, str, str]]:
    """Month, uid, day, method, words and risks found of each visit since the household is monitored."""
    chance = MONTHLY if rng.random() < OFTEN_SHARE else SELDOM
    for index, month in enumerate(months):
        last = month_end(month)
        if last < since or rng.random() > chance:
            continue
        day = month.replace(day=1 + int(rng.random() * last.day))
        uid = UUID(int=rng.getrandbits(128), version=4)
        method, words = rng.choice(METHODS), rng.choice(WORDS)
        # By the uid, so that no other draw of the county moves.
        finds = uid.int % FINDS_ONE_IN == 0
        yield index, uid, max(day, since), method, FOUND if finds else words, "{employment}" if finds else "{}"
