"""Rules on income. The window is the judged month and the eleven before it."""

from django.db.models import Case, F, Q, Value, When

from monitoring.rules.declaration import LOWER, RED, STATE, YELLOW, Rule

MEMBERS_TIMES_LINE = F("members") * F("income_line")

INC01 = Rule(
    code="INC01",
    version=1,
    name_zh="人均纯收入低于监测范围",
    name_en="Net income per head below the monitoring line",
    when_zh="窗口内家庭纯收入 ÷ 家庭人口数 ＜ 当年监测范围；低于监测范围80%为红色",
    when_en="Net income of the window / members < line of the year; red below 80 % of it",
    level=Case(
        When(Q(net__lt=MEMBERS_TIMES_LINE * F("income_red_share")), then=Value(RED)),
        default=Value(YELLOW),
    ),
    level_words=(
        (RED, "低于监测范围的80%", "below 80 % of the line"),
        (YELLOW, "其他", "otherwise"),
    ),
    nature=STATE,
    worse=LOWER,
    risk="income",
    department="rural",
    basis="中农组发〔2021〕7号；《健全防止返贫动态监测和帮扶机制工作指南（试行）》",
    needs=("net", "members"),
    thresholds=("income_line", "income_red_share"),
    # Multiplied out: exact, no rounding at the line.
    predicate=Q(net__lt=MEMBERS_TIMES_LINE),
    values={"net_per_head": F("net") / F("members"), "net": F("net"), "members": F("members")},
    shown_threshold="income_line",
    sentence_zh="人均纯收入 {net_per_head:money} 元，低于 {year} 年监测范围 {income_line:money} 元",
    sentence_en="Net income per head {net_per_head:money} yuan, below the {year} line of {income_line:money} yuan",
    rows=("ledger",),
)

INC02 = Rule(
    code="INC02",
    version=1,
    name_zh="扣除刚性支出后低于监测范围",
    name_en="Income after rigid expenditure below the monitoring line",
    when_zh="（纯收入＋理赔－自付）÷ 人口 ＜ 监测范围 ≤ 纯收入 ÷ 人口",
    when_en="(net + claims - self-pay) / members < line <= net / members",
    level=YELLOW,
    nature=STATE,
    worse=LOWER,
    risk="illness",
    department="rural",
    basis="全国防返贫监测信息系统采集表：收入参考范围＝家庭纯收入＋理赔收入－合规自付支出（由字段推断）",
    needs=("net", "members", "claims", "self_pay"),
    thresholds=("income_line",),
    predicate=Q(net__gte=MEMBERS_TIMES_LINE) & Q(net__lt=MEMBERS_TIMES_LINE - F("claims") + F("self_pay")),
    values={
        "reference_per_head": (F("net") + F("claims") - F("self_pay")) / F("members"),
        "net_per_head": F("net") / F("members"),
        "self_pay": F("self_pay"),
        "claims": F("claims"),
        "net": F("net"),
        "members": F("members"),
    },
    shown_threshold="income_line",
    sentence_zh=(
        "扣除自付医疗支出 {self_pay:money} 元后人均 {reference_per_head:money} 元，"
        "低于 {year} 年监测范围 {income_line:money} 元"
    ),
    sentence_en=(
        "{reference_per_head:money} yuan per head after {self_pay:money} yuan of medical self-pay, "
        "below the {year} line of {income_line:money} yuan"
    ),
    rows=("ledger", "bills"),
)

INC03 = Rule(
    code="INC03",
    version=1,
    name_zh="家庭纯收入明显减少",
    name_en="Marked fall of net income",
    when_zh="上一个12个月纯收入大于0，且本窗口纯收入 ≤ 其70%；两者均已知",
    when_en="Net income of the 12 months before > 0 and that of the window <= 70 % of it; both known",
    level=YELLOW,
    nature=STATE,
    worse=LOWER,
    risk="employment",
    department="rural",
    basis="“八必访”第1项：收入较低或明显减少的农户（2024-06-04）；降幅为本系统建议",
    needs=("net", "previous_net"),
    thresholds=("income_fall_share",),
    predicate=Q(previous_net__gt=0) & Q(net__lte=F("previous_net") * F("income_fall_share")),
    values={"net": F("net"), "previous_net": F("previous_net"), "share": F("net") / F("previous_net")},
    shown_threshold="income_fall_share",
    sentence_zh="近12个月家庭纯收入 {net:money} 元，为上一个12个月 {previous_net:money} 元的 {share:percent}",
    sentence_en=(
        "Net income of 12 months {net:money} yuan, {share:percent} of the {previous_net:money} yuan before"
    ),
    rows=("ledger", "ledger_before"),
)

RULES = (INC01, INC02, INC03)
