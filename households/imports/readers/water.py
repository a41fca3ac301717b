"""水利: outages, and water that is bad, too little or too far away."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Choice
from households.imports.declaration import Column
from households.imports.readers.household import words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

PROBLEMS = {
    "outage": ["供水中断", "停水", "断水"],
    "quality": ["水质不达标", "水质不合格", "水质问题", "水质"],
    "quantity": ["水量不足", "水量不达标", "缺水", "水量"],
    "access": ["取水不便", "取水困难", "用水不方便", "用水方便程度不达标"],
}

READER = department_list(
    kind="water",
    title=_("Drinking water"),
    department=Department.WATER,
    standing=True,
    key=("kind", "happened_on"),
    compared=("days",),
    columns=(
        IDENTITY,
        name("户主姓名", "户主"),
        VILLAGE,
        Column(
            "kind",
            ("问题", "饮水问题", "问题类型", "问题类别", "存在问题"),
            Choice(words(PROBLEMS)),
            required=True,
            words=True,
        ),
        Column(
            "days",
            ("停水天数", "停水天数(天)", "中断天数", "供水中断天数"),
            cells.whole_number(0, 366, "天"),
            words=True,
        ),
        day("日期", "发生日期", "停水日期", "时间"),
    ),
)
