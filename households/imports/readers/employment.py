"""人社: people who lost their work."""

from django.utils.translation import gettext_lazy as _

from households.imports.cells import Choice
from households.imports.declaration import Column
from households.imports.readers.household import words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

SITUATIONS = {
    "returned": ["返乡失业", "返乡待业", "返乡"],
    "laid_off": ["失业", "登记失业", "失业登记", "裁员", "被裁员", "辞退", "下岗"],
    "unstable": ["务工不稳定", "就业不稳定", "不稳定就业"],
}

READER = department_list(
    kind="employment",
    title=_("Jobs lost"),
    department=Department.LABOUR,
    signs=("人社", "人力资源", "就业", "失业", "务工"),
    key=("happened_on",),
    compared=("kind",),
    columns=(
        IDENTITY,
        name("务工人员姓名"),
        VILLAGE,
        Column(
            "kind",
            ("情况", "就业情况", "失业情况", "务工情况", "就业状态"),
            Choice(words(SITUATIONS)),
            required=True,
            words=True,
        ),
        day("日期", "失业日期", "返乡日期", "登记日期", "时间"),
    ),
)
