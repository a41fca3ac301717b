"""户信息: one row a household, keyed by 户编号."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.declaration import Column, Reader, Row, Setting
from households.imports.matching.households import HouseholdPlan
from households.registry.models import Category, HouseholdKind
from households.registry.pinyin import pinyin_key
from households.staff.models import Department

KINDS = {
    HouseholdKind.LIFTED: [
        "脱贫户",
        "一般脱贫户",
        "低保脱贫户",
        "特困供养脱贫户",
        "脱贫不享受政策户",
        "建档立卡脱贫户",
        "脱贫不稳定户",
        "脱贫监测户",
    ],
    # A marginal household was never registered as poor (domain.md §1.1).
    HouseholdKind.ORDINARY: ["一般农户", "边缘易致贫户", "边缘户"],
}
# The names of 2021-2025, then the older ones.
CATEGORIES = {
    Category.UNSTABLE: ["脱贫不稳定户", "脱贫监测户"],
    Category.MARGINAL: ["边缘易致贫户", "边缘户"],
    Category.SUDDEN: ["突发严重困难户", "严重困难户"],
    "": ["无", "否", "非监测对象", "非监测户"],
}
GRADES = {grade: [grade, grade.lower(), f"{grade}级", f"{grade.lower()}级"] for grade in "ABCD"}


def words(values: dict[str, list[str]]) -> dict[str, str]:
    """Word → our value."""
    return {word: str(value) for value, names in values.items() for word in names}


def finish(row: Row, setting: Setting) -> None:
    """The village must be one of the county; a risk can only be eliminated where there was one."""
    values = row.values
    village = values.get("village")
    if village and village not in setting.villages:
        row.refuse("村代码", "village_unknown")
    elif village:
        values["village"] = setting.villages[village]
    if "risk_eliminated" in values and not values.get("category"):
        values["risk_eliminated"] = None
        if "eliminated_on" in values:
            values["eliminated_on"] = None
    if values.get("head_name"):
        values["head_pinyin"] = pinyin_key(values["head_name"])


READER = Reader(
    kind="household",
    title=_("Household information"),
    department=Department.RURAL,
    key=("household_code",),
    register=True,
    finish=finish,
    plan=HouseholdPlan(),
    columns=(
        Column("household_code", ("户编号", "户编码"), cells.household_code, required=True),
        Column("village", ("村代码", "村编码", "所属村代码"), cells.village_code, required=True, words=True),
        Column("head_name", ("户主姓名", "户主"), cells.name, required=True),
        Column(
            "hamlet",
            ("自然村", "村民小组", "自然村(组)", "自然村(村民小组)", "所属村民小组", "组别", "组"),
            cells.text(40),
            lenient=True,
        ),
        Column("phone", ("联系电话", "户联系电话", "户主联系电话"), cells.phone, lenient=True),
        Column("kind", ("户类型", "农户类型"), cells.Choice(words(KINDS)), lenient=True, words=True),
        Column(
            "lifted_year", ("脱贫年度", "脱贫年份"), cells.whole_number(2012, 2100, "年"), lenient=True, words=True
        ),
        Column(
            "category",
            ("监测对象类别", "监测对象类型"),
            cells.Choice(words(CATEGORIES)),
            lenient=True,
            words=True,
            blank="",
        ),
        Column("monitored_since", ("识别监测时间", "纳入监测时间", "识别时间"), cells.month, words=True),
        Column("risk_eliminated", ("风险是否已消除", "是否消除风险"), cells.yes_no, lenient=True, words=True),
        Column(
            "eliminated_on",
            ("消除监测时间(风险消除时间)", "消除监测时间", "风险消除时间", "风险消除监测时间", "消除时间"),
            cells.month,
            words=True,
        ),
        Column("house_grade", ("危房等级", "房屋等级"), cells.Choice(words(GRADES)), lenient=True, words=True),
        Column("safe_water", ("是否解决安全饮用水", "是否解决饮水安全"), cells.yes_no, lenient=True, words=True),
        Column(
            "stated_size",
            ("家庭人口数", "家庭人口", "人口数"),
            cells.whole_number(0, 99, "人"),
            lenient=True,
            words=True,
        ),
        Column("arable_mu", ("耕地面积(亩)", "耕地面积"), cells.area, lenient=True),
    ),
)
