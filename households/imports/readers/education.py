"""教育: suspected dropouts. Out of school for health is another matter than dropping out."""

import re

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Cell, Choice, compact
from households.imports.declaration import Column
from households.imports.problems import CellProblem
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

ILLNESS = re.compile("病|身体|健康")
DROPOUT = re.compile("辍学|失学|未入学|未就学|未返校|流失")


class Situation(Choice):
    """Schools write it in many ways; illness is asked first (因病失学)."""

    def __call__(self, cell: Cell) -> object:
        word = compact(cell)
        if ILLNESS.search(word):
            return "illness"
        if DROPOUT.search(word):
            return "dropout"
        raise CellProblem("word_unknown")


READER = department_list(
    kind="education",
    title=_("Suspected dropouts"),
    department=Department.EDUCATION,
    standing=True,
    signs=("教育", "辍学", "失学", "控辍"),
    key=("kind",),
    compared=("happened_on",),
    columns=(
        IDENTITY,
        name("学生姓名"),
        VILLAGE,
        Column("detail", ("学校", "学校名称", "就读学校"), cells.text(60), lenient=True, words=True),
        Column(
            "kind",
            ("情况", "辍学情况", "就学情况", "失学辍学情况", "失学或辍学原因"),
            Situation({"疑似辍学": "dropout", "因病未就学": "illness"}),
            required=True,
            words=True,
        ),
        day("日期", "报告日期", "发现日期", "辍学日期", "失学日期", "时间"),
    ),
)
