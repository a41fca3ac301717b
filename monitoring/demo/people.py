"""The members of a household: what the member export would say of each, consistent with age and health."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from monitoring.demo import families, names, schooling
from monitoring.demo.plan import Slot

# Health by age (up to, and shares summed up): chronic, disabled, major illness, disabled and chronic.
HEALTH = (
    (40, (0.025, 0.040, 0.045, 0.047)),
    (60, (0.140, 0.172, 0.188, 0.193)),
    (200, (0.360, 0.420, 0.445, 0.470)),
)
HEALTHY, CHRONIC, DISABLED, MAJOR, BOTH = "健康", "长期慢性病", "残疾", "患有大病", "残疾,长期慢性病"
DISABILITIES = ("肢体", "肢体", "肢体", "视力", "听力", "言语", "智力", "精神")
PLACES = (("省外", 0.44), ("省内县外", 0.74), ("县内", 0.92), ("乡(镇)内", 1.0))
DIBAO = {"ordinary": 0.012, "lifted": 0.08, True: 0.30, False: 0.45}

# Shares of persons over the whole time: cover lost, cover gained, never covered, not known.
LOSES, GAINS, NEVER, UNKNOWN = 0.0014, 0.0028, 0.0045, 0.0055
EMPLOYEE, RESIDENT, NONE, BLANK = (False, True), (True, False), (False, False), (None, None)


@dataclass(slots=True)
class Member:
    name: str
    sex: str
    born: date
    age: int
    relation: str
    # Empty: the number is missing in the export, the person counts and is never matched.
    number: str
    health: str = HEALTHY
    disability: str = ""
    labour: str = ""
    way: str = "leaves"
    education: str = ""
    work_place: str = ""
    work_months: int | None = None
    dibao: bool = False
    tekun: bool = False
    # Index of the month in which the person joined, and the day; 0 and None: was always there.
    joined: int = 0
    since: date | None = None
    # Insurance (resident, employee) by index of the month from which it holds.
    cover: dict[int, tuple[bool | None, bool | None]] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        return self.work_months is not None

    @property
    def able(self) -> bool:
        return self.labour in ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")


class People:
    """Makes the members of one household after another, from one stream of chance."""

    def __init__(self, rng: Random, numbers: names.IdentityNumbers, months: tuple[date, ...]):
        self.rng = rng
        self.numbers = numbers
        self.months = months
        self.end = months[-1]

    def household(self, slot: Slot) -> list[Member]:
        family = names.surname(self.rng)
        members = [
            self._person(family if self._born_here(relation) else names.surname(self.rng), relation, sex, age)
            for relation, sex, age in families.compose(slot.size, self.rng)
        ]
        if slot.group.category == "sudden":
            next((member for member in members if member.age < 65), members[0]).health = MAJOR
        for member in members:
            self._fill_in(member)
        if slot.group.eliminated and not any(member.able for member in members):
            # A household without labour stays under watch: its risk cannot have been eliminated.
            members[0].labour = "弱劳动力或半劳动力"
        self._support(members, slot)
        return members

    def _born_here(self, relation: str) -> bool:
        return relation not in ("配偶", "之儿媳", "之母")

    def _person(self, family: str, relation: str, sex: str, age: int) -> Member:
        rng = self.rng
        born = date.fromordinal(self.end.toordinal() - int(age * 365.2425) - int(rng.random() * 365))
        number, born = self.numbers.take(born, sex)
        member = Member(names.full_name(rng, family, sex, born.year), sex, born, age, relation, number)
        if rng.random() < 0.0008:
            member.number = ""
        self._join(member)
        self._insure(member)
        return member

    def _join(self, member: Member) -> None:
        """Children are born into the household, some wives of sons have married into it lately."""
        if member.born > self.months[0]:
            member.since = member.born
        elif member.relation == "之儿媳" and member.age < 36 and self.rng.random() < 0.12:
            member.since = self.end - timedelta(days=int(self.rng.random() * 30 * (len(self.months) - 2)))
        if member.since:
            joined = member.since
            member.joined = (joined.year - self.months[0].year) * 12 + joined.month - self.months[0].month

    def _insure(self, member: Member) -> None:
        chance, first = self.rng.random(), member.joined
        later = first + int(self.rng.random() * (len(self.months) - first)) if chance < GAINS else first
        usual = EMPLOYEE if chance > 0.985 and 22 < member.age < 60 else RESIDENT
        if chance < LOSES:
            member.cover = {first: usual, later: NONE}
        elif chance < GAINS:
            member.cover = {first: NONE, later: usual}
        else:
            member.cover = {first: NONE if chance < NEVER else BLANK if chance < UNKNOWN else usual}

    def _fill_in(self, member: Member) -> None:
        rng = self.rng
        if member.health == HEALTHY:
            member.health = self._health(member.age)
        if "残疾" in member.health:
            member.disability = DISABILITIES[int(rng.random() * len(DISABILITIES))]
        if member.born.year >= 1990:
            member.way = schooling.way(rng)
        if schooling.in_school(member.born, self.end, member.way):
            member.labour = "无劳动力"
            return
        member.education = schooling.education_of(member.born, member.way, rng)
        member.labour = self._labour(member)
        self._work(member)

    def _health(self, age: int) -> str:
        chance = self.rng.random()
        chronic, disabled, major, both = next(bounds for below, bounds in HEALTH if age < below)
        if chance >= both:
            return HEALTHY
        return (
            CHRONIC if chance < chronic else DISABLED if chance < disabled else MAJOR if chance < major else BOTH
        )

    def _labour(self, member: Member) -> str:
        chance = self.rng.random()
        if member.age < 16:
            return "无劳动力"
        if member.age >= 60:
            weak = member.age < 84 and member.health in (HEALTHY, CHRONIC)
            return "弱劳动力或半劳动力" if weak else "无劳动力"
        if member.health == HEALTHY:
            return "技能劳动力" if chance < 0.2 else "普通劳动力"
        if member.health == CHRONIC:
            return "普通劳动力" if chance < 0.5 else "弱劳动力或半劳动力"
        return "弱劳动力或半劳动力" if chance < 0.6 else "丧失劳动力"

    def _work(self, member: Member) -> None:
        rng = self.rng
        strong = member.labour in ("普通劳动力", "技能劳动力")
        if not (strong and rng.random() < 0.62 or member.able and member.age < 66 and rng.random() < 0.12):
            return
        chance = rng.random() if strong else 1 - rng.random() * 0.2
        member.work_place = next(place for place, bound in PLACES if chance <= bound)
        member.work_months = min(12, max(2, round(rng.gauss(9 if strong else 5, 2))))

    def _support(self, members: list[Member], slot: Slot) -> None:
        """Dibao is for the whole household; tekun for an elder alone who cannot work."""
        eliminated = slot.group.eliminated
        share = DIBAO[slot.group.name if eliminated is None else eliminated]
        head = members[0]
        if len(members) == 1 and head.age >= 60 and not head.able and self.rng.random() < 0.35:
            head.tekun = True
        elif self.rng.random() < share:
            for member in members:
                member.dibao = True
