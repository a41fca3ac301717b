"""docs/rules.md, made from the declarations: a document that cannot drift from the code."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from monitoring.judgment.indicators import INDICATORS
from monitoring.rules import RULES, Rule

NATURES = {"state": "状态类 state", "event": "事件类 event"}
STANDINGS = {"sourced": "文件规定", "inferred": "由文件推断", "suggested": "系统建议"}
LEVELS = {"red": "红 red", "yellow": "黄 yellow", "blue": "蓝 blue"}

HEAD = """# 规则 / Rules

由 `manage.py write_rules_doc` 从代码生成，请勿手改；测试检查是否过期。
Made from the declarations by `manage.py write_rules_doc`; do not edit, a test fails when it is stale.

窗口＝研判月及之前11个月；月份按北京时间。金额单位为元，比较不取整。需要的指标未知时，规则不作判断。
Window: the judged month and the eleven before it, Asia/Shanghai. Yuan, compared without rounding. A rule says
nothing about a household of which it needs something that is unknown.
"""


def rules_document() -> str:
    """The whole document as Markdown."""
    lines = [HEAD, *_thresholds(), *_indicators()]
    for rule in RULES:
        lines += _rule(rule)
    return "\n".join(lines) + "\n"


def rules_document_path() -> Path:
    return settings.BASE_DIR / "docs" / "rules.md"


def _thresholds() -> Iterator[str]:
    """The shipped values; a county's own stand in its database."""
    yield "## 随系统提供的阈值 / Thresholds shipped\n"
    yield "| 代码 | 地区 | 值 | 单位 | 起 | 止 | 依据性质 | 文件 | 说明 |"
    yield "|---|---|---|---|---|---|---|---|---|"
    path = settings.BASE_DIR / "households" / "policy" / "data" / "thresholds.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = dict(row) | {"code": f"`{row['code']}`", "standing": STANDINGS[row["standing"]]}
            yield "| " + " | ".join(cells.values()) + " |"
    yield ""
    yield "没有当年监测范围的年份，用到它的规则不研判，并在该次研判中说明一次。"
    yield "For a year without a line the rules that need it refuse, and the run says so once.\n"


def _indicators() -> Iterator[str]:
    yield "## 指标 / Indicators\n"
    yield "| 列 | 指标 | Indicator | 单位 | 计算 |"
    yield "|---|---|---|---|---|"
    for indicator in INDICATORS:
        cells = (f"`{indicator.name}`", indicator.label_zh, indicator.label_en, indicator.unit, indicator.counts)
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _rule(rule: Rule) -> Iterator[str]:
    level = LEVELS[rule.level] if isinstance(rule.level, str) else f"`{rule.level}`"
    threshold = rule.shown_threshold if isinstance(rule.shown_threshold, str) else str(rule.shown_threshold)
    rows = (
        ("条件", rule.when_zh),
        ("when", rule.when_en),
        ("级别 level", level),
        ("性质 nature", NATURES[rule.nature]),
        ("风险 risk", rule.risk),
        ("部门 department", rule.department),
        ("谓词 predicate", f"`{rule.predicate}`"),
        ("须已知 needs", "、".join(f"`{name}`" for name in rule.needs)),
        ("阈值 threshold", f"`{threshold}`" if threshold else "—"),
        ("依据 basis", rule.basis),
        ("说明句", rule.sentence_zh),
        ("sentence", rule.sentence_en),
        ("版本 version", str(rule.version)),
    )
    yield f"## {rule.code} {rule.name_zh} / {rule.name_en}\n"
    yield "| | |"
    yield "|---|---|"
    for name, value in rows:
        yield f"| {name} | {value.replace('|', chr(92) + '|')} |"
    yield ""
