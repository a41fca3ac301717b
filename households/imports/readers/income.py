"""收入台账: one line a household, month, kind and item."""

from django.utils.translation import gettext_lazy as _

from households.evidence.models import IncomeKind
from households.imports import cells
from households.imports.declaration import Column, Reader, Row, Setting
from households.imports.matching.lines import LinePlan
from households.imports.readers.household import words
from households.staff.models import Department

KINDS = {
    IncomeKind.WAGE: ["工资性收入", "工资收入"],
    IncomeKind.BUSINESS: ["生产经营性收入", "生产经营收入", "经营性收入"],
    IncomeKind.PROPERTY: ["财产性收入", "财产收入"],
    IncomeKind.TRANSFER: ["转移性收入", "转移收入"],
    IncomeKind.COST: ["生产经营性支出", "生产经营支出", "经营性支出"],
    IncomeKind.CLAIM: ["理赔收入"],
}


def finish(row: Row, setting: Setting) -> None:
    """A month to come is a slip of the pen more often than a plan."""
    if row.values.get("month") and row.values["month"] > setting.today:
        row.doubt("年月", "in_future")
    row.values["item"] = row.values.get("item") or ""


READER = Reader(
    kind="income",
    title=_("Income ledger"),
    department=Department.RURAL,
    key=("household_code",),
    finish=finish,
    plan=LinePlan(
        table="households_incomeline",
        subject="household",
        key={"month": "date", "kind": "text", "item": "text"},
        compared={"amount": "numeric"},
        twice=("金额", "same_item_two_amounts"),
    ),
    columns=(
        Column("household_code", ("户编号", "户编码"), cells.household_code, required=True),
        Column("month", ("年月", "月份"), cells.month, required=True, words=True),
        Column("kind", ("类别", "收支类别", "收入类别"), cells.Choice(words(KINDS)), required=True, words=True),
        Column("item", ("项目", "收支项目", "收入项目"), cells.text(60), words=True),
        Column("amount", ("金额", "收支金额"), cells.amount, required=True),
    ),
)
