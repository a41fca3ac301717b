"""Rules on what departments report of a month: a matched row of their list."""

from django.db.models import Case, F, Q, Value, When

from monitoring.rules.declaration import BLUE, EVENT, HIGHER, RED, YELLOW, Rule

ACC01 = Rule(
    code="ACC01",
    version=1,
    name_zh="交通事故致伤残亡",
    name_en="Casualty of a traffic accident",
    when_zh="交警本月清单上有本户成员；死亡或当事人为普通、技能劳动力的为红色，其他为黄色",
    when_en="A member on the traffic list of the month; red for a death or a main labourer, else yellow",
    level=Case(When(Q(accidents_severe__gt=0), then=Value(RED)), default=Value(YELLOW)),
    level_words=(
        (RED, "死亡，或当事人为普通、技能劳动力", "a death, or of an ordinary or skilled labourer"),
        (YELLOW, "其他", "otherwise"),
    ),
    nature=EVENT,
    worse=HIGHER,
    risk="accident",
    department="traffic",
    basis="峨山县（云南）2022-03-21：农村居民因交通事故致伤、致残、死亡的",
    needs=("accidents",),
    thresholds=(),
    predicate=Q(accidents__gt=0),
    values={"accidents": F("accidents"), "accidents_severe": F("accidents_severe")},
    shown_threshold="",
    sentence_zh="本月交通事故 {accidents:count} 起涉及本户成员，其中死亡或主要劳动力 {accidents_severe:count} 起",
    sentence_en=(
        "{accidents:count} traffic casualties this month, {accidents_severe:count} of them a death or a main labourer"
    ),
    rows=("list:traffic",),
    fresh=True,
)

DIS01 = Rule(
    code="DIS01",
    version=1,
    name_zh="遭受自然灾害",
    name_en="Hit by a natural disaster",
    when_zh="应急部门本月清单上有本户；房屋倒塌或农作物绝收的为红色",
    when_en="On the emergency list of the month; red when the house collapsed or the crop is lost",
    level=Case(When(Q(disasters_severe__gt=0), then=Value(RED)), default=Value(YELLOW)),
    level_words=(
        (RED, "房屋倒塌或农作物绝收", "the house collapsed or the crop is lost"),
        (YELLOW, "其他", "otherwise"),
    ),
    nature=EVENT,
    worse=HIGHER,
    risk="disaster",
    department="emergency",
    basis=(
        "《关于建立防止新发生返贫致贫风险机制的实施办法》（县名不详）；“绿色通道”甘肃 2023-02-20；红色的划分为本系统建议"
    ),
    needs=("disasters",),
    thresholds=(),
    predicate=Q(disasters__gt=0),
    values={"disasters": F("disasters"), "disasters_severe": F("disasters_severe")},
    shown_threshold="",
    sentence_zh="本月受灾 {disasters:count} 次，其中房屋倒塌或绝收 {disasters_severe:count} 次",
    sentence_en="Hit {disasters:count} times this month, {disasters_severe:count} with house or whole crop lost",
    rows=("list:emergency",),
    fresh=True,
)

CIV01 = Rule(
    code="CIV01",
    version=1,
    name_zh="新增低保、特困或临时救助",
    name_en="New social assistance",
    when_zh="民政部门本月清单上有本户成员，且本户不是监测对象",
    when_en="A member on the civil affairs list of the month, in a household that is not monitored",
    level=BLUE,
    nature=EVENT,
    worse=HIGHER,
    risk="other",
    department="civil",
    basis="峨山县（云南）2022-03-21；“八必访”：新纳入低保及低保申请户（2024-06-04）",
    needs=("civil_aid", "monitored"),
    thresholds=(),
    predicate=Q(monitored=False) & Q(civil_aid__gt=0),
    values={"civil_aid": F("civil_aid")},
    shown_threshold="",
    sentence_zh="本月新增民政救助 {civil_aid:count} 项，尚未纳入监测",
    sentence_en="{civil_aid:count} new social assistance this month, not monitored yet",
    rows=("list:civil",),
    fresh=True,
)

DSB01 = Rule(
    code="DSB01",
    version=1,
    name_zh="新增重度残疾",
    name_en="New severe disability",
    when_zh="残联本月清单上有本户成员，一、二级，或智力、精神三、四级",
    when_en="A member on the disability list of the month: level 1 or 2, or mental or intellectual of level 3 or 4",
    level=YELLOW,
    nature=EVENT,
    worse=HIGHER,
    risk="disability",
    department="disabled",
    basis="“八必访”：残疾户尤其是新增、重度残疾（2024-06-04）；元江县羊街乡（云南）2022-11-30：三、四级智力、精神残疾",
    needs=("severe_disabilities",),
    thresholds=(),
    predicate=Q(severe_disabilities__gt=0),
    values={"severe_disabilities": F("severe_disabilities")},
    shown_threshold="",
    sentence_zh="本月新增重度残疾 {severe_disabilities:count} 人次",
    sentence_en="{severe_disabilities:count} new severe disabilities this month",
    rows=("list:disability",),
    fresh=True,
)

EMP01 = Rule(
    code="EMP01",
    version=1,
    name_zh="务工就业不稳",
    name_en="Job lost after stable work",
    when_zh="人社部门本月清单上有本户成员，且其登记的务工时间 ≥ 6 个月",
    when_en="A member on the employment list of the month who worked >= 6 months",
    level=YELLOW,
    nature=EVENT,
    worse=HIGHER,
    risk="employment",
    department="labour",
    basis="旺苍县（四川）2021-10-27；“八必访”：务工收入占比高且不稳定；月数为本系统建议",
    needs=("jobs_lost", "months_worked"),
    thresholds=("stable_work_months",),
    predicate=Q(jobs_lost__gt=0) & Q(months_worked__gte=F("stable_work_months")),
    values={"months_worked": F("months_worked"), "jobs_lost": F("jobs_lost")},
    shown_threshold="stable_work_months",
    sentence_zh="本月 {jobs_lost:count} 名成员失业，此前务工 {months_worked:count} 个月，达到 {stable_work_months:count} 个月",
    sentence_en=(
        "{jobs_lost:count} members lost a job this month after {months_worked:count} months of work, "
        "reaching {stable_work_months:count}"
    ),
    rows=("list:employment", "work"),
    fresh=True,
)

RULES = (ACC01, DIS01, CIV01, DSB01, EMP01)
