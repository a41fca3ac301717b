"""What departments report of a person: dropouts, disabilities, houses, accidents, disasters, aid, lost jobs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from monitoring.demo import schooling
from monitoring.demo.people import Member
from monitoring.judgment.window import month_end


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a department's list, in the words of ``households.evidence.models.ListEntry``."""

    list: str
    month: int
    happened_on: date
    kind: str
    grade: str = ""
    days: int | None = None
    amount: int | None = None
    detail: str = ""


Maker = Callable[[Random, date], dict[str, object]]


def _dropout(rng: Random, _month: date) -> dict[str, object]:
    kind = "illness" if rng.random() < 0.2 else "dropout"
    return {"kind": kind, "detail": rng.choice(("乡初级中学", "乡中心学校"))}


def _disability(rng: Random, _month: date) -> dict[str, object]:
    kinds = ("physical", "physical", "visual", "hearing", "speech", "intellectual", "mental")
    return {"kind": rng.choice(kinds), "grade": rng.choice("1223344")}


def _appraisal(rng: Random, _month: date) -> dict[str, object]:
    return {"kind": "appraisal", "grade": rng.choice("BBBCCCD")}


def _water(rng: Random, _month: date) -> dict[str, object]:
    if rng.random() < 0.25:
        return {"kind": "quality", "days": 0}
    return {"kind": "outage", "days": rng.choice((3, 5, 8, 12, 20, 40))}


def _accident(rng: Random, _month: date) -> dict[str, object]:
    return {"kind": rng.choice(("minor", "minor", "minor", "serious", "serious", "death"))}


def _disaster(rng: Random, month: date) -> dict[str, object]:
    hazard = "暴雨洪涝" if 5 <= month.month <= 9 else "低温冷冻"
    grade = rng.choice(("general",) * 7 + ("crop_lost",) * 2 + ("house_collapsed",))
    return {"kind": hazard, "grade": grade, "amount": rng.randint(10, 600) * 100}


def _aid(rng: Random, _month: date) -> dict[str, object]:
    return {"kind": rng.choice(("relief", "relief", "dibao", "tekun")), "amount": rng.randint(5, 40) * 100}


def _job(rng: Random, _month: date) -> dict[str, object]:
    return {"kind": "returned"}


@dataclass(frozen=True)
class Habit:
    """How often a month brings a row about a person, and of whom at all."""

    list: str
    chance: float
    make: Maker
    concerns: Callable[[Member, date], bool]


def _at_compulsory_school(member: Member, month: date) -> bool:
    return schooling.in_school(member.born, month, member.way) in schooling.COMPULSORY


def _is_head(member: Member, _month: date) -> bool:
    return member.relation == "户主"


# Chances are such that a county of 290,000 people has some dozens of rows on each list of a month.
HABITS = (
    Habit("education", 0.0015, _dropout, _at_compulsory_school),
    Habit("disability", 0.0003, _disability, lambda member, _month: True),
    Habit("housing", 0.0003, _appraisal, _is_head),
    Habit("water", 0.0005, _water, _is_head),
    Habit("traffic", 0.0004, _accident, lambda member, _month: member.age > 5),
    Habit("emergency", 0.0008, _disaster, _is_head),
    Habit("civil", 0.0004, _aid, lambda member, _month: member.age > 15),
    Habit("employment", 0.0008, _job, lambda member, _month: member.works),
)
LISTS = tuple(habit.list for habit in HABITS)


def listed_of(member: Member, months: tuple[date, ...], rng: Random) -> Iterator[Listed]:
    """All rows about one person. Whoever has no number is on no list that could be matched."""
    if not member.number:
        return
    for habit in HABITS:
        # One draw a person and list: twice in two years is rare enough to leave out.
        if rng.random() < habit.chance * len(months):
            index = member.joined + int(rng.random() * (len(months) - member.joined))
            month = months[index]
            if habit.concerns(member, month):
                first = member.since.day if member.since and index == member.joined else 1
                last = month_end(month).day
                day = month.replace(day=first + int(rng.random() * (last - first + 1)))
                yield Listed(habit.list, index, day, **habit.make(rng, month))
