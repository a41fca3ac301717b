"""The one list of what a tablet is given, each with why it is needed at the door.

``docs/tablet.md`` is made of it, and a test compares it with what is sent key by key. What is not in it is not
sent: no identity number, not even masked, no bank number, no bill, nothing that says what somebody suffers from.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """``path``: keys from the top, "households.members.name". Label and reason in Chinese and English."""

    path: str
    label: tuple[str, str]
    why: tuple[str, str]


FIELDS = (
    Field(
        "village.code", ("村代码", "code of the village"), ("平板按村存放", "the tablet keeps village by village")
    ),
    Field("village.name", ("村名", "name of the village"), ("列表显示", "shown in the list")),
    Field("pulled_at", ("下载时间", "when it was fetched"), ("说明数据有多旧", "says how old it all is")),
    Field(
        "households.id", ("户的内部编号", "internal id"), ("走访记到这一户", "the visit names the household by it")
    ),
    Field("households.head", ("户主姓名", "name of the head"), ("找到这一户", "to find the household")),
    Field("households.pinyin", ("户主拼音", "pinyin of the head"), ("按首字母查找", "found by initials")),
    Field("households.hamlet", ("自然村、组", "hamlet, group"), ("找到门", "to find the door")),
    Field("households.phone", ("电话", "phone"), ("不在家时电话走访", "to call those who are away")),
    Field(
        "households.status",
        ("户类型（监测、脱贫）", "monitored, lifted"),
        ("知道要看什么", "what kind of household one comes to"),
    ),
    Field("households.due.level", ("应访原因", "why it is due"), ("先访急的", "urgent ones first")),
    Field("households.due.last", ("上次走访日", "last visit"), ("先访久的", "long unvisited ones first")),
    Field("households.due.due_on", ("应访日", "day it is due"), ("排序", "the order of the list")),
    Field("households.due.state", ("是否逾期", "overdue or not"), ("排序", "the order of the list")),
    Field(
        "households.members.id", ("成员内部编号", "internal id"), ("变化记到这个人", "what has changed is of whom")
    ),
    Field("households.members.name", ("姓名", "name"), ("问到人", "to ask after each")),
    Field("households.members.relation", ("与户主关系", "relation to the head"), ("问到人", "to ask after each")),
    Field("households.members.sex", ("性别", "sex"), ("认人", "to know whom one meets")),
    Field("households.members.age", ("年龄", "age"), ("在学、劳动力", "of school age, of working age")),
    Field("households.members.labour", ("劳动能力", "ability to work"), ("问务工", "whether to ask about work")),
    Field(
        "households.members.work_place", ("务工地点", "where they work"), ("只记变化", "only changes are written")
    ),
    Field(
        "households.members.work_months", ("务工月数", "months of work"), ("只记变化", "only changes are written")
    ),
    Field("households.members.schooling", ("在学情况", "schooling"), ("只记变化", "only changes are written")),
    Field(
        "households.members.dropout_reason",
        ("失学辍学原因", "why not in school"),
        ("只记变化", "only changes are written"),
    ),
    Field("households.members.insured", ("是否参保", "insured or not"), ("提醒参保", "to remind of insurance")),
    Field("households.register.house_grade", ("房屋等级", "grade of the house"), ("核对", "to compare")),
    Field("households.register.safe_water", ("安全饮水", "safe water"), ("核对", "to compare")),
    Field("households.income.month", ("月份", "month"), ("给出上月的项目", "last month's items are offered")),
    Field("households.income.kind", ("收入类型", "kind"), ("给出上月的项目", "last month's items are offered")),
    Field("households.income.item", ("项目", "item"), ("给出上月的项目", "last month's items are offered")),
    Field("households.income.amount", ("金额", "amount"), ("给出上月的项目", "last month's items are offered")),
    Field(
        "households.figures.month", ("指标月份", "month of the figures"), ("说明数据有多旧", "how old they are")
    ),
    Field(
        "households.figures.net_per_head",
        ("人均纯收入（年）", "net income a head and year"),
        ("判断收入", "to judge what one is told of incomes"),
    ),
    Field("households.last_visit.on", ("上次走访日", "day of the last visit"), ("接着上次说", "to go on from it")),
    Field("households.last_visit.words", ("上次发现", "what was found"), ("接着上次说", "to go on from it")),
    Field(
        "households.last_visit.unchanged",
        ("上次有无变化", "whether anything had changed"),
        ("接着上次说", "to go on from it"),
    ),
    Field("households.last_visit.method", ("上次方式", "how"), ("是否入过户", "whether anybody was at the door")),
    Field("households.alerts.id", ("预警编号", "id of the alert"), ("核实这一条", "the verdict names it")),
    Field(
        "households.alerts.stamp",
        ("预警的版本", "the state it was seen in"),
        ("别人已办理的不覆盖", "somebody else's move meanwhile is not overwritten"),
    ),
    Field("households.alerts.level", ("级别", "level"), ("先看急的", "urgent ones first")),
    Field("households.alerts.name", ("预警名称", "name"), ("知道要看什么", "what to look at")),
    Field("households.alerts.sentence", ("说明句", "sentence"), ("知道要看什么", "what to look at")),
    Field("households.alerts.check", ("入户看什么", "what to look at"), ("知道要看什么", "what to look at")),
    Field("households.alerts.status", ("办理状态", "where it stands"), ("是否待核实", "whether it waits for one")),
    Field("households.alerts.due_on", ("期限", "deadline"), ("先看急的", "urgent ones first")),
    Field(
        "households.alerts.may_verify",
        ("能否由我核实", "whether one may verify"),
        ("入户核实", "part of the visit"),
    ),
    Field(
        "households.campaigns",
        ("未完成的集中排查", "campaigns not done yet"),
        ("按排查走访", "visits of a campaign"),
    ),
    Field(
        "households.open_requests",
        ("待乡镇核定的变更数", "change requests that wait"),
        ("不重复上报", "nothing is reported twice"),
    ),
    Field("campaigns.id", ("排查编号", "id of the campaign"), ("按排查走访", "visits of a campaign")),
    Field("campaigns.name", ("排查名称", "name"), ("按排查走访", "visits of a campaign")),
    Field("campaigns.starts_on", ("开始日", "first day"), ("按排查走访", "visits of a campaign")),
    Field("campaigns.ends_on", ("截止日", "last day"), ("按排查走访", "visits of a campaign")),
    Field("campaigns.words", ("排查要点", "what to look at"), ("按排查走访", "visits of a campaign")),
)
PATHS = frozenset(field.path for field in FIELDS)
