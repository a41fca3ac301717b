"""交警: casualties of traffic accidents."""

from django.utils.translation import gettext_lazy as _

from households.imports.cells import Choice
from households.imports.declaration import Column
from households.imports.readers.household import words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

OUTCOMES = {
    "death": ["死亡", "致死", "亡"],
    "serious": ["重伤"],
    "minor": ["轻伤", "轻微伤", "受伤"],
    "disabled": ["伤残", "致残", "残疾"],
}

READER = department_list(
    kind="traffic",
    title=_("Traffic casualties"),
    department=Department.TRAFFIC,
    key=("happened_on",),
    compared=("kind",),
    columns=(
        IDENTITY,
        name("当事人", "当事人姓名", "伤亡人员姓名"),
        VILLAGE,
        Column(
            "kind",
            ("后果", "事故后果", "伤亡情况", "伤亡后果", "伤情"),
            Choice(words(OUTCOMES)),
            required=True,
            words=True,
        ),
        day("事故日期", "事故时间", "发生日期", "日期"),
    ),
)
