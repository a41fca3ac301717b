"""What a row says: the step, the time left in words, who has it."""

import datetime as dt

import pytest
from django.utils import translation

from alerts.travel.worklist_rows import time_left
from households.policy.calendar import WorkCalendar
from tests import factories
from tests.conftest import VILLAGES

WORK = "/work/"
# National Day 2026: a holiday from Thursday 1 to Wednesday 7 October, and Saturday 10 is worked.
SPECIAL = [(dt.date(2026, 10, day), False) for day in range(1, 8)] + [(dt.date(2026, 10, 10), True)]


class Due:
    def __init__(self, day, status="acknowledged", level="red"):
        self.due_on, self.status, self.level = day, status, level


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(None), ""),
        (Due(dt.date(2026, 9, 30)), "今日到期"),
        (Due(dt.date(2026, 10, 1)), "还剩 1 天"),
        (Due(dt.date(2026, 10, 3)), "还剩 3 天"),
        (Due(dt.date(2026, 9, 29)), "逾期 1 天"),
        # Review counts working days: the holiday is none, the make-up Saturday is one.
        (Due(dt.date(2026, 10, 8), "verified"), "还剩 1 个工作日"),
        (Due(dt.date(2026, 10, 10), "verified"), "还剩 3 个工作日"),
        (Due(dt.date(2026, 9, 29), "verified"), "逾期 1 个工作日"),
        (Due(dt.date(2026, 9, 25), "verified"), "逾期 3 个工作日"),
    ],
)
def test_time_is_counted_in_the_days_of_the_step(due, words):
    with translation.override("zh-hans"):
        assert time_left(due, dt.date(2026, 9, 30), WorkCalendar(SPECIAL)) == words


def test_late_on_days_off_only_is_said_in_calendar_days():
    due = Due(dt.date(2026, 10, 9), "verified")

    with translation.override("zh-hans"):
        assert time_left(due, dt.date(2026, 10, 11), WorkCalendar([])) == "逾期 2 天"


def test_a_row_says_who_where_what_how_long_and_with_whom(sign_in, ways):
    page = sign_in("township").get(f"{WORK}?tab=others&level=yellow").content.decode()

    for words in (
        ways["late"].household.head_name, ways["late"].household.code, "长江村", "level-yellow",
        "人均纯收入低于监测范围", "待核实", "逾期 1 天", "长江村 · specialist",
    ):  # fmt: skip
        assert words in page, words


def test_the_village_that_looks_into_it_is_named_though_it_lies_outside(sign_in, ways):
    rows = sign_in("specialist").get(f"{WORK}?tab=others").context["rows"]
    holders = {row.alert.pk: row.holder for row, _query in rows}

    assert holders[ways["handed_over"].pk] == "屈原村"
    assert holders[ways["raised"].pk] == "秭归县"
    assert holders[ways["township"].pk] == "屈原镇"


def test_it_tells_the_moves_of_each_row_for_the_script(sign_in, ways):
    rows = sign_in("specialist").get(WORK).context["rows"]
    moves = {row.alert.pk: row.moves for row, _query in rows}

    assert moves[ways["free"].pk] == "acknowledge refuse transfer"
    assert moves[ways["late"].pk] == "refuse transfer verify"


def test_no_row_and_no_tab_ranks_people_or_places(sign_in, ways):
    """The order is that of deadlines; there is no column to sort by."""
    page = sign_in("staff").get(f"{WORK}?tab=others").content.decode()

    assert "sort" not in page
    assert "%" not in page.partition("<tbody>")[2].partition("</tbody>")[0].replace("%3D", "").replace("%26", "")


def test_a_cluster_is_named_by_its_village(sign_in, today):
    home = factories.household(village=VILLAGES[0])
    alert = factories.alert(household=home, holder="village", status="dispatched", due_on=today)
    type(alert).objects.filter(pk=alert.pk).update(household=None, area=VILLAGES[0])

    assert "全村" in sign_in("specialist").get(WORK).content.decode()
