"""医保: the monthly list of large settlements. 个人自付 is what the person paid after all layers."""

from django.utils.translation import gettext_lazy as _

from households.evidence.models import VisitKind
from households.imports import cells
from households.imports.declaration import Column, Reader, Row, Setting
from households.imports.matching.lines import LinePlan
from households.imports.readers.household import words
from households.imports.readers.listing import VILLAGE
from households.staff.models import Department

VISITS = {
    VisitKind.INPATIENT: ["住院", "普通住院"],
    VisitKind.OUTPATIENT_POOL: ["门诊统筹", "普通门诊统筹"],
    VisitKind.CHRONIC: ["门诊慢特病", "门特", "慢特病", "门诊特殊病", "门诊慢性病", "门慢"],
    VisitKind.OUTPATIENT: ["普通门诊", "门诊"],
}


def finish(row: Row, setting: Setting) -> None:
    """A day to come is a slip of the pen."""
    if row.values.get("settled_on") and row.values["settled_on"] > setting.today:
        row.doubt("结算日期", "in_future")


READER = Reader(
    kind="medical",
    title=_("Medical settlements"),
    department=Department.MEDICAL,
    key=("identity",),
    monthly=True,
    dated="settled_on",
    waits_for="person",
    finish=finish,
    plan=LinePlan(
        table="households_medicalbill",
        subject="person",
        key={"settled_on": "date", "visit_kind": "text", "total_cost": "numeric"},
        compared={"self_pay": "numeric"},
        carried={"basic_paid": "numeric", "serious_illness_paid": "numeric", "aid_paid": "numeric"},
        twice=("个人自付", "same_bill_two_amounts"),
        name_column="姓名",
    ),
    columns=(
        Column("identity", ("身份证号", "身份证号码", "证件号码", "公民身份号码"), cells.identity, required=True),
        Column("name", ("姓名", "患者姓名", "参保人姓名"), cells.name, lenient=True),
        VILLAGE,
        Column(
            "visit_kind",
            ("就诊类型", "医疗类别", "就医类型"),
            cells.Choice(words(VISITS)),
            required=True,
            words=True,
        ),
        Column("settled_on", ("结算日期", "结算时间"), cells.date, required=True, words=True),
        Column("total_cost", ("医疗总费用", "总费用"), cells.amount),
        Column("basic_paid", ("基本医保报销", "基本医疗保险报销"), cells.amount),
        Column("serious_illness_paid", ("大病保险报销", "大病保险支付"), cells.amount),
        Column("aid_paid", ("医疗救助", "医疗救助支付"), cells.amount),
        Column("self_pay", ("个人自付", "个人自付金额", "个人自付费用"), cells.amount, required=True),
    ),
)
