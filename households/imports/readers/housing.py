"""住建: appraised house grades."""

from django.utils.translation import gettext_lazy as _

from households.imports.cells import Choice
from households.imports.declaration import Column, Row
from households.imports.readers.household import GRADES, words
from households.imports.readers.listing import IDENTITY, VILLAGE, day, department_list, name
from households.staff.models import Department


def finish(row: Row) -> None:
    row.values["kind"] = "appraisal"


READER = department_list(
    kind="housing",
    title=_("House appraisals"),
    department=Department.HOUSING,
    key=("happened_on",),
    compared=("grade",),
    finish=finish,
    columns=(
        IDENTITY,
        name("户主姓名", "户主"),
        VILLAGE,
        Column(
            "grade",
            ("鉴定等级", "房屋鉴定等级", "房屋等级", "住房等级", "危房等级"),
            Choice(words(GRADES)),
            required=True,
            words=True,
        ),
        day("鉴定日期", "鉴定时间", "房屋鉴定日期", "日期"),
    ),
)
