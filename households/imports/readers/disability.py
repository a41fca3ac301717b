"""残联: new and severe disability. The number of the card holds identity number, category and level."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Choice
from households.imports.declaration import Column, Row
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

# In the order of the category digit, 1-7.
CATEGORIES = {
    "visual": ["视力", "盲"],
    "hearing": ["听力", "聋"],
    "speech": ["言语", "语言"],
    "physical": ["肢体"],
    "intellectual": ["智力"],
    "mental": ["精神"],
    "multiple": ["多重", "综合"],
}
KINDS = {
    word: kind
    for digit, (kind, names) in enumerate(CATEGORIES.items(), 1)
    for word in (*names, *(f"{short}残疾" for short in names), str(digit))
}
GRADES = {
    word: str(digit)
    for digit, numeral in enumerate("一二三四", 1)
    for word in (f"{numeral}级", f"{digit}级", numeral, str(digit), f"{numeral}级残疾", f"残疾{numeral}级")
}


def finish(row: Row) -> None:
    """The card says who it is and fills what the columns leave blank; where they differ, the column counts."""
    values = row.values
    card, stated = values.pop("card", None), values.get("identity")
    if "card" in row.unread:
        row.unread.setdefault("identity", row.unread["card"])
    if card and stated and card[:18] != stated:
        row.refuse("残疾证号", "card_of_another")
    if card:
        values["identity"] = card[:18]
        _settle(row, "kind", "残疾类别", list(CATEGORIES)[int(card[18]) - 1])
        _settle(row, "grade", "残疾等级", card[19])
    elif not stated and not row.unread.keys() & {"card", "identity"}:
        row.refuse("残疾证号", "missing")
    for field, title in (("kind", "残疾类别"), ("grade", "残疾等级")):
        if not values.get(field) and field not in row.unread and not row.reasons:
            row.refuse(title, "missing")


def _settle(row: Row, field: str, title: str, of_card: str) -> None:
    if field in row.unread:
        return
    if not row.values.get(field):
        row.values[field] = of_card
    elif row.values[field] != of_card:
        row.doubt(title, "card_differs")


READER = department_list(
    kind="disability",
    title=_("Disability certificates"),
    department=Department.DISABLED,
    key=("happened_on",),
    compared=("kind", "grade"),
    finish=finish,
    columns=(
        Column(
            "card",
            ("残疾证号", "残疾证号码", "残疾人证号", "残疾人证号码", "残疾人证编号"),
            cells.disability_card,
            in_header=True,
        ),
        Column("identity", IDENTITY.names, cells.identity),
        name("残疾人姓名"),
        VILLAGE,
        Column("kind", ("残疾类别", "残疾类型", "类别"), Choice(KINDS), words=True),
        Column("grade", ("残疾等级", "残疾级别", "等级", "级别"), Choice(GRADES), words=True),
        day("办证日期", "发证日期", "评定日期", "鉴定日期", "日期"),
    ),
)
