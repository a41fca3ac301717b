"""Rules on house and water."""

from django.db.models import Case, F, Q, Value, When

from monitoring.rules.declaration import BLUE, HIGHER, RED, STATE, YELLOW, Rule

HOU01 = Rule(
    code="HOU01",
    version=1,
    name_zh="住房鉴定为C级或D级",
    name_en="House of grade C or D",
    when_zh="台账与住建清单中最新一次鉴定为C级或D级；D级为红色",
    when_en="The newest appraisal of register and housing list is C or D; D is red",
    level=Case(When(Q(house_grade="D"), then=Value(RED)), default=Value(YELLOW)),
    level_words=((RED, "D级", "grade D"), (YELLOW, "C级", "grade C")),
    nature=STATE,
    worse=HIGHER,
    risk="housing",
    department="housing",
    basis="农村低收入群体等重点对象住房安全保障（2022-11-02）；全国防返贫监测信息系统校验规则 1_02_001",
    needs=("house_grade",),
    thresholds=(),
    predicate=Q(house_grade__in=("C", "D")),
    values={"house_grade": F("house_grade")},
    shown_threshold="",
    sentence_zh="住房鉴定为 {house_grade:text} 级",
    sentence_en="The house is of grade {house_grade:text}",
    rows=("list:housing", "household_facts"),
)

UNSAFE = Q(safe_water=False) | Q(water_quality__gt=0) | Q(outage_days__gt=F("outage_days_line"))

WAT01 = Rule(
    code="WAT01",
    version=1,
    name_zh="饮水安全有问题",
    name_en="Unsafe drinking water",
    when_zh="台账饮水安全为“否”；或水利清单：水质、水量或取水不达标，或自然年内停水 ＞ 36 天；停水较短为蓝色",
    when_en="Register says no; or the water list: quality, or > 36 days of outage a year; a shorter outage is blue",
    level=Case(When(UNSAFE, then=Value(YELLOW)), default=Value(BLUE)),
    level_words=(
        (
            YELLOW,
            "台账为“否”，水质、水量或取水不达标，或本年停水超过36天",
            "no, another problem, or > 36 days this year",
        ),
        (BLUE, "较短的停水", "a shorter outage"),
    ),
    nature=STATE,
    worse=HIGHER,
    risk="water",
    department="water",
    basis="城口县（重庆）水利局 2023-03-24《农村饮水安全评价准则》：停水不超过36天；校验规则 1_02_002",
    needs=("safe_water", "water_quality", "outages", "outage_days"),
    thresholds=("outage_days_line",),
    predicate=UNSAFE | Q(outages__gt=0),
    values={
        "outage_days": F("outage_days"),
        "outages": F("outages"),
        "water_quality": F("water_quality"),
        "safe_water": F("safe_water"),
    },
    shown_threshold="outage_days_line",
    sentence_zh="饮水安全有问题：台账登记饮水安全“{safe_water:yes_no}”；清单上水质等问题 {water_quality:count} 项；本年停水 {outage_days:count} 天",
    sentence_en=(
        "Drinking water: safe in the register: {safe_water:yes_no}; {water_quality:count} problems of quality, "
        "{outage_days:count} days without water this year"
    ),
    rows=("list:water", "household_facts"),
)

RULES = (HOU01, WAT01)
