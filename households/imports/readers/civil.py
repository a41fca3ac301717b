"""民政: new dibao, tekun and temporary relief."""

from django.utils.translation import gettext_lazy as _

from households.imports import cells
from households.imports.cells import Choice
from households.imports.declaration import Column
from households.imports.readers.household import words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department

KINDS = {
    "dibao": ["新增低保", "低保", "农村低保", "最低生活保障"],
    "tekun": ["新增特困", "特困", "特困供养", "特困人员救助供养"],
    "relief": ["临时救助"],
}

READER = department_list(
    kind="civil",
    title=_("Social assistance"),
    department=Department.CIVIL,
    key=("happened_on", "kind"),
    compared=("amount",),
    columns=(
        IDENTITY,
        name("救助对象姓名", "户主姓名"),
        VILLAGE,
        Column(
            "kind", ("类别", "救助类别", "救助类型", "保障类别"), Choice(words(KINDS)), required=True, words=True
        ),
        Column("amount", ("金额", "救助金额", "保障金额", "发放金额"), cells.amount),
        day("日期", "审批日期", "救助日期", "纳入日期", "时间"),
    ),
)
