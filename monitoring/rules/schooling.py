"""Rules on schooling: compulsory education, and what schooling beyond it costs a family."""

from django.db.models import F, Q

from monitoring.rules.declaration import BLUE, HIGHER, RED, STATE, Rule

EDU02 = Rule(
    code="EDU02",
    version=1,
    name_zh="义务教育阶段失学辍学",
    name_en="Dropout from compulsory education",
    when_zh="教育部门本月清单上有月末6–15岁、非因健康的成员；或台账中6–15岁成员无在校生状况且登记了失学辍学原因。年龄本身不构成预警",
    when_en=(
        "A member of 6 to 15 on the education list of the month, not for health; or in the register without a school "
        "status and with a reason. Age alone fires nothing"
    ),
    level=RED,
    nature=STATE,
    worse=HIGHER,
    risk="schooling",
    department="education",
    basis="教育部办公厅控辍保学通知（2024-04）；峨山县（云南）2022-03-21",
    needs=("dropouts_listed", "dropouts_registered"),
    thresholds=(),
    predicate=Q(dropouts_listed__gt=0) | Q(dropouts_registered__gt=0),
    values={"dropouts_listed": F("dropouts_listed"), "dropouts_registered": F("dropouts_registered")},
    shown_threshold="",
    sentence_zh="有6–15岁成员失学辍学：教育部门清单 {dropouts_listed:count} 人，台账 {dropouts_registered:count} 人",
    sentence_en=(
        "Children of 6 to 15 out of school: {dropouts_listed:count} on the education list, "
        "{dropouts_registered:count} in the register"
    ),
    rows=("list:education", "schooling"),
)

EDU03 = Rule(
    code="EDU03",
    version=1,
    name_zh="多名成员非义务教育在读",
    name_en="Several members in schools above compulsory education",
    when_zh="户主和配偶以外，≥ 2 名成员在高中、中职及以上学校就读",
    when_en=">= 2 members other than head and spouse in schools above compulsory education",
    level=BLUE,
    nature=STATE,
    worse=HIGHER,
    risk="schooling",
    department="education",
    basis="“八必访”第6项：多子女就学尤其是非义务教育阶段（2024-06-04）；人数为本系统建议",
    needs=("students_above",),
    thresholds=("students_above_line",),
    predicate=Q(students_above__gte=F("students_above_line")),
    values={"students_above": F("students_above")},
    shown_threshold="students_above_line",
    sentence_zh="{students_above:count} 名成员在非义务教育阶段就读，达到 {students_above_line:count} 名",
    sentence_en=(
        "{students_above:count} members in schools above compulsory education, reaching {students_above_line:count}"
    ),
    rows=("schooling",),
)

RULES = (EDU02, EDU03)
