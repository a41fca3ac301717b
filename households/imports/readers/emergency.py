"""应急: losses by natural disasters. The word for the disaster is kept as it stands."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Choice
from households.imports.declaration import Column
from households.imports.readers.household import words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

LOSSES = {
    "general": ["一般损失", "一般", "轻微损失"],
    "crop_lost": ["农作物绝收", "绝收"],
    "house_collapsed": ["房屋倒塌", "倒塌", "住房倒塌"],
}

READER = department_list(
    kind="emergency",
    title=_("Disaster losses"),
    department=Department.EMERGENCY,
    key=("happened_on", "kind"),
    compared=("grade", "amount"),
    columns=(
        IDENTITY,
        name("户主姓名", "户主", "受灾人姓名"),
        VILLAGE,
        Column("kind", ("灾种", "灾害种类", "灾害类型"), cells.text(20), required=True, words=True),
        Column(
            "grade",
            ("损失情况", "受灾情况", "损失程度", "灾损情况"),
            Choice(words(LOSSES)),
            required=True,
            words=True,
        ),
        Column("amount", ("损失金额", "直接经济损失", "经济损失"), cells.amount),
        day("受灾日期", "受灾时间", "灾害日期", "发生日期", "日期"),
    ),
)
