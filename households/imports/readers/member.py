"""家庭成员: the 47-column member export of the national system (domain.md §10.2)."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Cell
from households.imports.declaration import Column, Reader, Row, Setting
from households.imports.matching.members import MemberPlan
from households.imports.problems import CellProblem
from households.privacy.seal import lookup_hash
from households.registry.identity import birth_date, sex_of
from households.registry.models import Sex
from households.registry.pinyin import pinyin_key
from households.staff.models import Department

HEAD = "户主"
# domain.md §10.3
RELATIONS = frozenset(
    {
        "户主",
        "配偶",
        "之子",
        "之女",
        "之儿媳",
        "之女婿",
        "之孙子",
        "之孙女",
        "之外孙子",
        "之外孙女",
        "之父",
        "之母",
    }
    | {
        "之岳父",
        "之岳母",
        "之公公",
        "之婆婆",
        "之祖父",
        "之祖母",
        "之外祖父",
        "之外祖母",
        "之兄弟姐妹",
        "之曾孙子",
    }
    | {"之曾孙女", "之侄儿", "之侄女", "之兄弟媳妇", "之叔伯", "其他"}
)
DISABILITY_CARDS = {"残疾人证", "残疾证"}

word = cells.text(20)
line = cells.text(60)


def _relation(cell: Cell) -> str:
    return word(cells.compact(cell))


# Stored beside the facts that rules read, as they stand.
KEPT = (
    "民族",
    "政治面貌",
    "识别标准",
    "务工企业名称",
    "产业分类",
    "就业渠道",
    "是否国外务工",
    "公益性岗位类型",
    "公益性岗位(月数)",
    "是否参加大病保险",
    "是否接受大病医疗救助",
    "是否接受其他健康扶贫",
    "是否参加商业补充医疗保险",
    "是否参加城乡居民基本养老保险",
    "是否参加城镇职工基本养老保险",
    "是否会讲普通话",
    "残疾证办证年度",
)


def _identity_of_card(said: Cell) -> str | None:
    """The identity number that a disability card begins with."""
    try:
        return cells.disability_card(said)[:18]
    except CellProblem:
        return None


def finish(row: Row, setting: Setting) -> None:
    """What shows only across columns: card and number, number and birth date, number and sex, head or not."""
    values = row.values
    _settle_identity(row)
    _settle_birth_and_sex(row)
    relation = values.get("relation") or ""
    if relation and relation not in RELATIONS:
        row.doubt("与户主关系", "word_kept")
    values["relation"] = relation
    values["is_head"] = relation == HEAD
    _settle_claim_to_be_head(row)
    if values.get("name"):
        values["pinyin"] = pinyin_key(values["name"])


def _settle_identity(row: Row) -> None:
    values = row.values
    if values.get("identity"):
        return
    said = row.unread.get("identity")
    if said is None:
        row.doubt("证件号码", "identity_unverified", "identity_missing")
    elif isinstance(said, str) and values.get("document") in DISABILITY_CARDS:
        values["identity"] = _identity_of_card(said)
        if values["identity"]:
            row.doubts = [doubt for doubt in row.doubts if doubt["column"] != "证件号码"]


def _settle_birth_and_sex(row: Row) -> None:
    values, number = row.values, row.values.get("identity")
    values.setdefault("born_on", None)
    if not number:
        return
    born, sex = birth_date(number), sex_of(number)
    values["number_born_on"] = born
    if "born_on" in row.unread:
        return
    if values.get("born_on") is None:
        values["born_on"] = born
    elif values["born_on"] != born:
        row.doubt("出生日期", "birth_date_differs")
    if values.get("sex") is None:
        values["sex"] = sex
    elif values["sex"] != sex:
        row.doubt("性别", "sex_differs")


def _settle_claim_to_be_head(row: Row) -> None:
    """How well a row that says 户主 fits 户主姓名 and 户主证件号码: the better claim counts."""
    values = row.values
    stated_name, stated_number = values.pop("head_name", None), values.pop("head_identity", None)
    if not values["is_head"]:
        return
    number = values.get("identity")
    same_name = bool(stated_name) and stated_name == values.get("name")
    same_number = bool(number) and bool(stated_number) and lookup_hash(stated_number) == lookup_hash(number)
    values["head_claim"] = 2 * same_name + same_number


def _stated_number(cell: Cell) -> str:
    return cells.compact(cell).upper()[:30]


READER = Reader(
    kind="member",
    title=_("Household members"),
    department=Department.RURAL,
    key=("household_code", "person_code", "identity"),
    register=True,
    finish=finish,
    plan=MemberPlan(),
    columns=(
        Column("household_code", ("户编号", "户编码"), cells.household_code, required=True),
        Column("person_code", ("人口编号", "人编号", "人口编码"), cells.person_code, lenient=True),
        Column("name", ("姓名", "成员姓名"), cells.name, required=True),
        Column(
            "identity",
            ("证件号码", "身份证号", "身份证号码"),
            cells.identity,
            lenient=True,
            doubt="identity_unverified",
            in_header=True,
        ),
        Column("document", ("证件类型",), word, lenient=True, words=True, kept_as="证件类型"),
        Column("relation", ("与户主关系", "家庭关系"), _relation, words=True, in_header=True),
        Column("born_on", ("出生日期", "出生年月日"), cells.birth_date),
        Column(
            "sex", ("性别",), cells.Choice({"男": str(Sex.MALE), "女": str(Sex.FEMALE)}), lenient=True, words=True
        ),
        Column("phone", ("成员联系电话",), cells.phone, lenient=True),
        Column("head_name", ("户主姓名",), cells.name, lenient=True),
        Column("head_identity", ("户主证件号码",), _stated_number, lenient=True),
        Column("education", ("文化程度",), word, lenient=True, words=True, brief=False),
        Column("schooling", ("在校生状况",), word, lenient=True, words=True, brief=False),
        Column("dropout_reason", ("失学或辍学原因",), word, lenient=True, words=True, brief=False),
        Column("labour", ("劳动技能",), word, lenient=True, words=True, brief=False),
        Column("health", ("健康状况",), cells.several(20), lenient=True, brief=False),
        Column("disability", ("残疾类别",), word, lenient=True, words=True, brief=False),
        Column("work_place", ("务工所在地", "务工区域"), line, lenient=True, words=True, brief=False),
        Column(
            "work_months",
            ("务工时间(月)", "务工时间"),
            cells.whole_number(0, 12, "个月"),
            lenient=True,
            words=True,
            brief=False,
        ),
        Column(
            "resident_insurance",
            (
                "是否参加新型农村合作医疗(城乡居民基本医疗保险)",
                "是否参加城乡居民基本医疗保险",
                "是否参加新型农村合作医疗",
            ),
            cells.yes_no,
            lenient=True,
            words=True,
            brief=False,
        ),
        Column(
            "employee_insurance",
            ("是否参加城镇职工基本医疗保险",),
            cells.yes_no,
            lenient=True,
            words=True,
            brief=False,
        ),
        Column("dibao", ("是否享受低保",), cells.yes_no, lenient=True, words=True, brief=False),
        Column("tekun", ("是否特困供养人员",), cells.yes_no, lenient=True, words=True, brief=False),
        *(
            Column(f"kept_{index}", (name,), line, lenient=True, words=True, brief=False, kept_as=name)
            for index, name in enumerate(KEPT)
        ),
    ),
)
