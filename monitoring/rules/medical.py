"""Rules on medical bills and insurance. Bills count by the day of settlement."""

from django.db.models import Case, F, Q, Value, When

from monitoring.rules.declaration import BLUE, EVENT, HIGHER, RED, STATE, YELLOW, Rule

SCREENING = "《关于建立防止新发生返贫致贫风险机制的实施办法》（县名不详）"

MED01 = Rule(
    code="MED01",
    version=1,
    name_zh="脱贫户或监测对象住院自付高",
    name_en="High in-patient self-pay, lifted or monitored household",
    when_zh="脱贫户或监测对象（含已消除）中，一名成员自然年内到月末住院自付合计 ≥ 5,000",
    when_en="One person in a lifted or monitored household, in-patient self-pay of the year to month end >= 5,000",
    level=YELLOW,
    nature=EVENT,
    worse=HIGHER,
    risk="illness",
    department="medical",
    basis=SCREENING + "；湖北健康扶贫“985”政策（2017）",
    needs=("inpatient_year", "lifted", "monitored"),
    thresholds=("inpatient_year_lifted",),
    predicate=(Q(lifted=True) | Q(monitored=True)) & Q(inpatient_year__gte=F("inpatient_year_lifted")),
    values={"inpatient_year": F("inpatient_year")},
    shown_threshold="inpatient_year_lifted",
    sentence_zh="一名成员 {year} 年住院累计自付 {inpatient_year:money} 元，达到 {inpatient_year_lifted:money} 元",
    sentence_en=(
        "One member paid {inpatient_year:money} yuan for in-patient care in {year}, "
        "reaching {inpatient_year_lifted:money} yuan"
    ),
    rows=("inpatient_year",),
)

MED02 = Rule(
    code="MED02",
    version=1,
    name_zh="一般农户住院自付高",
    name_en="High in-patient self-pay, ordinary household",
    when_zh="其他农户中，一名成员自然年内到月末住院自付合计 ≥ 20,000",
    when_en="One person in another household, in-patient self-pay of the year to month end >= 20,000",
    level=RED,
    nature=EVENT,
    worse=HIGHER,
    risk="illness",
    department="medical",
    basis=SCREENING,
    needs=("inpatient_year", "lifted", "monitored"),
    thresholds=("inpatient_year_other",),
    predicate=Q(lifted=False) & Q(monitored=False) & Q(inpatient_year__gte=F("inpatient_year_other")),
    values={"inpatient_year": F("inpatient_year")},
    shown_threshold="inpatient_year_other",
    sentence_zh="一名成员 {year} 年住院累计自付 {inpatient_year:money} 元，达到 {inpatient_year_other:money} 元",
    sentence_en=(
        "One member paid {inpatient_year:money} yuan for in-patient care in {year}, "
        "reaching {inpatient_year_other:money} yuan"
    ),
    rows=("inpatient_year",),
)

MED03 = Rule(
    code="MED03",
    version=1,
    name_zh="门诊统筹及慢特病自付高",
    name_en="High out-patient self-pay",
    when_zh="一名成员本月结算的门诊统筹、门诊慢特病自付合计 ≥ 500",
    when_en="One person, out-patient pool and chronic self-pay settled in the month >= 500",
    level=BLUE,
    nature=EVENT,
    worse=HIGHER,
    risk="illness",
    department="medical",
    basis=SCREENING,
    needs=("outpatient_month",),
    thresholds=("outpatient_month_line",),
    predicate=Q(outpatient_month__gte=F("outpatient_month_line")),
    values={"outpatient_month": F("outpatient_month")},
    shown_threshold="outpatient_month_line",
    sentence_zh="一名成员本月门诊统筹及慢特病自付 {outpatient_month:money} 元，达到 {outpatient_month_line:money} 元",
    sentence_en=(
        "One member paid {outpatient_month:money} yuan for out-patient pool and chronic care this month, "
        "reaching {outpatient_month_line:money} yuan"
    ),
    rows=("outpatient",),
)

MED05 = Rule(
    code="MED05",
    version=1,
    name_zh="一般农户年度医疗负担超过农村居民收入",
    name_en="Medical burden of a year above rural income, ordinary household",
    when_zh="非脱贫、非监测农户中，一名成员自然年内到月末医疗自付合计 ＞ 上年全省农村居民人均可支配收入",
    when_en="One person in a household neither lifted nor monitored, self-pay of the year > last year's rural income",
    level=RED,
    nature=EVENT,
    worse=HIGHER,
    risk="illness",
    department="medical",
    basis="阳原县（河北）2022-09-27：农村参保居民年度负担超过上年全省农村居民人均可支配收入",
    needs=("paid_year", "lifted", "monitored"),
    thresholds=("rural_income_last_year",),
    predicate=Q(lifted=False) & Q(monitored=False) & Q(paid_year__gt=F("rural_income_last_year")),
    values={"paid_year": F("paid_year")},
    shown_threshold="rural_income_last_year",
    sentence_zh=(
        "一名成员 {year} 年医疗自付 {paid_year:money} 元，超过上年全省农村居民人均可支配收入 "
        "{rural_income_last_year:money} 元"
    ),
    sentence_en=(
        "One member paid {paid_year:money} yuan for medical care in {year}, more than last year's rural income of "
        "{rural_income_last_year:money} yuan"
    ),
    rows=("bills_of_year",),
)

MED07 = Rule(
    code="MED07",
    version=1,
    name_zh="单次住院自付高",
    name_en="High self-pay for a single stay",
    when_zh="本月结算的一次住院自付 ＞ 6,000（风险未消除的监测对象）或 ＞ 10,000（其他）",
    when_en="One stay settled in the month: self-pay > 6,000 (monitored, not eliminated) or > 10,000 (others)",
    level=YELLOW,
    nature=EVENT,
    worse=HIGHER,
    risk="illness",
    department="medical",
    basis="住院单次自付预警问答（县名不详）",
    needs=("largest_stay", "monitored_open"),
    thresholds=("single_stay_monitored", "single_stay_other"),
    predicate=Q(monitored_open=True) & Q(largest_stay__gt=F("single_stay_monitored"))
    | Q(largest_stay__gt=F("single_stay_other")),
    values={"largest_stay": F("largest_stay")},
    shown_threshold=Case(
        When(monitored_open=True, then=Value("single_stay_monitored")),
        default=Value("single_stay_other"),
    ),
    sentence_zh="本月一次住院自付 {largest_stay:money} 元，超过 {shown_threshold:money} 元",
    sentence_en="One stay this month: self-pay {largest_stay:money} yuan, over {shown_threshold:money} yuan",
    rows=("stays",),
    fresh=True,
)

MED09 = Rule(
    code="MED09",
    version=1,
    name_zh="有成员未参加基本医疗保险",
    name_en="A member without basic medical insurance",
    when_zh="有成员居民医保和职工医保均为“否”；空白是信息缺失，不作判断",
    when_en="A member with no in both insurances; an empty field is a gap, not a finding",
    level=YELLOW,
    nature=STATE,
    worse=HIGHER,
    risk="insurance",
    department="medical",
    basis="全国防返贫监测信息系统采集表：是否有成员未参加基本医疗保险",
    # An empty field is a gap in coverage, not a finding.
    needs=("uninsured_members",),
    thresholds=(),
    predicate=Q(uninsured_members__gt=0),
    values={"uninsured_members": F("uninsured_members"), "members": F("members")},
    shown_threshold="",
    sentence_zh="{uninsured_members:count} 名成员未参加城乡居民或职工基本医疗保险",
    sentence_en="{uninsured_members:count} member(s) without resident or employee medical insurance",
    rows=("insurance",),
)

RULES = (MED01, MED02, MED03, MED05, MED07, MED09)
