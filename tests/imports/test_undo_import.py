"""Undo of an import with what rests on it: alerts withdrawn, households left alone, sealed months untouched."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from alerts.models import Alert
from households.imports.locking import NotReady
from households.ledger.services import record_event
from households.models import Event, EvidenceBatch, Household, HouseholdFact, IncomeLine, ListEntry, MedicalBill
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.running import work_run
from monitoring.judgment.tasks import judge_batches
from monitoring.judgment.undoing import preview_undo
from tests import factories
from tests.imports.conftest import (
    CODE,
    CODE_2,
    HOUSEHOLD,
    MEMBER,
    VILLAGE,
    as_csv,
    number,
    take_in,
)
from tests.imports.undoing import acknowledge, alerts, bills, judge, ledger, undo

pytestmark = pytest.mark.django_db
JUNE, JULY = dt.date(2022, 6, 1), dt.date(2022, 7, 1)
ZHANG, LI = number("19800501", 1), number("19900101", 3)
TRAFFIC = ("身份证号", "姓名", "事故日期", "伤亡情况")


@pytest.fixture(autouse=True)
def july():
    """Today is 10 July 2022: June is the last closed month."""
    with time_machine.travel(dt.datetime(2022, 7, 10, 9, 0, tzinfo=dt.UTC), tick=True):
        yield


@pytest.fixture
def ordinary(county):
    """The first household is known to be neither lifted nor monitored."""
    HouseholdFact.objects.create(
        household=Household.objects.get(code=CODE),
        as_of=dt.date(2022, 6, 30),
        kind="ordinary",
        category="",
        batch=factories.batch(),
    )


def test_alerts_that_rest_on_the_file_alone_are_withdrawn_with_an_event_each(county, cast):
    row = ledger((CODE, 100), (CODE_2, 90000))
    judge()
    assert alerts() == {("INC01", "dispatched")}

    done = undo(row, cast.staff)

    alert = Alert.objects.get()
    event = Event.objects.filter(subject="alert", subject_id=alert.pk).latest("id")
    assert (alert.status, alert.is_open, done.withdrawn) == ("withdrawn", False, [alert])
    assert (event.kind, event.status_before, event.status_after) == ("alert_withdrawn", "dispatched", "withdrawn")
    assert (event.actor, event.village) == (cast.staff, VILLAGE)
    assert (done.rows, done.households) == ({"incomeline": 2}, 2)


def test_the_households_are_judged_again_and_find_nothing(county, cast):
    row = ledger((CODE, 100))
    judge_batches()
    undo(row, cast.staff)
    judge_batches()

    newest = HouseholdMonth.objects.filter(household__code=CODE).latest("id")
    assert newest.net is None
    assert alerts() == {("INC01", "withdrawn")}
    assert not EvidenceBatch.objects.filter(judged_at=None).exists()


def test_an_alert_that_the_row_before_raises_too_stays_and_shows_that_row_when_judged_again(county, cast):
    ledger((CODE, 200))
    row = ledger((CODE, 100))
    judge_batches()
    done = undo(row, cast.staff)
    judge_batches()

    alert = Alert.objects.get()
    assert (alert.status, float(alert.values["net"])) == ("dispatched", 200)
    assert (done.withdrawn, done.rows_restored) == ([], 1)


def test_the_right_file_raises_again_what_was_withdrawn(county, cast):
    row = ledger((CODE, 100))
    judge_batches()
    undo(row, cast.staff)
    ledger((CODE, 120))
    judge_batches()
    assert alerts() == {("INC01", "withdrawn"), ("INC01", "dispatched")}


def test_an_alert_found_in_another_month_as_well_rests_on_that_month_too(ordinary, cast):
    bills((ZHANG, 30000), month="202205")
    june = bills((ZHANG, 1000))
    judge(dt.date(2022, 5, 1))
    judge()
    assert Alert.objects.get(kind="MED02").months_found == 2

    undo(june, cast.staff)

    assert ("MED02", "dispatched") in alerts()


def test_an_alert_that_other_evidence_has_ended_already_is_left_to_people(county, cast):
    row = ledger((CODE, 100))
    judge_batches()
    factories.income(household=Household.objects.get(code=CODE), amount=90000, item="经营")
    done = undo(row, cast.staff)
    assert (alerts(), done.withdrawn) == ({("INC01", "dispatched")}, [])


class TestWhereAPersonHasActed:
    def test_the_rows_of_the_household_stay_and_undo_says_so(self, county, cast):
        row = ledger((CODE, 100), (CODE_2, 150))
        judge_batches()
        acknowledge(Alert.objects.get(household__code=CODE), cast.specialist)

        done = undo(row, cast.staff)

        assert [kept.household.code for kept in done.kept] == [CODE]
        assert (alerts(CODE), alerts(CODE_2)) == ({("INC01", "acknowledged")}, {("INC01", "withdrawn")})
        assert IncomeLine.objects.current().get().household.code == CODE
        assert done.rows_left == 1

    def test_its_other_alerts_stay_with_the_rows(self, ordinary, cast):
        row = bills((ZHANG, 30000))
        judge_batches()
        assert alerts() == {("MED02", "dispatched"), ("MED07", "dispatched")}
        acknowledge(Alert.objects.get(kind="MED07"), cast.specialist)
        undo(row, cast.staff)
        assert alerts() == {("MED02", "dispatched"), ("MED07", "acknowledged")}
        assert MedicalBill.objects.current().exists()

    @pytest.mark.parametrize("status", ["verified", "reviewed", "closed"])
    def test_later_states_are_acting_too(self, county, cast, status):
        row = ledger((CODE, 100))
        judge_batches()
        closed_at = timezone.now() if status == "closed" else None
        Alert.objects.update(status=status, closed_at=closed_at)
        done = undo(row, cast.staff)
        assert [kept.household.code for kept in done.kept] == [CODE]
        assert IncomeLine.objects.current().exists()

    def test_an_event_by_a_person_is_acting(self, county, cast):
        row = ledger((CODE, 100))
        judge_batches()
        alert = Alert.objects.get()
        record_event(
            kind="alert_level_changed", subject="alert", subject_id=alert.pk, place=alert, actor=cast.staff
        )
        assert len(undo(row, cast.staff).kept) == 1

    def test_passing_it_on_is_not_acting(self, county, cast):
        row = ledger((CODE, 100))
        judge_batches()
        alert = Alert.objects.get()
        Alert.objects.update(status="dispatched")
        record_event(kind="alert_dispatched", subject="alert", subject_id=alert.pk, place=alert, actor=cast.staff)
        done = undo(row, cast.staff)
        assert (done.kept, alerts()) == ([], {("INC01", "withdrawn")})

    def test_rows_go_when_what_he_acted_on_does_not_rest_on_them(self, county, cast):
        ledger((CODE, 100))
        row = bills((ZHANG, 30000))
        judge_batches()
        acknowledge(Alert.objects.get(kind="INC01"), cast.specialist)
        done = undo(row, cast.staff)
        assert done.kept == []
        assert alerts() == {("INC01", "acknowledged"), ("MED07", "withdrawn"), ("SUG12", "withdrawn")}

    def test_rows_stay_when_what_he_acted_on_would_be_another(self, county, cast):
        """An alert that would still be found, with other values, is not the one on which he acted."""
        ledger((CODE, 200))
        row = ledger((CODE, 100))
        judge_batches()
        acknowledge(Alert.objects.get(), cast.specialist)
        assert len(undo(row, cast.staff).kept) == 1
        assert IncomeLine.objects.current().get().amount == 100


class TestSealedMonth:
    @pytest.fixture
    def sealed(self, county):
        """June, with an alert, sealed."""
        row = ledger((CODE, 100))
        run = judge()
        JudgmentRun.objects.filter(pk=run.pk).update(sealed_at=timezone.now())
        return row, run

    def test_its_alerts_stay_and_are_named(self, sealed, cast):
        row, _run = sealed
        done = undo(row, cast.staff)
        assert [alert.household.code for alert in done.sealed] == [CODE]
        assert (done.withdrawn, alerts()) == ([], {("INC01", "raised")})
        assert not IncomeLine.objects.current().exists()

    def test_it_keeps_its_findings_and_its_digest_and_is_judged_the_same_at_its_cut_off(self, sealed, cast):
        row, run = sealed
        undo(row, cast.staff)
        judge_batches()
        later = judge()

        run.refresh_from_db()
        assert Finding.objects.filter(run=run).count() == 1
        assert later.digest != run.digest
        fields = ("month", "event_month", "county", "cutoff", "thresholds", "rules", "missing_lists")
        again = JudgmentRun.objects.create(
            **{name: getattr(run, name) for name in fields}, refused_rules=run.refused_rules, revision=99
        )
        again.shards.create(area_id=VILLAGE[:9])
        work_run(again.pk)
        again.refresh_from_db()
        assert again.digest == run.digest


class TestLists:
    def test_the_list_then_was_not_received_and_what_it_said_is_unknown(self, county, cast):
        row = bills((ZHANG, 30000))
        assert judge().missing_lists.count("medical") == 0
        undo(row, cast.staff)
        run = judge()
        assert "medical" in run.missing_lists
        assert HouseholdMonth.objects.get(run=run, household__code=CODE).inpatient_year is None

    def test_an_event_of_a_list_is_withdrawn(self, county, cast):
        row = take_in(as_csv(TRAFFIC, [ZHANG, "张三", "2022-06-10", "死亡"]), "交警_202206.csv")
        judge_batches()
        assert alerts() == {("ACC01", "dispatched")}
        undo(row, cast.staff)
        assert alerts() == {("ACC01", "withdrawn")}
        assert not ListEntry.objects.current().exists()

    def test_rows_matched_later_count_as_rows_of_the_file(self, county, cast):
        unknown = number("19700101", 1)
        row = bills((unknown, 30000))
        take_in(
            as_csv(MEMBER, [CODE, f"{CODE}09", "张大", unknown, "之父", "19700101", "男", ""]),
            as_of=dt.date(2022, 6, 30),
            partial=True,
        )
        judge_batches()
        assert ("MED07", "dispatched") in alerts()
        done = undo(row, cast.staff)
        assert {status for _kind, status in alerts()} == {"withdrawn"}
        assert done.rows == {"medicalbill": 1}


class TestRegister:
    def test_households_that_only_the_export_named_are_not_judged_any_more(self, db, cast):
        row = take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"]), as_of=dt.date(2022, 6, 30))
        assert HouseholdMonth.objects.filter(run=judge()).count() == 1
        undo(row, cast.staff)
        assert HouseholdMonth.objects.filter(run=judge()).count() == 0

    def test_and_are_again_when_a_new_export_names_them(self, db, cast):
        content = as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"])
        undo(take_in(content, as_of=dt.date(2022, 6, 30)), cast.staff)
        take_in(content, as_of=dt.date(2022, 6, 30))
        assert HouseholdMonth.objects.filter(run=judge()).count() == 1

    def test_alerts_of_members_that_go_are_withdrawn(self, db, cast):
        take_in(as_csv(HOUSEHOLD, [CODE, VILLAGE, "张三"]), as_of=dt.date(2022, 6, 30))
        ledger((CODE, 100))
        row = take_in(
            as_csv(MEMBER, [CODE, f"{CODE}01", "张三", ZHANG, "户主", "19800501", "男", ""]),
            as_of=dt.date(2022, 6, 30),
        )
        judge_batches()
        assert ("INC01", "dispatched") in alerts()
        undo(row, cast.staff)
        assert alerts() == {("INC01", "withdrawn")}


@pytest.mark.parametrize(("others", "status"), [(2, "withdrawn"), (3, "dispatched")])
def test_a_cluster_goes_when_too_few_of_its_households_are_left(county, cast, others, status):
    """Three households of one village are a cluster when they are a hundredth of it."""
    for index in range(others):
        household = factories.household(members=1, code=f"{VILLAGE}0001{index:02}")
        factories.income(household=household, amount=100)
    row = ledger((CODE, 100), (CODE_2, 100))
    judge_batches()
    cluster = Alert.objects.get(area=VILLAGE, kind="CLU01.INC01")

    done = undo(row, cast.staff)

    cluster.refresh_from_db()
    assert cluster.status == status
    assert done.withdrawn_count == 2 + (status == "withdrawn")


def test_where_somebody_has_acted_on_a_cluster_its_households_keep_their_rows(county, cast):
    factories.income(household=factories.household(members=1, code=f"{VILLAGE}000100"), amount=100)
    row = ledger((CODE, 100), (CODE_2, 100))
    judge_batches()
    acknowledge(Alert.objects.get(area=VILLAGE), cast.specialist)

    done = undo(row, cast.staff)

    assert {kept.household.code for kept in done.kept} >= {CODE, CODE_2}
    assert Alert.objects.filter(status="withdrawn").count() == 0
    assert IncomeLine.objects.current().count() == 3


class TestPreview:
    def test_it_says_what_undo_would_do_and_writes_nothing(self, county, cast):
        row = ledger((CODE, 100), (CODE_2, 150))
        judge_batches()
        acknowledge(Alert.objects.get(household__code=CODE), cast.specialist)
        before = (EvidenceBatch.objects.count(), Event.objects.count(), JudgmentRun.objects.count())

        seen = preview_undo(import_id=row.pk, by=cast.staff)

        assert (seen.rows, seen.withdrawn_count, seen.rows_left) == ({"incomeline": 1}, 1, 1)
        assert [kept.household.code for kept in seen.kept] == [CODE]
        assert (EvidenceBatch.objects.count(), Event.objects.count(), JudgmentRun.objects.count()) == before
        assert alerts(CODE_2) == {("INC01", "dispatched")}
        row.refresh_from_db()
        assert row.state == "committed"


def test_a_second_undo_is_refused_and_changes_nothing(county, cast):
    row = ledger((CODE, 100))
    judge_batches()
    undo(row, cast.staff)
    events = Event.objects.count()
    with pytest.raises(NotReady):
        undo(row, cast.staff)
    assert Event.objects.count() == events


@pytest.mark.django_db(transaction=True)
def test_of_two_undos_at_once_one_is_refused(county, cast):
    row = ledger((CODE, 100))
    judge_batches()
    start, answers = threading.Barrier(2), []

    def press() -> None:
        try:
            start.wait(timeout=10)
            answers.append(undo(row, cast.staff).withdrawn_count)
        except NotReady:
            answers.append("refused")
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _index in range(2)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join(timeout=60)

    assert sorted(answers, key=str) == [1, "refused"]
    assert EvidenceBatch.objects.filter(kind="retraction").count() == 1
    assert Event.objects.filter(kind="alert_withdrawn").count() == 1
