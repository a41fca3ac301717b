"""Indicators, declared once each. ``building`` composes them into one statement a shard.

``sql`` is a select expression over the rows of its source in ``building``: "members", "ledger", "facts", or
"both" (what members and facts gave). Null is unknown, never zero.
"""

from dataclasses import dataclass

from monitoring.judgment.counting import counts


@dataclass(frozen=True)
class Indicator:
    """One column of ``HouseholdMonth``."""

    name: str
    source: str
    sql: str
    unit: str
    label_zh: str
    label_en: str
    counts: str
    counts_en: str
    # Nothing found means zero when this is true of the lists received (a parameter of ``building``), else unknown.
    zero_when: str = ""


UNINSURED = "NOT cover.resident AND NOT cover.employee"
COVER_UNKNOWN = f"(cover.resident OR cover.employee OR ({UNINSURED})) IS NULL"

# 义务教育法: from 6, nine years; children of 6 to 15.
OF_SCHOOL_AGE = "(members.age BETWEEN 6 AND 15)"
HEALTH_WORDS = "病|身体|健康"
FOR_HEALTH = f"cover.dropout_reason ~ '{HEALTH_WORDS}'"
DROPPED_OUT = f"{OF_SCHOOL_AGE} AND cover.schooling = '' AND cover.dropout_reason <> '' AND NOT {FOR_HEALTH}"
SCHOOLING_UNKNOWN = (
    f"{OF_SCHOOL_AGE} AND (cover.schooling IS NULL OR cover.schooling = '' AND cover.dropout_reason = '')"
)
SCHOOLS_ABOVE = "高中|中职|中专|职高|技校|技工|技师|高职|大专|专科|大学|本科|研究生|硕士|博士"
ABOVE_COMPULSORY = f"cover.schooling ~ '{SCHOOLS_ABOVE}'"
HEAD_OR_SPOUSE = "(membership.is_head OR membership.relation IN ('户主', '配偶'))"
WITHOUT_LABOUR_WORDS = ("丧失劳动力", "无劳动力")
WITHOUT_LABOUR = f"cover.labour IN {WITHOUT_LABOUR_WORDS}"
MAIN_LABOUR = "cover.labour IN ('普通劳动力', '技能劳动力')"

MONITORED = "category <> '' AND (monitored_since IS NULL OR monitored_since <= %(month_end)s)"
ELIMINATED = "risk_eliminated AND (eliminated_on IS NULL OR eliminated_on <= %(month_end)s)"

# Without a date of its own: the first fact that says so after one that did not.
ELIMINATED_ON = f"""coalesce(eliminated_on, (
    SELECT min(fact.as_of) FROM households_householdfact AS fact
    WHERE fact.household_id = shard.id AND {counts("fact")} AND fact.risk_eliminated AND fact.as_of <= newest.as_of
      AND fact.as_of > (
          SELECT max(earlier.as_of) FROM households_householdfact AS earlier
          WHERE earlier.household_id = shard.id AND {counts("earlier")} AND NOT earlier.risk_eliminated
            AND earlier.as_of < newest.as_of)))"""
LAST_VISIT = f"""(
    SELECT max(visit.visited_on) FROM households_visit AS visit
    WHERE visit.household_id = shard.id AND {counts("visit")} AND visit.visited_on <= %(month_end)s)"""
# Since when the register has the grade that it has; null when it never had another (then nothing dates it).
GRADED_ON = f"""(
    SELECT min(fact.as_of) FROM households_householdfact AS fact
    WHERE fact.household_id = shard.id AND {counts("fact")} AND fact.as_of <= facts.as_of
      AND fact.as_of > (
          SELECT max(earlier.as_of) FROM households_householdfact AS earlier
          WHERE earlier.household_id = shard.id AND {counts("earlier")} AND earlier.as_of < facts.as_of
            AND earlier.house_grade IS DISTINCT FROM facts.house_grade))"""


def _listed(
    name: str, label_zh: str, label_en: str, counts: str, counts_en: str, of: str, sql: str = ""
) -> "Indicator":
    """Rows on a department's list of the month, over all members."""
    sql = sql or f"nullif(sum(entries.{name}), 0)"
    return Indicator(name, "members", sql, "", label_zh, label_en, counts, counts_en, zero_when=f"list_{of}")


def _income(name: str, label_zh: str, label_en: str) -> Indicator:
    return Indicator(
        name,
        "ledger",
        f"coalesce(sum(amount) FILTER (WHERE in_window AND kind = '{name}'), 0)",
        "元",
        label_zh,
        label_en,
        "台账本窗口12个月该类金额合计；窗口内没有任何收入行时未知",
        "Sum of this kind over the 12 months of the window; unknown when the window has no income line at all",
    )


INDICATORS = (
    Indicator(
        "members", "members", "nullif(count(*), 0)", "人", "家庭人口数", "Members",
        "已接收、月末仍在户且已出生的成员；身份未核实的也计入",
        "Accepted members, born and in the household at the end of the month; unverified identities count",
    ),
    Indicator(
        "lifted", "facts", "kind = 'lifted'", "", "脱贫户", "Lifted household", "户类型为脱贫户",
        "The household is of the kind lifted out of poverty",
    ),
    Indicator(
        "monitored", "facts",
        MONITORED,
        "", "监测对象", "Monitored household", "已纳入监测对象（含风险已消除）",
        "Monitored, whether or not the risk was eliminated since",
    ),
    Indicator(
        "monitored_open", "facts",
        f"{MONITORED} AND NOT ({ELIMINATED})",
        "", "风险未消除的监测对象", "Monitored, risk not eliminated", "监测对象且风险未消除",
        "Monitored, and the risk not eliminated",
    ),
    _income("wage", "工资性收入", "Wage income"),
    _income("business", "生产经营性收入", "Business income"),
    _income("property", "财产性收入", "Property income"),
    _income("transfer", "转移性收入", "Transfer income"),
    _income("cost", "生产经营性支出", "Business cost"),
    Indicator(
        "claims", "ledger", "coalesce(sum(amount) FILTER (WHERE in_window AND kind = 'claim'), 0)",
        "元", "理赔收入", "Insurance claims", "窗口12个月理赔收入，不计入纯收入",
        "Insurance claims of the 12 months; not part of net income",
    ),
    Indicator(
        "net", "ledger", "sum(signed) FILTER (WHERE in_window)",
        "元", "家庭纯收入", "Net income", "窗口12个月四类收入合计减生产经营性支出",
        "Four kinds of income less business cost over the 12 months",
    ),
    Indicator(
        "previous_net", "ledger", "sum(signed) FILTER (WHERE NOT in_window)",
        "元", "上一年度家庭纯收入", "Net income of the year before", "再往前12个月，同口径",
        "The same over the 12 months before",
    ),
    Indicator(
        "income_quarters", "ledger",
        " + ".join(
            f"(count(signed) FILTER (WHERE in_window AND quarter = {quarter}) > 0)::int" for quarter in range(4)
        ),
        "季", "有收入记录的季度数", "Quarters with income lines", "窗口4个季度中有台账行的个数；少于4为不完整",
        "Quarters of the window that have a line; fewer than four is incomplete",
    ),
    Indicator(
        "self_pay", "members", "sum(bills.paid)", "元", "医疗自付", "Medical self-pay",
        "窗口12个月全体成员个人自付；窗口内一份医保清单都未收到时未知",
        "Self-pay of all members over the 12 months; unknown when no medical list of the window was received",
        zero_when="list_medical_window",
    ),
    Indicator(
        "inpatient_year", "members", "max(bills.paid_this_year)", "元", "单人年度住院自付",
        "In-patient self-pay of one person this year", "自然年内到月末，一名成员住院自付合计的最大值",
        "Largest sum of in-patient self-pay of one member, from January to the end of the month",
        zero_when="list_medical_year",
    ),
    Indicator(
        "largest_stay", "members", "max(bills.stay)", "元", "单次住院自付",
        "Largest stay of the month", "本月结算的一次住院自付最大值；本月清单未收到时未知",
        "Largest self-pay of one stay settled in the month; unknown when the list of the month was not received",
        zero_when="list_medical",
    ),
    Indicator(
        "outpatient_month", "members", "max(bills.outpatient_month)", "元", "单人当月门诊统筹及慢特病自付",
        "Out-patient pool and chronic self-pay of one person this month",
        "本月结算的门诊统筹、门诊慢特病自付，按人合计后的最大值；本月清单未收到时未知",
        "Largest sum of one member's out-patient pool and chronic self-pay settled in the month",
        zero_when="list_medical",
    ),
    Indicator(
        "paid_year", "members", "max(bills.all_this_year)", "元", "单人年度医疗自付",
        "Medical self-pay of one person this year", "自然年内到月末，一名成员全部医疗自付合计的最大值",
        "Largest sum of all medical self-pay of one member, from January to the end of the month",
        zero_when="list_medical_year",
    ),
    Indicator(
        "uninsured_members", "members",
        # None found while somebody's cover is unknown is not "none".
        f"CASE WHEN count(*) FILTER (WHERE {UNINSURED}) > 0 OR count(*) > 0"
        f" AND count(*) FILTER (WHERE {COVER_UNKNOWN}) = 0"
        f" THEN count(*) FILTER (WHERE {UNINSURED}) END",
        "人", "未参保成员", "Members without insurance", "居民医保和职工医保均为“否”的成员",
        "Members with neither resident nor employee insurance",
    ),
    Indicator(
        "insurance_unknown", "members",
        f"count(*) FILTER (WHERE {COVER_UNKNOWN})",
        "人", "参保情况不明的成员", "Members with unknown insurance", "两项参保信息不足以判断的成员",
        "Members whose cover cannot be told from the two fields",
    ),
    _listed(
        "dropouts_listed", "教育清单上的失学辍学儿童", "Children on the dropout list",
        "教育部门本月清单上月末6–15岁、非因健康的成员；本月清单未收到时未知",
        "Members of 6 to 15 on the education list of the month, not for health; unknown without the list",
        of="education", sql=f"nullif(count(*) FILTER (WHERE {OF_SCHOOL_AGE} AND entries.dropouts > 0), 0)",
    ),
    Indicator(
        "dropouts_registered", "members",
        f"CASE WHEN count(*) FILTER (WHERE {DROPPED_OUT}) > 0 OR count(*) > 0"
        f" AND count(*) FILTER (WHERE {SCHOOLING_UNKNOWN}) = 0 THEN count(*) FILTER (WHERE {DROPPED_OUT}) END",
        "人", "台账登记的失学辍学儿童", "Dropouts in the register",
        "月末6–15岁、无在校生状况且登记了失学或辍学原因（非因健康）的成员",
        "Members of 6 to 15 without a school status and with a reason, not for health",
    ),
    Indicator(
        "students_above", "members",
        f"CASE WHEN count(cover.schooling) > 0"
        f" THEN count(*) FILTER (WHERE {ABOVE_COMPULSORY} AND NOT {HEAD_OR_SPOUSE}) END",
        "人", "非义务教育在读成员", "Students above compulsory school",
        "户主和配偶以外，在校生状况为高中、中职及以上的成员",
        "Members other than head and spouse in schools above compulsory education",
    ),
    Indicator(
        "house_grade", "both",
        "CASE WHEN members.appraised_on IS NULL THEN facts.house_grade"
        f" WHEN members.appraised_on < {GRADED_ON} THEN facts.house_grade ELSE members.appraised_grade END", "", "房屋鉴定等级", "House grade",
        "台账与住建清单中到月末最新的一次鉴定；台账首次登记的等级没有鉴定日期，以清单为准",
        "The newest appraisal of register and housing list; a grade the register knew from the first has no date",
    ),
    Indicator(
        "safe_water", "facts", "safe_water", "", "饮水安全（台账）", "Safe water (register)",
        "台账是否解决安全饮用水", "What the register says of drinking water",
    ),
    _listed(
        "water_quality", "饮水水质、水量或取水问题", "Water quality, quantity or access",
        "水利部门本月清单上水质、水量或取水不达标的行数", "Rows of the water list of the month other than outages",
        of="water",
    ),
    _listed(
        "outages", "停水", "Water outages", "水利部门本月清单上的停水行数", "Outages on the water list of the month",
        of="water",
    ),
    Indicator(
        "outage_days", "members",
        "CASE WHEN sum(entries.outages) > 0 THEN sum(entries.outage_days) WHEN %(list_water)s THEN 0 END",
        "天", "本年停水天数", "Days without water this year",
        "自然年内到本月各清单停水天数合计；本月没有停水的户为0，停水而未写天数时未知",
        "Days of outage on the lists of the year; zero without an outage this month, unknown for one without days",
    ),
    _listed(
        "accidents", "交通事故", "Traffic accidents", "交警本月清单上的行数", "Rows on the traffic list of the month",
        of="traffic",
    ),
    _listed(
        "accidents_severe", "死亡或主要劳动力的事故", "Deaths, or accidents of a main labourer",
        "其中死亡，或当事人为普通、技能劳动力", "Of these: a death, or of an ordinary or skilled labourer",
        of="traffic",
        sql="nullif(sum(CASE WHEN " + MAIN_LABOUR + " THEN entries.accidents ELSE entries.deaths END), 0)",
    ),
    _listed(
        "disasters", "受灾", "Disasters", "应急部门本月清单上的行数", "Rows on the emergency list of the month",
        of="emergency",
    ),
    _listed(
        "disasters_severe", "房屋倒塌或绝收", "House collapsed or crop lost",
        "其中房屋倒塌或农作物绝收", "Of these: the house collapsed or the whole crop lost", of="emergency",
    ),
    _listed(
        "civil_aid", "新增民政救助", "New civil aid", "民政部门本月清单上的行数", "Rows on the civil list of the month",
        of="civil",
    ),
    _listed(
        "severe_disabilities", "新增重度残疾", "New severe disabilities",
        "残联本月清单上一、二级，或智力、精神三、四级的行数",
        "Rows of the month of level 1 or 2, or mental or intellectual of level 3 or 4", of="disability",
    ),
    _listed(
        "jobs_lost", "失业", "Jobs lost", "人社部门本月清单上的行数", "Rows on the employment list of the month",
        of="employment",
    ),
    Indicator(
        "months_worked", "members", "max(cover.work_months) FILTER (WHERE entries.jobs_lost > 0)",
        "月", "失业成员务工月数", "Months worked by who lost a job", "本月失业成员登记的务工时间，多人取最长",
        "Months of work the register has of the member who lost a job, the longest of several",
    ),
    Indicator(
        "youngest_age", "members", "CASE WHEN count(members.age) = count(*) THEN min(members.age) END",
        "岁", "最年轻成员年龄", "Age of the youngest member", "月末周岁；有成员出生日期未知时未知",
        "Full years at month end; unknown when a birth date is",
    ),
    Indicator(
        "without_labour", "members",
        f"CASE WHEN count(*) FILTER (WHERE {WITHOUT_LABOUR}) > 0 OR count(nullif(cover.labour, '')) = count(*)"
        f" AND count(*) > 0 THEN count(*) FILTER (WHERE {WITHOUT_LABOUR}) END",
        "人", "丧失或无劳动力成员", "Members without labour", "劳动技能为丧失劳动力或无劳动力的成员",
        "Members registered as unable to work or without labour",
    ),
    Indicator(
        "days_unvisited", "facts",
        f"CASE WHEN {MONITORED} AND NOT ({ELIMINATED})"
        f" THEN %(month_end)s::date - coalesce({LAST_VISIT}, monitored_since) END",
        "天", "未走访天数", "Days without a visit",
        "风险未消除的监测对象，月末距最近一次走访（没有走访的，距识别监测时间）的天数",
        "Monitored, not eliminated: days from the last visit, or without one from entry, to month end",
    ),
    Indicator(
        "months_since_elimination", "facts",
        f"CASE WHEN {MONITORED} AND {ELIMINATED} THEN %(event_index)s - (extract(year FROM {ELIMINATED_ON})::int * 12"
        f" + extract(month FROM {ELIMINATED_ON})::int) END",
        "月", "风险消除以来月数", "Months since elimination", "从风险消除的月份到研判月的月数；未消除或时间不明时未知",
        "Months from that of elimination to the judged one; unknown when not eliminated or undated",
    ),
)  # fmt: skip
