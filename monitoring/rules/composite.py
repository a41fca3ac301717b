"""Rules that read what other rules found: several departments, a relapse, a cluster in a village."""

from decimal import Decimal

from django.db.models import Case, F, Q, Value, When

from monitoring.rules.declaration import BLUE, EVENT, FINDINGS, HIGHER, LOWER, RED, VILLAGE, YELLOW, Rule

SUG12 = Rule(
    code="SUG12",
    version=1,
    name_zh="多重风险叠加",
    name_en="Findings of several departments",
    when_zh="本月有发现，且本月与此前两个已封存月份的发现来自 ≥ 2 个部门；级别比本月最高的发现高一级",
    when_en=(
        "Something is found this month, and the findings of this and the two sealed months before come from >= 2 "
        "departments; one level above the highest of this month"
    ),
    level=Case(
        When(Q(highest=BLUE), then=Value(YELLOW)),
        default=Value(RED),
    ),
    level_words=(
        (RED, "本月最高为黄色或红色", "the highest of this month is yellow or red"),
        (YELLOW, "本月最高为蓝色", "the highest of this month is blue"),
    ),
    nature=EVENT,
    worse=HIGHER,
    risk="other",
    department="rural",
    basis="本系统建议",
    needs=(),
    thresholds=("composite_departments",),
    predicate=Q(findings__gt=0) & Q(departments__gte=F("composite_departments")),
    values={"departments": F("departments"), "findings": F("findings")},
    shown_threshold="composite_departments",
    sentence_zh="本月 {findings:count} 项发现；近3个月涉及 {departments:count} 个部门，达到 {composite_departments:count} 个",
    sentence_en=(
        "{findings:count} findings this month; {departments:count} departments within 3 months, "
        "reaching {composite_departments:count}"
    ),
    rows=("findings",),
    reads=FINDINGS,
    counted=False,
)

SUG13 = Rule(
    code="SUG13",
    version=1,
    name_zh="风险消除后再现风险",
    name_en="Risk again after elimination",
    when_zh="风险消除12个月以内（含第12个月）的监测对象本月有任何发现；消除时间不明时不作判断",
    when_en="Any finding this month for a household whose risk was eliminated within 12 months; unknown without a date",
    level=RED,
    nature=EVENT,
    # The sooner after the elimination.
    worse=LOWER,
    risk="other",
    department="rural",
    basis="本系统建议；风险消除不稳定的应及时回退（工作简报）",
    needs=("monitored_open", "months_since_elimination"),
    thresholds=("relapse_months",),
    predicate=Q(findings__gt=0)
    & Q(monitored_open=False)
    & Q(months_since_elimination__gte=0)
    & Q(months_since_elimination__lte=F("relapse_months")),
    values={"months_since_elimination": F("months_since_elimination"), "findings": F("findings")},
    shown_threshold="relapse_months",
    sentence_zh="风险消除 {months_since_elimination:count} 个月后又有 {findings:count} 项发现（{relapse_months:count} 个月以内）",
    sentence_en=(
        "{findings:count} findings {months_since_elimination:count} months after elimination "
        "(within {relapse_months:count})"
    ),
    rows=("findings", "household_facts"),
    reads=FINDINGS,
    counted=False,
)

CLU01 = Rule(
    code="CLU01",
    version=1,
    name_zh="规模性返贫苗头",
    name_en="Cluster in a village",
    when_zh="同一规则在同一村当月发现 ≥ 5 户，或 ≥ 1% 的农户且至少 3 户",
    when_en="The same rule, one village, within the month: >= 5 households, or >= 1 % of them with at least 3",
    level=RED,
    nature=EVENT,
    worse=HIGHER,
    risk="other",
    department="rural",
    basis="中农组发〔2021〕7号：规模性返贫风险；户数与比例为本系统建议",
    needs=(),
    thresholds=("cluster_households", "cluster_share", "cluster_least"),
    predicate=Q(found__gte=F("cluster_households"))
    | Q(found__gte=F("cluster_least")) & Q(found__gte=F("households") * F("cluster_share")),
    values={
        "found": F("found"),
        "households": F("households"),
        "share": F("found") * Value(Decimal("1.0")) / F("households"),
    },
    shown_threshold="cluster_households",
    sentence_zh="本村 {households:count} 户中当月 {found:count} 户（{share:percent}）有同类发现",
    sentence_en="{found:count} of {households:count} households of the village ({share:percent}) within the month",
    rows=("cluster",),
    reads=VILLAGE,
    counted=False,
)

RULES = (SUG12, SUG13, CLU01)
