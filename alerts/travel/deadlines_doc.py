"""docs/deadlines.md, made from the plain tables of deadlines and moves: a document that cannot drift from them."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from alerts import sla, transitions
from alerts.sla import Span
from alerts.transitions import Move

Words = tuple[str, str]

HEAD = """# 办理期限和流转 / Deadlines and moves

由 `manage.py write_deadlines_doc` 从 `alerts/sla.py`、`alerts/transitions.py` 生成，请勿手改；测试检查是否过期。
Made from the two tables by `manage.py write_deadlines_doc`; do not edit, a test fails when it is stale.
"""
COUNTING = """起算当天不计；最后一天遇休息日的，顺延到下一个工作日（见“工作日历”页）。
没有录入节假日的年份只扣除周末，首页提示。
The day of the event does not count; a last day on a day off moves to the next working day. A year without entries
in the work calendar counts weekends only, and the home page says so.

派发后退回上级、转办、再派发都不延长期限：退回、转办的仍为原期限；按期再派发的按新环节，但不超过核实期限；
已逾期的仍为逾期，催办照旧，直到有人签收或核实。
Handed back, transferred or sent down again nobody wins time: handed back or transferred it is due when it was;
sent down again in time it has its step's days, none behind the verification as a whole; overdue it stays overdue,
and who was told stays told, until somebody acknowledges or verifies it.
"""
STEPS: dict[str, Words] = {
    transitions.RAISED: ("预警产生→派发", "raised → dispatched"),
    transitions.DISPATCHED: ("派发→签收", "dispatched → acknowledged"),
    transitions.ACKNOWLEDGED: (
        "核实（自首次派发起算，退回上级、转办不重计）",
        "verification, from the first dispatch, whoever refuses or transfers",
    ),
    transitions.VERIFIED: ("核实→乡镇审核", "verified → reviewed"),
    transitions.REVIEWED: ("审核→县级办结", "reviewed → closed"),
}
LEVELS: dict[str, Words] = {
    sla.RED: ("红", "red"),
    sla.YELLOW: ("黄", "yellow"),
    sla.BLUE: ("蓝", "blue"),
}
UNITS: dict[str, Words] = {sla.CALENDAR: ("个日历日", "calendar days"), sla.WORKING: ("个工作日", "working days")}
OTHERS: tuple[tuple[Words, Span], ...] = (
    (("答复上报人（自核实之日起）", "answer to whoever reported, from the check"), sla.ANSWER_TO_REPORTER),
    (("识别全过程", "the whole identification"), sla.IDENTIFICATION),
    (("其中村内公示", "of it the village notice"), sla.VILLAGE_NOTICE),
)
PLACES: dict[str, Words] = {
    transitions.COUNTY: ("县级", "county"),
    transitions.TOWNSHIP: ("乡镇", "township"),
    transitions.VILLAGE: ("村", "village"),
    transitions.HERE: ("当前办理方", "whoever holds it"),
    transitions.SYSTEM: ("系统", "the system"),
    transitions.UP: ("上一级", "the level above"),
    transitions.GIVEN: ("所选层级", "the level named"),
    transitions.STAYS: ("不变", "stays"),
}
STATUSES: dict[str, Words] = {
    transitions.RAISED: ("待派发", "raised"),
    transitions.DISPATCHED: ("已派发", "dispatched"),
    transitions.ACKNOWLEDGED: ("已签收", "acknowledged"),
    transitions.VERIFIED: ("已核实", "verified"),
    transitions.REVIEWED: ("已审核", "reviewed"),
    transitions.CLOSED: ("已办结", "closed"),
    transitions.WITHDRAWN: ("已撤销", "withdrawn"),
}
MOVES: dict[str, str] = {
    "dispatch": "派发",
    "acknowledge": "签收",
    "refuse": "退回上级",
    "transfer": "转办",
    "verify": "核实",
    "review": "审核",
    "send_back": "退回重核",
    "return": "退回乡镇",
    "close": "办结",
    "close_together": "随区域性事件办结",
    "dismiss": "不派发直接办结",
    "reopen": "重新启动",
    "withdraw": "撤销",
}
NEEDS: dict[str, Words] = {
    "to": ("派发层级", "level"),
    "village": ("村", "village"),
    "note": ("原因", "reason"),
    "verdict": ("核实结论", "verdict"),
    "outcome": ("处置结果", "outcome"),
}


def deadlines_document() -> str:
    """The whole document as Markdown."""
    return "\n".join([HEAD, *_deadlines(), *_reminders(), *_moves()]) + "\n"


def deadlines_document_path() -> Path:
    return settings.BASE_DIR / "docs" / "deadlines.md"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _both(words: Words) -> str:
    return f"{words[0]} {words[1]}"


def _span(span: Span) -> str:
    zh, en = UNITS[span.unit]
    return f"{span.days} {zh} {en if span.days > 1 else en[:-1]}"


def _listed(codes: tuple[str, ...], words: dict[str, Words]) -> str:
    return "<br>".join(_both(words[code]) for code in codes) or "—"


def _sources(move: Move) -> str:
    alone = "（下级无人在岗时 where nobody is posted below）"
    return "<br>".join(_both(STATUSES[code]) + (alone if code in move.alone else "") for code in move.sources)


def _deadlines() -> Iterator[str]:
    yield "## 期限 / Deadlines\n"
    yield COUNTING
    yield _row("环节 step", *(_both(LEVELS[level]) for level in LEVELS))
    yield "|---|---|---|---|"
    for step, spans in sla.STEPS.items():
        yield _row(_both(STEPS[step]), *(_span(spans[level]) for level in LEVELS))
    yield ""
    yield _row("其他 other", "期限 deadline")
    yield "|---|---|"
    for words, span in OTHERS:
        yield _row(_both(words), _span(span))
    yield ""


def _reminders() -> Iterator[str]:
    yield "## 提醒和催办 / Reminders and escalation\n"
    yield "最后一天的前一个工作日提醒办理方；逾期后提醒上一级，办理方不变；仍未办的再提醒更上一级。每次均留痕。"
    yield "The working day before the last day whoever holds it is reminded; after it the next level is told, and"
    yield "the holder stays; when nothing moves, the level after that. Each is an event.\n"
    yield _row("办理方 holder", "逾期后 after the last day", f"再过 {_span(sla.ESCALATES_AGAIN_AFTER)} after")
    yield "|---|---|---|"
    for holder, above in sla.ESCALATES_TO.items():
        told = "县级管理员 the county's administrators" if holder == above else _both(PLACES[above])
        again = sla.ESCALATES_TO[above]
        yield _row(_both(PLACES[holder]), told, "—" if again == above else _both(PLACES[again]))
    yield ""


def _moves() -> Iterator[str]:
    yield "## 流转 / Moves\n"
    yield "不在表中的动作不存在。每个动作锁定该预警、记一条事件（人、时间、说明）。"
    yield "What is not in the table does not exist. Each move locks the alert and is an event: who, when, why.\n"
    yield _row("动作 move", "何时 from", "谁 who", "须填 must give", "之后 then", "转到 goes to", "时限 clock")
    yield "|---|---|---|---|---|---|---|"
    for move in transitions.TABLE:
        ends = move.target in transitions.FINAL
        clock = "结束 ends" if ends else "按新环节 its step's" if move.restarts else "继续计时 goes on"
        yield _row(
            f"{MOVES[move.code]} `{move.code}`",
            _sources(move),
            _listed(move.by, PLACES),
            _listed(move.needs, NEEDS),
            _both(STATUSES[move.target]),
            _both(PLACES[move.holder]),
            clock,
        )
    yield ""
