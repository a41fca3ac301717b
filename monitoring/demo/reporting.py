"""What came from below in the demo: reports of villagers and hotlines, a flood. Nobody in it exists."""

from uuid import uuid4

from django.utils import timezone

from alerts.areawide.services import declare_event
from alerts.models import Report
from alerts.reports.entering import Entry, enter_report
from alerts.reports.receiving import Written, new_token, receive_report
from households.models import Area, Household, Role, User
from monitoring.demo.accounts import SHOWN_TOWNSHIP
from monitoring.suggestions.services import write_suggestion

# Name, phone (of no operator, as in names.py), risk, what they wrote.
VILLAGERS = (
    ("向阳花", "15400000101", "illness", "丈夫住院一个月，自己垫付了两万多，亲戚借的钱还没还。"),
    ("郑水生", "15400000102", "housing", "下大雨屋后滑坡，西边墙裂了一道缝，不敢住人。"),
    ("谭家旺", "15400000103", "employment", "在外打工的厂停工两个月，没有收入。"),
)
TICKETS = (
    ("12317", "DEMO-12317-01", "income", "来电反映家里主要劳动力受伤，收入减少。"),
    ("12345", "DEMO-12345-07", "water", "来电反映村里停水多日，要到山下挑水。"),
)
FLOOD_VILLAGES = 3


def report_from_below() -> int:
    """Returns how many reports came in. A county that has some gets no second helping."""
    if Report.objects.exists():
        return 0
    villages = list(Area.objects.filter(township=SHOWN_TOWNSHIP, level="village").order_by("code"))
    staff = User.objects.filter(postings__role=Role.COUNTY_STAFF).order_by("pk").first()
    if staff is None or not villages:
        return 0
    for (name, phone, risk, words), village in zip(VILLAGERS, villages, strict=False):
        written = Written(new_token(), village, risk, name, phone, words=words)
        receive_report(written=written)
    today = timezone.localdate()
    for (source, ticket, risk, words), village in zip(TICKETS, villages[3:], strict=False):
        household = Household.objects.filter(village=village.code).order_by("pk").first()
        entry = Entry(uuid4(), source, risk, today, ticket, household, village.code, words=words)
        enter_report(entry=entry, by=staff)
    _flood(villages[-FLOOD_VILLAGES:], staff)
    write_suggestion(kind="suggestion", words="希望待办列表能按村民小组排序。", token=uuid4(), by=staff)
    return len(VILLAGERS) + len(TICKETS)


def _flood(villages: list[Area], staff: User) -> None:
    today = timezone.localdate()
    declare_event(
        name=f"{today.month}·{today.day} 强降雨",
        risk="disaster",
        happened_on=today,
        villages=[village.code for village in villages],
        by=staff,
        words="连续强降雨，部分房屋进水",
    )
