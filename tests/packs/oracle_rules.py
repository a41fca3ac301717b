"""What a pack means (``oracle``): figures of every household, which rules fire and how high. Loops and fractions.

Written from the table of rules, not from their declarations. ``None`` is unknown.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from tests.packs.oracle import Pack

ABOVE = ("普通高中", "中职", "高职高专", "技师学院", "本科", "硕士")
NO_LABOUR = ("丧失劳动力", "无劳动力")
STRONG = ("普通劳动力", "技能劳动力")
OF = {
    "INC": "农业农村", "MED": "医保", "EDU": "教育", "HOU": "住建", "WAT": "水利", "ACC": "交警", "DIS": "应急",
    "CIV": "民政", "DSB": "残联", "EMP": "人社", "SUG": "民政",
}  # fmt: skip
HIGHER = {"blue": "yellow", "yellow": "red", "red": "red"}


@dataclass
class Verdict:
    figures: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)


@dataclass
class Opinion:
    """户编号 → verdict, and (village, rule) of every cluster."""

    households: dict[str, Verdict]
    clusters: set[tuple[str, str]]


@dataclass(frozen=True)
class Months:
    """The month that ends on ``end``, its twelve months and the twelve before."""

    end: dt.date

    @property
    def first(self) -> dt.date:
        return self.end.replace(day=1)

    @property
    def start(self) -> dt.date:
        return back(self.first, 11)

    @property
    def new_year(self) -> dt.date:
        return dt.date(self.end.year, 1, 1)


def back(month: dt.date, count: int) -> dt.date:
    for _step in range(count):
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return month


def age(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def judge(pack: Pack, line: int, end: dt.date, rural_income: Fraction | None = None) -> Opinion:
    """Every household of the pack in the month that ends on ``end``; all lists of the month were received."""
    months = Months(end)
    households = {}
    for key, house in pack.households.items():
        people = {p: m for p, m in pack.members[key].items() if m["born"] is None or m["born"] <= end}
        verdict = Verdict()
        bills = {p: pack.bills[(key, p)] for p in people}
        entries = {p: pack.entries[(key, p)] for p in people}
        _money(verdict.figures, pack.ledger[key], months)
        _care(verdict.figures, bills, months)
        _standing(verdict.figures, house, months)
        _people(verdict.figures, people, end)
        _listed(verdict.figures, house, people, entries, months)
        for fire in (_income, _medical, _register, _lists):
            fire(verdict.rules, verdict.figures, line, rural_income)
        _composite(verdict.rules, verdict.figures)
        households[key] = verdict
    return Opinion(households, _clusters(pack, households))


def net_of(lines: set, start: dt.date, end: dt.date) -> Fraction | None:
    counted = [line for line in lines if start <= line[0] <= end and line[1] != "理赔收入"]
    if not counted:
        return None
    return sum((-figure if kind == "生产经营性支出" else figure for _m, kind, _i, figure in counted), Fraction(0))


def _money(figures: dict, lines: set, months: Months) -> None:
    figures["net"] = net_of(lines, months.start, months.first)
    figures["previous_net"] = net_of(lines, back(months.start, 12), back(months.start, 1))
    claims = [line[3] for line in lines if months.start <= line[0] <= months.first and line[1] == "理赔收入"]
    figures["claims"] = sum(claims, Fraction(0)) if figures["net"] is not None else None


def _care(figures: dict, bills: dict, months: Months) -> None:
    def paid(of: set, start: dt.date, *kinds: str) -> list[Fraction]:
        return [b[3] for b in of if start <= b[0] <= months.end and (not kinds or b[1] in kinds)]

    def highest(start: dt.date, *kinds: str) -> Fraction:
        return max((sum(paid(of, start, *kinds), Fraction(0)) for of in bills.values()), default=Fraction(0))

    figures["self_pay"] = sum((sum(paid(of, months.start), Fraction(0)) for of in bills.values()), Fraction(0))
    figures["inpatient_year"] = highest(months.new_year, "住院")
    figures["paid_year"] = highest(months.new_year)
    figures["outpatient_month"] = highest(months.first, "门诊统筹", "门诊慢特病")
    stays = [figure for of in bills.values() for figure in paid(of, months.first, "住院")]
    figures["largest_stay"] = max(stays, default=Fraction(0))


def _standing(figures: dict, house: dict, months: Months) -> None:
    entered = house["since"] is None or house["since"] <= months.end
    figures["lifted"] = house["lifted"]
    figures["monitored"] = house["category"] and entered
    over = house["eliminated"]
    if over and house["eliminated_on"] and house["eliminated_on"] > months.end:
        over = False
    figures["monitored_open"] = None if over is None else not over
    if not figures["monitored"]:
        figures["monitored_open"] = figures["monitored"]
    figures["days_unvisited"] = figures["months_since_elimination"] = None
    if figures["monitored_open"] and house["since"]:
        figures["days_unvisited"] = (months.end - house["since"]).days
    if figures["monitored"] and over and house["eliminated_on"]:
        gone = house["eliminated_on"]
        figures["months_since_elimination"] = (months.end.year - gone.year) * 12 + months.end.month - gone.month
    figures["safe_water"] = house["safe_water"]


def _count(people: list, holds, is_unknown) -> int | None:
    """How many it holds for; of whom nothing is known could be another one, so none is no longer none."""
    found = sum(1 for member in people if holds(member))
    if found:
        return found
    return 0 if people and not any(is_unknown(member) for member in people) else None


def _people(figures: dict, people: dict, end: dt.date) -> None:
    members = list(people.values())

    def at_school_age(member: dict) -> bool:
        return member["born"] is not None and 6 <= age(member["born"], end) <= 15

    def dropped_out(member: dict) -> bool:
        reason = member["dropout"]
        return (
            at_school_age(member)
            and not member["school"]
            and bool(reason)
            and not re.search("病|身体|健康", reason)
        )

    figures["members"] = len(members) or None
    figures["uninsured_members"] = _count(
        members, lambda m: m["cover"] == (False, False), lambda m: None in m["cover"] and True not in m["cover"]
    )
    figures["dropouts_registered"] = _count(
        members, dropped_out, lambda m: at_school_age(m) and not m["school"] and not m["dropout"]
    )
    figures["students_above"] = (
        sum(1 for m in members if m["relation"] not in ("户主", "配偶") and m["school"].startswith(ABOVE))
        if members
        else None
    )
    figures["without_labour"] = _count(members, lambda m: m["labour"] in NO_LABOUR, lambda m: not m["labour"])
    births = [member["born"] for member in members]
    figures["youngest_age"] = age(max(births), end) if births and None not in births else None


def _listed(figures: dict, house: dict, people: dict, entries: dict, months: Months) -> None:
    rows = defaultdict(list)
    for person, told in entries.items():
        for row in told:
            rows[row[0]].append((people[person], *row[1:]))
    school = {id(m) for m, _day, what, *_rest in rows["教育"] if what == "辍学" and _of_school_age(m, months.end)}
    figures["dropouts_listed"] = len(school)
    appraised = [(when, grade) for _m, when, grade, *_rest in rows["住建"] if when <= months.end]
    figures["house_grade"] = max(appraised)[1] if appraised else house["grade"]
    outages = [days for _m, _day, what, days, _money in rows["水利"] if what in ("供水中断", "停水")]
    told = [days for days in outages if days is not None]
    figures["outages"] = len(outages)
    figures["outage_days"] = 0 if not outages else sum(told) if told else None
    figures["water_quality"] = len(rows["水利"]) - len(outages)
    figures["accidents"] = len(rows["交警"])
    figures["accidents_severe"] = sum(
        1 for m, _day, what, *_rest in rows["交警"] if what == "死亡" or m["labour"] in STRONG
    )
    figures["disasters"] = len(rows["应急"])
    figures["disasters_severe"] = sum(
        1 for _m, _day, _what, loss, *_rest in rows["应急"] if loss in ("农作物绝收", "房屋倒塌")
    )
    figures["civil_aid"] = len(rows["民政"])
    figures["severe_disabilities"] = sum(
        1 for _m, _day, kind, grade, *_rest in rows["残联"] if _severe(kind, grade)
    )
    figures["jobs_lost"] = len(rows["人社"])
    worked = [m["worked"] for m, *_rest in rows["人社"] if m["worked"] is not None]
    figures["months_worked"] = max(worked, default=None)


def _of_school_age(member: dict, end: dt.date) -> bool:
    return member["born"] is not None and 6 <= age(member["born"], end) <= 15


def _severe(kind: str, grade: str) -> bool:
    return grade in ("一级", "二级") or kind in ("智力", "精神") and grade in ("三级", "四级")


def _income(rules: dict, of: dict, line: int, _rural: Fraction | None) -> None:
    net, members, earlier = of["net"], of["members"], of["previous_net"]
    if net is not None and members:
        if net / members < line:
            rules["INC01"] = "red" if net / members < line * Fraction(8, 10) else "yellow"
        elif (net + of["claims"] - of["self_pay"]) / members < line:
            rules["INC02"] = "yellow"
    if net is not None and earlier is not None and earlier > 0 and net <= earlier * Fraction(7, 10):
        rules["INC03"] = "yellow"


def _medical(rules: dict, of: dict, _line: int, rural: Fraction | None) -> None:
    if of["lifted"] or of["monitored"]:
        if of["inpatient_year"] >= 5000:
            rules["MED01"] = "yellow"
    elif of["lifted"] is False and of["monitored"] is False:
        if of["inpatient_year"] >= 20000:
            rules["MED02"] = "red"
        if rural is not None and of["paid_year"] > rural:
            rules["MED05"] = "red"
    if of["outpatient_month"] >= 500:
        rules["MED03"] = "blue"
    if of["largest_stay"] > (6000 if of["monitored_open"] else 10000):
        rules["MED07"] = "yellow"
    if of["uninsured_members"]:
        rules["MED09"] = "yellow"


def _register(rules: dict, of: dict, _line: int, _rural: Fraction | None) -> None:
    if of["dropouts_listed"] or of["dropouts_registered"]:
        rules["EDU02"] = "red"
    if (of["students_above"] or 0) >= 2:
        rules["EDU03"] = "blue"
    if of["house_grade"] in ("C", "D"):
        rules["HOU01"] = "red" if of["house_grade"] == "D" else "yellow"
    if of["safe_water"] is False or of["water_quality"] or (of["outage_days"] or 0) > 36:
        rules["WAT01"] = "yellow"
    elif of["outages"]:
        rules["WAT01"] = "blue"
    if of["youngest_age"] is not None and of["youngest_age"] >= 70 and of["without_labour"]:
        rules["SUG06"] = "yellow"
    if of["days_unvisited"] is not None and of["days_unvisited"] > 60:
        rules["SUG08"] = "blue"


def _lists(rules: dict, of: dict, _line: int, _rural: Fraction | None) -> None:
    if of["accidents"]:
        rules["ACC01"] = "red" if of["accidents_severe"] else "yellow"
    if of["disasters"]:
        rules["DIS01"] = "red" if of["disasters_severe"] else "yellow"
    if of["civil_aid"] and of["monitored"] is False:
        rules["CIV01"] = "blue"
    if of["severe_disabilities"]:
        rules["DSB01"] = "yellow"
    if of["jobs_lost"] and (of["months_worked"] or 0) >= 6:
        rules["EMP01"] = "yellow"


def _composite(rules: dict, of: dict) -> None:
    """Of risks of the household; a visit that is due is a reminder to us."""
    risks = {rule: level for rule, level in rules.items() if rule != "SUG08"}
    if len({OF[rule[:3]] for rule in risks}) >= 2:
        rules["SUG12"] = HIGHER[min(risks.values(), key=["red", "yellow", "blue"].index)]
    since = of["months_since_elimination"]
    if risks and since is not None and since <= 12:
        rules["SUG13"] = "red"


def _clusters(pack: Pack, households: dict[str, Verdict]) -> set[tuple[str, str]]:
    size = Counter(house["village"] for house in pack.households.values())
    found = Counter(
        (pack.households[key]["village"], rule)
        for key, verdict in households.items()
        for rule in verdict.rules
        if rule not in ("SUG08", "SUG12", "SUG13")
    )
    return {
        (village, rule)
        for (village, rule), count in found.items()
        if count >= 5 or count >= 3 and count * 100 >= size[village]
    }
