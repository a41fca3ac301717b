"""docs/rules.md, made from the declarations: a document that cannot drift from the code."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

from alerts.kinds import AlertLevel, Nature, Risk
from households.models import Department
from monitoring.judgment.indicators import INDICATORS
from monitoring.judgment.rule_formula import formula
from monitoring.rules import RULES, Rule
from monitoring.rules.declaration import EVENT, FINDINGS, LOWER, VILLAGE, VISITS

STANDINGS = {
    "sourced": "文件规定 from a document",
    "inferred": "由文件推断 inferred from a document",
    "suggested": "**本系统建议 our suggestion**",
}
READS = {
    VISITS: "当月走访记录 visits of the month",
    FINDINGS: "其他规则对本户的发现 findings of other rules",
    VILLAGE: "本村各户的发现 findings in the village",
}

HEAD = """# 规则 / Rules

由 `manage.py write_rules_doc` 从代码生成，请勿手改；测试检查是否过期。
Made from the declarations by `manage.py write_rules_doc`; do not edit, a test fails when it is stale.

窗口＝研判月及之前11个月；月份按北京时间。金额单位为元，比较不取整。条件取决于未知的指标时，规则不作判断：
不是“有”，也不是“没有”。
Window: the judged month and the eleven before it, Asia/Shanghai. Yuan, compared without rounding. Where
the condition turns on something unknown, a rule says nothing: neither that it holds nor that it does not.

静默期：已办结的预警使同一户同一规则在一段时间内不再提示：无风险的 `quiet_days_dismissed` 天，其他结果
`quiet_days_handled` 天；明显加重的，重新打开原预警：级别升高，或所列数值比办结时再恶化 `worse_share`。
见 `docs/decisions/0011-what-keeps-quiet.md`。
Quiet period: a closed alert keeps the same rule quiet for the household, for `quiet_days_dismissed` days where
there was no risk, else for `quiet_days_handled`; what is clearly worse reopens it: a higher level, or the value
named worse by `worse_share` of what it was.
"""


def rules_document() -> str:
    """The whole document as Markdown."""
    lines = [HEAD, *_overview(), *_thresholds(), *_indicators()]
    for rule in RULES:
        lines += _rule(rule)
    return "\n".join(lines) + "\n"


def rules_document_path() -> Path:
    return settings.BASE_DIR / "docs" / "rules.md"


def _both(word: type[AlertLevel | Nature | Risk | Department], value: str) -> str:
    """A stored word in the words of both languages."""
    labels = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            labels.append(str(word(value).label))
    return " ".join(labels)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"


def _overview() -> Iterator[str]:
    yield "## 一览 / All rules\n"
    yield "| 代码 | 规则 | Rule | 级别 level | 性质 nature | 风险 risk | 部门 department |"
    yield "|---|---|---|---|---|---|---|"
    for rule in RULES:
        levels = "<br>".join(_both(AlertLevel, level) for level in AlertLevel.values if level in rule.levels)
        yield _row(
            f"[{rule.code}](#{rule.code.lower()})",
            rule.name_zh,
            rule.name_en,
            levels,
            _both(Nature, rule.nature),
            _both(Risk, rule.risk),
            _both(Department, rule.department),
        )
    yield ""


def _shipped() -> list[dict[str, str]]:
    """The values of the file that the first migrate loads; a county's own stand in its database."""
    path = settings.BASE_DIR / "households" / "policy" / "data" / "thresholds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _thresholds() -> Iterator[str]:
    yield "## 随系统提供的阈值 / Thresholds shipped\n"
    yield "| 代码 | 地区 | 值 | 单位 | 起 | 止 | 依据性质 | 文件 | 说明 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in _shipped():
        yield _row(*(row | {"code": f"`{row['code']}`", "standing": STANDINGS[row["standing"]]}).values())
    yield ""
    yield "某年没有值的阈值，用到它的规则当年不研判，并在该次研判中说明一次；不猜测、不沿用。"
    yield "For a year without a value the rules that need it refuse, and the run says so; nothing is guessed.\n"


def _indicators() -> Iterator[str]:
    yield "## 指标 / Indicators\n"
    yield "| 列 | 指标 | Indicator | 单位 | 计算 | counts |"
    yield "|---|---|---|---|---|---|"
    for each in INDICATORS:
        yield _row(f"`{each.name}`", each.label_zh, each.label_en, each.unit, each.counts, each.counts_en)
    yield ""


def _levels(rule: Rule) -> str:
    if isinstance(rule.level, str):
        return _both(AlertLevel, rule.level)
    return "<br>".join(f"{_both(AlertLevel, level)}：{zh} / {en}" for level, zh, en in rule.level_words)


def _thresholds_of(rule: Rule) -> str:
    """Each threshold of a rule with its values, their source, or that they are our suggestion."""
    told = []
    for code in rule.thresholds:
        rows = [row for row in _shipped() if row["code"] == code]
        values = [f"{row['value']} {row['unit']}{_years(row)}，{_source(row)}" for row in rows]
        shipped = "；".join(values) or "不随系统提供，由县填写 not shipped, entered by the county"
        told.append(f"`{code}`：{shipped}")
    return "<br>".join(told) or "—"


def _years(row: dict[str, str]) -> str:
    return f"（{row['valid_from']} 至 {row['valid_until']}）" if row["valid_until"] else ""


def _source(row: dict[str, str]) -> str:
    document = "" if row["document"] == "本系统建议" else f"：{row['document']}"
    return STANDINGS[row["standing"]] + document


def _read(rule: Rule) -> str:
    labels = {indicator.name: indicator.label_zh for indicator in INDICATORS}
    told = [f"{labels[name]} `{name}`" for name in rule.needs]
    return "、".join([*told, READS[rule.reads]] if rule.reads in READS else told)


def _quiet(rule: Rule) -> str:
    """What a closed alert of this rule keeps quiet."""
    if rule.fresh:
        return "每月都是新的情况，无静默期 new each month, no quiet period"
    measure = next(iter(rule.values))
    worse = f"`{measure}` {'降低 lower' if rule.worse == LOWER else '升高 higher'}"
    if rule.reads == VILLAGE:
        return f"随所属规则 as the rule it is of；加重 worse：{worse}"
    year = "；次年重新计 heard again in a new year" if rule.nature == EVENT else ""
    return f"有静默期 quiet period；加重 worse：{worse}{year}"


def _rule(rule: Rule) -> Iterator[str]:
    yield f'## <a id="{rule.code.lower()}"></a>{rule.code} {rule.name_zh} / {rule.name_en}\n'
    yield "| | |"
    yield "|---|---|"
    yield _row("条件", rule.when_zh)
    yield _row("when", rule.when_en)
    yield _row("级别 level", _levels(rule))
    yield _row("性质 nature", _both(Nature, rule.nature))
    yield _row("风险 risk", _both(Risk, rule.risk))
    yield _row("部门 department", _both(Department, rule.department))
    yield _row("公式 formula", f"`{formula(rule.predicate)}`")
    yield _row("读取 reads", _read(rule))
    yield _row("阈值 thresholds", _thresholds_of(rule))
    yield _row("静默期 quiet", _quiet(rule))
    yield _row("依据 basis", rule.basis)
    yield _row("说明句", rule.sentence_zh)
    yield _row("sentence", rule.sentence_en)
    yield _row("版本 version", rule.version)
    yield ""
