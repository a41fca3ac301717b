"""What people are told about, as one plain table: the default words in both languages, and what they need.

``values`` names the placeholders that must be given with ``notify`` and that a county may use in its own words.
A cause is never named: the name of a rule may hint at an illness. Chinese goes out by e-mail and gateways; the
bell shows the language of the page. ``rings``: a red alert that is newly somebody's goes out at night; what
reminds of one, or says what became of it, waits for the morning.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    code: str
    values: tuple[str, ...]
    title_zh: str
    text_zh: str
    title_en: str
    text_en: str
    rings: bool = False


TABLE = (
    # One for each person and dispatch: the highest level and the earliest last day among the alerts.
    Kind(
        "dispatched",
        ("count", "level", "place", "day"),
        "您有 {{ count }} 条新预警",
        "{{ place }}有 {{ count }} 条预警派发给您，最高级别{{ level }}，请在 {{ day }} 当日或之前签收。",
        "{{ count }} new alerts for you",
        "{{ count }} alerts in {{ place }} were dispatched to you, the highest {{ level }}. "
        "Acknowledge them by {{ day }}.",
        rings=True,
    ),
    Kind(
        "due_soon",
        ("count", "day"),
        "{{ count }} 条预警即将到期",
        "您有 {{ count }} 条预警最早于 {{ day }} 到期，请及时办理。",
        "{{ count }} alerts are due soon",
        "{{ count }} alerts wait for you, the first until {{ day }}.",
    ),
    # To the next level; ``days``: of the one that is overdue for longest.
    Kind(
        "escalated",
        ("count", "place", "days"),
        "{{ count }} 条预警逾期，请催办",
        "{{ place }}有 {{ count }} 条预警逾期未办，最长已逾期 {{ days }} 天，请督促办理。",
        "{{ count }} alerts are overdue",
        "{{ count }} alerts in {{ place }} are overdue, the longest for {{ days }} days. Please see to them.",
    ),
    Kind(
        "sent_back",
        ("count", "place"),
        "{{ count }} 条预警被退回重核",
        "乡镇退回了{{ place }} {{ count }} 条预警的核实结果，请按退回意见重新核实。",
        "{{ count }} alerts are to be verified again",
        "The township sent back {{ count }} alerts in {{ place }} with its reason.",
    ),
    Kind(
        "returned",
        ("count", "place"),
        "{{ count }} 条预警被退回重新审核",
        "县级退回了{{ place }} {{ count }} 条预警的审核结果，请按退回意见重新审核。",
        "{{ count }} alerts are to be reviewed again",
        "The county returned {{ count }} alerts in {{ place }} with its reason.",
    ),
    Kind(
        "closed",
        ("count", "place"),
        "{{ count }} 条预警已办结",
        "{{ place }}有 {{ count }} 条预警已由县级办结，可查看处置结果。",
        "{{ count }} alerts are closed",
        "The county closed {{ count }} alerts in {{ place }}. The outcome stands on their pages.",
    ),
    Kind(
        "refused",
        ("count", "place"),
        "{{ count }} 条预警被退回上级",
        "{{ place }}有 {{ count }} 条预警退回上级，请另行派发，办理期限不变。",
        "{{ count }} alerts were handed back",
        "{{ count }} alerts in {{ place }} were handed back. Dispatch them elsewhere; the deadline goes on.",
    ),
    Kind(
        "transferred",
        ("count", "place"),
        "{{ count }} 条预警转办给您",
        "{{ place }}有 {{ count }} 条预警转办给您，办理期限不变。",
        "{{ count }} alerts were transferred to you",
        "{{ count }} alerts in {{ place }} were transferred to you. The deadline goes on.",
        rings=True,
    ),
    Kind(
        "reopened",
        ("count", "place"),
        "{{ count }} 条预警重新启动",
        "{{ place }}有 {{ count }} 条已办结的预警重新启动，请重新办理。",
        "{{ count }} alerts are open again",
        "{{ count }} closed alerts in {{ place }} were opened again.",
        rings=True,
    ),
    Kind(
        "report_new",
        ("count", "place"),
        "收到 {{ count }} 件群众上报",
        "{{ place }}收到 {{ count }} 件群众上报，请及时受理。",
        "{{ count }} new reports",
        "{{ count }} reports came in from {{ place }}.",
    ),
    Kind(
        "report_unchecked",
        ("count", "place"),
        "{{ count }} 件上报待甄别",
        "{{ place }}有 {{ count }} 件上报待甄别，请核对后受理或关闭。",
        "{{ count }} reports are unchecked",
        "{{ count }} reports from {{ place }} wait to be looked through.",
    ),
    Kind(
        "answer_due",
        ("count", "day"),
        "{{ count }} 件群众上报待答复",
        "有 {{ count }} 件群众上报最早应在 {{ day }} 当日或之前答复。",
        "{{ count }} reports wait for an answer",
        "{{ count }} reports must be answered, the first by {{ day }}.",
    ),
    # Change requests of visits and uploads kept for review, once a day.
    Kind(
        "visits_waiting",
        ("count", "place"),
        "{{ count }} 项走访内容待处理",
        "{{ place }}有 {{ count }} 项走访变更申请或待核上传待处理，请核对后决定是否同意。",
        "{{ count }} matters of visits wait",
        "{{ count }} change requests of visits or uploads kept for review in {{ place }} wait for a decision.",
    ),
    Kind(
        "area_event",
        ("place", "villages", "households"),
        "{{ place }}发生区域性事件",
        "{{ place }}发生区域性事件，涉及 {{ villages }} 个村 {{ households }} 户，请按走访清单逐户核实。",
        "An event in {{ place }}",
        "An event in {{ place }} concerns {{ households }} households in {{ villages }} villages. "
        "Visit them by the list.",
        rings=True,
    ),
    Kind(
        "suggestion_answered",
        (),
        "您的投诉建议已有答复",
        "县级已答复您的投诉或建议，请登录系统查看。",
        "Your complaint or suggestion was answered",
        "The county answered what you wrote. Sign in to read it.",
    ),
    Kind(
        "test",
        (),
        "测试通知",
        "这是一条测试通知，收到即说明该方式可用，无需办理。",
        "Test",
        "This is a test. It arrived, so this way works; nothing is to be done.",
        rings=True,
    ),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in TABLE}
