"""A pack of another township, from a seed: a risk planted for every rule at its borders, and every kind of dirt.

``write_pack(folder, seed)`` writes the twelve files as a county receives them. It does not say what must come out:
that is what the second opinion reads out of the files. Nobody in it exists (numbers under 420599).
"""

import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tests.packs.dirt import Sheet, write_sheets
from tests.packs.oracle import EMPLOYEE, RESIDENT

JUNE_30 = dt.date(2022, 6, 30)
CENT = Decimal("0.01")
# A cent below a border, at it, a cent above.
AROUND = (-CENT, Decimal(0), CENT)
RURAL_INCOME = Decimal(18259)
HOUSEHOLDS = 170
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "伟芳军丽强敏静磊霞勇兰杰"
COLUMNS = {
    "户信息": "户编号 村代码 户主姓名 户类型 监测对象类别 识别监测时间 风险是否已消除 风险消除时间 危房等级"
    " 是否解决安全饮用水 家庭人口数 联系电话 填报人",
    "家庭成员": "户编号 人口编号 姓名 证件类型 证件号码 与户主关系 出生日期 性别 文化程度 在校生状况"
    f" 失学或辍学原因 劳动技能 健康状况 务工时间（月） {RESIDENT} {EMPLOYEE} 户主姓名 户主证件号码 填报人",
    "收入台账": "户编号 年月 类别 项目 金额",
    "医保": "姓名 身份证号 就诊类型 结算日期 医疗总费用 个人自付 填报人",
    "教育": "姓名 身份证号 学校 情况 日期",
    "残联": "姓名 残疾证号 残疾类别 残疾等级 办证日期",
    "住建": "姓名 身份证号 村 鉴定等级 鉴定日期 填报人",
    "水利": "户主姓名 身份证号 问题 停水天数 日期 村",
    "交警": "姓名 身份证号 后果 事故日期",
    "应急": "户主姓名 身份证号 灾种 损失情况 损失金额(元) 受灾日期 填报人",
    "民政": "姓名 身份证号 类别 金额(元) 日期",
    "人社": "姓名 身份证号 情况 日期",
}
KINDS = {"视力": 1, "听力": 2, "言语": 3, "肢体": 4, "智力": 5, "精神": 6, "多重": 7}
LEVELS = ["一级", "二级", "三级", "四级"]


@dataclass
class Family:
    facts: dict
    members: list[dict] = field(default_factory=list)

    @property
    def head(self) -> dict:
        return self.members[0]


class Township:
    """Families and what is told of them, before any dirt."""

    def __init__(self, chance: random.Random, villages: list[str]):
        self.chance, self.villages = chance, villages
        self.serial = itertools.count(1)
        self.sheets = {name: Sheet(name, columns.split()) for name, columns in COLUMNS.items()}
        self.free: list[Family] = []
        for number in range(HOUSEHOLDS):
            self.free.append(self._family(number))
        self.families = list(self.free)
        chance.shuffle(self.free)

    # People

    def identity(self, born: dt.date) -> str:
        first = f"420599{born:%Y%m%d}{next(self.serial) % 1000:03}"
        total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
        return first + "10X98765432"[total % 11]

    def name(self) -> str:
        return self.chance.choice(SURNAMES) + "".join(self.chance.choices(GIVEN, k=2))

    def born(self, low: int, high: int) -> dt.date:
        return dt.date(
            2022 - self.chance.randint(low, high), self.chance.randint(1, 12), self.chance.randint(1, 28)
        )

    def person(self, family: Family, relation: str, born: dt.date, **said) -> dict:
        member = {
            "户编号": family.facts["户编号"],
            "人口编号": f"{family.facts['户编号']}{len(family.members) + 1:02}",
            "姓名": self.name(),
            "证件类型": "身份证",
            "证件号码": self.identity(born),
            "与户主关系": relation,
            "出生日期": born,
            "文化程度": "初中",
            "劳动技能": "普通劳动力" if relation in ("户主", "配偶") else "无劳动力",
            "健康状况": "健康",
            RESIDENT: "是",
            EMPLOYEE: "否",
        } | said
        family.members.append(member)
        return member

    def _family(self, number: int) -> Family:
        village = self.chance.choice(self.villages)
        family = Family(
            {
                "户编号": f"{village}{number:06}",
                "村代码": village,
                "户类型": self.chance.choice(["一般农户", "一般农户", "脱贫户"]),
                "危房等级": self.chance.choice("AB"),
                "是否解决安全饮用水": "是",
                "监测对象类别": "",
            }
        )
        self.person(family, "户主", self.born(35, 65))
        if self.chance.random() < 0.7:
            self.person(family, "配偶", self.born(35, 65))
        for _child in range(self.chance.randint(0, 2)):
            self.person(
                family, self.chance.choice(["之子", "之女"]), self.born(7, 11), 文化程度="", 在校生状况="小学"
            )
        family.facts |= {"户主姓名": family.head["姓名"], "家庭人口数": str(len(family.members))}
        return family

    def take(self, **facts) -> Family:
        """A family of which nothing is planted yet."""
        family = self.free.pop()
        family.facts |= facts
        return family

    def monitored(self, **facts) -> Family:
        return self.take(
            **({"监测对象类别": "边缘易致贫户", "识别监测时间": "202206", "风险是否已消除": "否"} | facts)
        )

    # What is told of them

    def say(self, list_name: str, **row) -> None:
        self.sheets[list_name].rows.append(row)

    def about(self, list_name: str, member: dict, **row) -> None:
        name = "户主姓名" if "户主姓名" in COLUMNS[list_name].split() else "姓名"
        self.say(list_name, **{name: member["姓名"], "身份证号": member["证件号码"]}, **row)

    def income(self, family: Family, total: Decimal, before: Decimal, cost: Decimal = Decimal(0)) -> None:
        """``total`` net in the twelve months, ``before`` in the twelve before."""
        for first, year_total in ((dt.date(2020, 7, 1), before), (dt.date(2021, 7, 1), total)):
            gross = year_total + cost
            share = (gross / 4).quantize(CENT)
            for quarter in range(4):
                month = first.month + 3 * quarter
                when = f"{first.year + (month - 1) // 12}{(month - 1) % 12 + 1:02}"
                amount = share if quarter else gross - 3 * share
                kind = self.chance.choice(["工资性收入", "财产性收入", "转移性收入"])
                self.say(
                    "收入台账", 户编号=family.facts["户编号"], 年月=when, 类别=kind, 项目="一季", 金额=str(amount)
                )
            if cost:
                self.say(
                    "收入台账",
                    户编号=family.facts["户编号"],
                    年月=when,
                    类别="生产经营性支出",
                    项目="农资",
                    金额=str(cost),
                )

    def bill(self, member: dict, paid: Decimal, kind: str = "住院", day: dt.date = JUNE_30) -> None:
        self.about("医保", member, 就诊类型=kind, 结算日期=day, 医疗总费用=str(paid * 3), 个人自付=str(paid))

    def any_day(self) -> dt.date:
        return dt.date(2022, 6, self.chance.randint(1, 30))


def plant_incomes(town: Township) -> None:
    for share in (Decimal(1), Decimal("0.8")):
        for cent in AROUND:
            family = town.take()
            line = 6900 * len(family.members) * share + cent
            town.income(family, line, line, cost=Decimal(500))
    for cent in AROUND:
        family = town.take()
        net = Decimal(7000 * len(family.members))
        town.income(family, net, net)
        town.bill(family.head, Decimal(100 * len(family.members)) + cent, "普通门诊", dt.date(2021, 7, 1))
        family = town.take()
        town.income(family, Decimal(70000) + cent, Decimal(100000))
    town.income(town.take(), Decimal(-1000), Decimal(9000), cost=Decimal(3000))


def plant_bills(town: Township) -> None:
    for cent in AROUND:
        head = town.take(户类型="脱贫户").head
        town.bill(head, Decimal(2500), day=dt.date(2022, 1, 1))
        town.bill(head, Decimal(2500) + cent)
        town.bill(town.take(户类型="一般农户").head, Decimal(20000) + cent, day=dt.date(2022, 5, 31))
        town.bill(town.take().head, Decimal(500) + cent, "门诊慢特病", dt.date(2022, 6, 1))
        town.bill(town.take(户类型="一般农户").head, RURAL_INCOME + cent, "普通门诊", dt.date(2022, 3, 1))
        town.bill(town.monitored().head, Decimal(6000) + cent)
        town.bill(town.take().head, Decimal(10000) + cent)
        town.bill(town.monitored(风险是否已消除="是").head, Decimal(6000) + cent)
        town.bill(town.take(户类型="其他农户").head, Decimal(20000) + cent)
    for cover in (("否", "否"), ("否", ""), ("", ""), ("是", "否")):
        family = town.take()
        family.members[-1] |= dict(zip((RESIDENT, EMPLOYEE), cover, strict=True))


def plant_schooling(town: Township) -> None:
    borders = (dt.date(2016, 6, 30), dt.date(2016, 7, 1), dt.date(2006, 7, 1), dt.date(2006, 6, 30))
    for born, situation in itertools.product(borders, ("疑似辍学", "因病未入学")):
        child = town.person(town.take(), "之女", born, 文化程度="", 在校生状况="小学")
        town.about("教育", child, 学校="=1+1", 情况=situation, 日期=town.any_day())
    for born, reason in itertools.product(borders, ("厌学", "因病", "")):
        town.person(town.take(), "之子", born, 文化程度="小学", 失学或辍学原因=reason)
    for schools in (
        ["普通高中一年级"],
        ["本科二年级", "中职三年级"],
        ["技师学院一年级", "硕士研究生及以上"],
        ["九年级", "本科一年级"],
    ):
        family = town.take()
        for school in schools:
            town.person(family, "之子", dt.date(2003, 3, 3), 文化程度="", 在校生状况=school)


def plant_dwellings(town: Township) -> None:
    for grade in ("C", "D", "c级", "E", ""):
        town.take(危房等级=grade)
    for register, listed in itertools.product("AD", "BCD"):
        family = town.take(危房等级=register)
        town.about("住建", family.head, 鉴定等级=listed, 鉴定日期=town.any_day())
    family = town.take()
    for grade, day in (("D", dt.date(2022, 6, 1)), ("B", dt.date(2022, 6, 2))):
        town.about("住建", family.members[-1], 鉴定等级=grade, 鉴定日期=day)
    for water in ("否", ""):
        town.take(是否解决安全饮用水=water)
    for days in ("1", "36", "37", ""):
        town.about("水利", town.take().head, 问题="供水中断", 停水天数=days, 日期=town.any_day())
    town.about("水利", town.take().head, 问题="水质不达标", 停水天数="0", 日期=town.any_day())
    family = town.take()
    for days in ("30", "7"):
        town.about("水利", family.head, 问题="供水中断", 停水天数=days, 日期=dt.date(2022, 6, int(days)))


def plant_happenings(town: Township) -> None:
    for outcome, labour in itertools.product(("死亡", "轻伤"), ("技能劳动力", "弱劳动力或半劳动力")):
        family = town.take()
        family.head["劳动技能"] = labour
        town.about("交警", family.head, 后果=outcome, 事故日期=town.any_day())
    for loss in ("一般损失", "农作物绝收", "房屋倒塌"):
        row = {"灾种": "暴雨洪涝", "损失情况": loss, "损失金额(元)": "12,500.00", "受灾日期": town.any_day()}
        town.about("应急", town.take().head, **row)
    for family in (
        town.take(),
        town.monitored(),
        town.monitored(风险是否已消除="是"),
        town.take(监测对象类别="别的"),
    ):
        row = {
            "类别": town.chance.choice(["新增低保", "新增特困", "临时救助"]),
            "金额(元)": "800",
            "日期": town.any_day(),
        }
        town.about("民政", family.head, **row)
    for kind, level in (("肢体", 2), ("肢体", 3), ("智力", 3), ("精神", 4), ("听力", 1), ("多重", 4)):
        head = town.take().head
        card = f"{head['证件号码']}{KINDS[kind]}{level}{town.chance.choice(['', 'B1'])}"
        row = {"残疾类别": kind, "残疾等级": LEVELS[level - 1], "办证日期": town.any_day()}
        town.say("残联", 姓名=head["姓名"], 残疾证号=card, **row)
    for worked in ("5", "6", "12", ""):
        head = town.take().head
        head["务工时间（月）"] = worked
        town.about("人社", head, 情况="返乡失业", 日期=town.any_day())


def plant_composites(town: Township) -> None:
    for born in (dt.date(1952, 6, 30), dt.date(1952, 7, 1)):
        family = town.take()
        del family.members[1:]
        family.head.update({"出生日期": born, "证件号码": town.identity(born), "劳动技能": "丧失劳动力"})
    for since in ("202204", "202205", "202001"):
        town.monitored(识别监测时间=since)
    for over in ("202105", "202106", "202206", ""):
        head = town.monitored(识别监测时间="202001", 风险是否已消除="是", 风险消除时间=over).head
        town.about("交警", head, 后果="轻伤", 事故日期=town.any_day())
    for two in (True, False):
        head = town.take(户类型="一般农户").head
        town.bill(head, Decimal(600), "门诊统筹")
        if two:
            town.about("民政", head, 类别="临时救助", 日期=town.any_day())
    village = town.villages[0]
    for family in [family for family in town.free if family.facts["村代码"] == village][:5]:
        town.free.remove(family)
        town.about("应急", family.head, 灾种="冰雹", 损失情况="一般损失", 受灾日期=dt.date(2022, 6, 18))


def write_pack(folder: Path, seed: int, villages: list[str]) -> None:
    """The twelve files of a township with these villages."""
    chance = random.Random(seed)
    town = Township(chance, villages)
    for plant in (
        plant_incomes, plant_bills, plant_schooling, plant_dwellings, plant_happenings, plant_composites,
    ):  # fmt: skip
        plant(town)
    told = {row["户编号"] for row in town.sheets["收入台账"].rows}
    for family in town.families:
        if family.facts["户编号"] not in told and chance.random() < 0.9:
            net = Decimal(len(family.members) * chance.randint(8000, 20000))
            town.income(family, net, net, cost=Decimal(700))
        town.say("户信息", **family.facts)
        for member in family.members:
            town.say("家庭成员", **member, 户主姓名=family.head["姓名"], 户主证件号码=family.head["证件号码"])
    strangers = [town.identity(town.born(20, 60)) for _number in range(40)]
    write_sheets(folder, town.sheets, chance, strangers)
