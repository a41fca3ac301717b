"""Indicators, declared once each. ``building`` composes them into one statement a shard.

``sql`` is a select expression over the rows of its source (the CTEs of ``building``). Null is unknown, never zero.
"""

from dataclasses import dataclass


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


UNINSURED = "NOT cover.resident AND NOT cover.employee"
COVER_UNKNOWN = f"(cover.resident OR cover.employee OR ({UNINSURED})) IS NULL"


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
        "category <> '' AND (monitored_since IS NULL OR monitored_since <= %(month_end)s)",
        "", "监测对象", "Monitored household", "已纳入监测对象（含风险已消除）",
        "Monitored, whether or not the risk was eliminated since",
    ),
    Indicator(
        "monitored_open", "facts",
        "category <> '' AND (monitored_since IS NULL OR monitored_since <= %(month_end)s) AND NOT risk_eliminated",
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
    ),
    Indicator(
        "inpatient_year", "members", "max(bills.paid_this_year)", "元", "单人年度住院自付",
        "In-patient self-pay of one person this year", "自然年内到月末，一名成员住院自付合计的最大值",
        "Largest sum of in-patient self-pay of one member, from January to the end of the month",
    ),
    Indicator(
        "largest_stay", "members", "max(bills.stay)", "元", "单次住院自付",
        "Largest stay of the month", "本月结算的一次住院自付最大值；本月清单未收到时未知",
        "Largest self-pay of one stay settled in the month; unknown when the list of the month was not received",
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
)  # fmt: skip
