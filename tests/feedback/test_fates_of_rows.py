"""What became of each row that a department sent: from the row to the alert and how it ended."""

import datetime as dt

import pytest

from alerts.models import Alert
from households.imports.models import StagedRow
from households.imports.retracting import retract_import
from households.imports.waiting import dismiss_waiting_row, match_waiting_row
from households.models import Import, Membership
from monitoring.feedback.fates import Fate, count_fates, read_fates
from monitoring.judgment.models import Finding
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.tasks import judge_batches
from monitoring.judgment.undoing import undo_import
from tests import factories
from tests.feedback.conftest import CHILD, JUNE, MAY, ROWS, SICK, WELL, bill, known_person, send
from tests.imports.conftest import number

pytestmark = pytest.mark.django_db

TRAFFIC = ("身份证号", "姓名", "后果", "事故日期")


def fates(row) -> dict[int, str]:
    """Row number → fate."""
    return {one.row_number: one.fate for one in read_fates(row).rows}


def alerts(row) -> dict[int, set[str]]:
    """Row number → kinds of the alerts it leads to."""
    kinds = dict(Alert.objects.values_list("pk", "kind_id"))
    return {one.row_number: {kinds[pk] for pk in one.alerts} for one in read_fates(row).rows if one.alerts}


def test_each_row_has_one_fate(sent):
    assert fates(sent) == {
        2: "under_way",
        3: "no_finding",
        4: "waiting",
        5: "refused",
        # The alert is the household's: the child's bill is part of what was judged.
        6: "under_way",
        7: "no_finding",
    }
    assert alerts(sent) == {2: {"MED01"}, 6: {"MED01"}}


def test_the_totals_are_the_rows(sent):
    counts = count_fates(sent)
    assert {fate: count for fate, count in counts.items() if count} == {
        "under_way": 2,
        "no_finding": 2,
        "waiting": 1,
        "refused": 1,
    }
    assert sum(counts.values()) == sent.rows.count() == len(ROWS)
    for fate in Fate:
        assert len(read_fates(sent, fate=fate).rows) == counts[fate]


@pytest.mark.parametrize(
    ("verdict", "fate"), [("confirmed", "confirmed"), ("no_risk", "no_risk"), ("unclear", "unclear")]
)
def test_a_verified_alert_says_what_was_found(sent, verify, move, verdict, fate):
    verify(verdict)
    assert fates(sent)[2] == fate
    move("township", "review")
    move("staff", "close", outcome="measures")
    assert fates(sent)[2] == fate


def test_what_the_county_closes_without_a_visit_is_told_as_that(sent, move):
    Alert.objects.update(status="raised", holder="county")
    move("staff", "dismiss", outcome="duplicate")
    assert fates(sent)[2] == "closed"


def test_a_row_that_is_not_judged_yet_says_so(cast, sick, well):
    row = send(ROWS.values(), by=cast.officer, judge=False)
    assert fates(row)[2] == fates(row)[3] == "being_judged"
    judge_batches()
    row = Import.objects.get(pk=row.pk)
    assert (fates(row)[2], fates(row)[3]) == ("under_way", "no_finding")


def test_alerts_of_other_departments_rules_are_no_part_of_the_answer(sent, sick):
    for month in range(1, 7):
        factories.income(household=sick, amount=10, month=dt.date(2022, month, 1))
    judge_batches()
    assert set(Alert.objects.values_list("kind_id", flat=True)) > {"INC01", "MED01"}
    assert alerts(sent) == {2: {"MED01"}, 6: {"MED01"}}


def test_several_causes_are_told_each_and_the_furthest_decides(cast, well, verify):
    sick = factories.household(lifted=True, category="unstable", eliminated=False)
    known_person("向病", SICK, sick, is_head=True)
    sent = send([bill(SICK, "向病", 6500)], by=cast.officer)
    assert alerts(sent) == {2: {"MED01", "MED07"}}
    verify("no_risk", of=Alert.objects.get(kind="MED07"))
    assert fates(sent)[2] == "under_way"
    verify("confirmed", of=Alert.objects.get(kind="MED01"))
    assert fates(sent)[2] == "confirmed"


def test_a_row_matched_by_hand_leads_to_its_alert(cast, sent, well, verify):
    row = StagedRow.objects.get(import_file=sent, row_number=4)
    match_waiting_row(row=row, by=cast.staff, person=well.memberships.get().person)
    assert fates(sent)[4] == "no_finding"
    more = send([bill(WELL, "郑好", 5200, day="20220620")], name="医保补_2022-06.csv")
    assert (fates(sent)[4], fates(more)[2]) == ("under_way", "under_way")


def test_a_dismissed_row_is_set_aside(cast, sent):
    row = StagedRow.objects.get(import_file=sent, row_number=4)
    dismiss_waiting_row(row=row, reason="外县人员", by=cast.staff)
    assert fates(sent)[4] == "dismissed"


def test_a_row_that_waits_in_an_earlier_file_is_told_as_that(cast, sent):
    again = send(ROWS.values(), name="医保再_2022-06.csv", by=cast.officer)
    assert fates(again) == fates(sent) | {4: "told_before"}


def test_the_alert_of_another_month_is_not_the_answer(cast, sent):
    """The bills of May are part of the year's sum of June, but June's list is what the alert rests on."""
    may = send([bill(WELL, "郑好", 10, day="20220510")], month=MAY, name="医保_2022-05.csv")
    send([bill(WELL, "郑好", 5100, day="20220625")], name="医保三_2022-06.csv")
    assert Alert.objects.filter(kind="MED01", household__head_name="郑好").exists()
    assert fates(may)[2] == "no_finding"


def test_an_event_that_two_lists_tell_leads_both_to_the_alert_of_the_first(cast, sick, verify, move):
    """What happened in June is another matter, although it is the same household and the same rule."""
    accident = [SICK, "向病", "重伤", "2022-05-20"]
    may = send([accident], month=MAY, name="交警_2022-05.csv", header=TRAFFIC)
    first = verify("no_risk")
    move("township", "review")
    move("staff", "close", outcome="no_risk")
    other = [CHILD, "向小", "死亡", "2022-06-03"]
    june = send([accident, other], month=JUNE, name="交警_2022-06.csv", header=TRAFFIC)
    second = Alert.objects.exclude(pk=first.pk).get()
    assert [one.alerts for one in read_fates(may).rows] == [(first.pk,)]
    assert [one.alerts for one in read_fates(june).rows] == [(first.pk,), (second.pk,)]


def test_it_is_the_household_of_then(cast, sent, sick, well):
    """Whoever has moved out since: the alert stays with the household that was judged."""
    old = Membership.objects.get(person__name="向病")
    for until, kinds in ((dt.date(2022, 6, 30), {"MED01"}), (dt.date(2022, 6, 29), None)):
        moved = factories.batch()
        Membership.objects.filter(person=old.person, replaced_in=None).update(replaced_in=moved)
        shared = {"person": old.person, "batch": moved, "relation": "其他"}
        Membership.objects.create(household=sick, until=until, **shared)
        Membership.objects.create(household=well, since=until + dt.timedelta(days=1), **shared)
        assert alerts(sent).get(2) == kinds


def test_a_file_taken_back_says_so(cast, sent):
    undo_import(import_id=sent.pk, reason="测试", by=cast.staff)
    sent.refresh_from_db()
    assert set(fates(sent).values()) == {"taken_back", "refused"}


def test_what_somebody_acted_on_stays_when_the_file_is_taken_back(cast, sent, sick, verify):
    verify("confirmed")
    retract_import(import_id=sent.pk, reason="测试", keep_households=[sick.pk], by=cast.staff)
    judge_batches()
    sent.refresh_from_db()
    assert (fates(sent)[2], fates(sent)[3]) == ("confirmed", "taken_back")


def test_a_second_judgment_of_the_month_doubles_nothing(sent):
    run = open_run(month=JUNE)
    work_run(run.pk)
    assert [len(one.alerts) for one in read_fates(sent).rows if one.alerts] == [1, 1]
    assert count_fates(sent)["under_way"] == 2


def test_a_finding_without_an_alert_was_dealt_with_before(cast, sick):
    sent = send([bill(SICK, "向病", 5500)], by=cast.officer)
    Finding.objects.filter(rule="MED01").update(alert=None)
    assert fates(sent)[2] == "quiet"


@pytest.mark.parametrize("size", [1, 3, 6, 7])
def test_pages_follow_each_other_both_ways(sent, size):
    forth, after = [], None
    while True:
        page = read_fates(sent, after=after, limit=size)
        forth.append([one.row_number for one in page.rows])
        if page.after is None:
            break
        after = page.after
    assert sum(forth, []) == sorted(ROWS)
    back, before = [forth[-1]], page.before
    while before is not None:
        page = read_fates(sent, before=before, limit=size)
        back.append([one.row_number for one in page.rows])
        before = page.before
    assert sum(reversed(back), []) == sorted(ROWS)


def test_the_ledger_hears_back_in_its_own_months(cast, db):
    household = factories.household(lifted=True, members=1)
    lines = [[household.code, f"2022-{month:02}", "工资性收入", "务工", 100] for month in range(1, 7)]
    sent = send(
        lines, month=None, name="台账.csv", header=("户编号", "年月", "类别", "项目", "金额"), by=cast.staff
    )
    assert alerts(sent)[7] == {"INC01"}
    assert count_fates(sent)["under_way"] == 6


def test_the_register_hears_back(cast, db):
    household = factories.household(lifted=True, members=1)
    code = household.code
    header = (
        "户编号",
        "人口编号",
        "姓名",
        "证件号码",
        "与户主关系",
        "出生日期",
        "户主姓名",
        "是否参加城乡居民基本医疗保险",
        "是否参加城镇职工基本医疗保险",
    )
    row = [code, f"{code}09", "新人", number(sequence=9), "之子", "19800501", household.head_name, "否", "否"]
    sent = send([row], month=None, name="成员.csv", header=header, by=cast.staff)
    assert fates(sent) == {2: "under_way"}
    assert alerts(sent) == {2: {"MED09"}}
