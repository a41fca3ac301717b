"""Opening, working and closing a run: two at once are one, and nothing is judged before its month is over."""

import datetime as dt
import threading
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from alerts.models import Alert
from households.models import Area, AuditEntry, EvidenceBatch, HouseholdMove, Level
from monitoring.judgment.models import Finding, JudgmentRun, RunShard
from monitoring.judgment.running import MonthNotOver, last_month, open_run, work_run
from monitoring.rules import RULES
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

JUNE = dt.date(2022, 6, 1)
HERE = VILLAGES[0][:9]


def at_once(count, work):
    """Runs ``work`` in several threads that start together, each on a connection of its own."""
    barrier, results = threading.Barrier(count), []

    def _one():
        barrier.wait()
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=_one) for _index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_runs_opened_at_once_are_one():
    runs = at_once(4, lambda: open_run(month=JUNE).pk)

    assert len(set(runs)) == 1
    assert JudgmentRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_townships_and_judge_each_once():
    for township in Area.objects.filter(level=Level.TOWNSHIP):
        village = Area.objects.filter(level=Level.VILLAGE, township=township.pk).first()
        household = factories.household(village=village.pk, members=1)
    factories.income(household=household, amount="500")
    run = open_run(month=JUNE)

    judged = at_once(2, lambda: work_run(run.pk))

    run.refresh_from_db()
    assert sum(judged) == RunShard.objects.filter(run=run).count() == 12
    assert run.digest
    assert Finding.objects.filter(run=run).count() == 1


@pytest.mark.django_db
def test_a_township_is_judged_where_somebody_lives_or_lived_or_an_alert_is_open():
    here = factories.household()
    HouseholdMove.objects.create(
        household=here, since=JUNE, village_before=ELSEWHERE, village=here.village, batch=factories.batch()
    )
    village = Area.objects.filter(level=Level.VILLAGE).exclude(township__in=[HERE, ELSEWHERE[:9]]).first()
    alert = factories.alert(household=here)
    Alert.objects.filter(pk=alert.pk).update(
        household=None, area=village, township=village.township, village=village.pk
    )

    run = open_run(month=JUNE)

    assert set(run.shards.values_list("area", flat=True)) == {HERE, ELSEWHERE[:9], village.township}


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_commits_after_the_run_opened_belongs_whole_to_the_next_run():
    household = factories.household(members=1)
    started, opened = threading.Event(), threading.Event()

    def _late_writer():
        with transaction.atomic():
            factories.income(household=household, amount="500")
            started.set()
            opened.wait(10)
        connection.close()

    writer = threading.Thread(target=_late_writer)
    writer.start()
    started.wait(10)
    first = open_run(month=JUNE)
    opened.set()
    writer.join()
    work_run(first.pk)
    second = open_run(month=JUNE)
    work_run(second.pk)

    assert not Finding.objects.filter(run=first).exists()
    assert Finding.objects.filter(run=second).count() == 1
    assert not EvidenceBatch.objects.filter(position__isnull=True).exists()


@pytest.mark.django_db
def test_the_same_evidence_gives_the_same_digest_and_other_evidence_another(judge):
    household = factories.household(members=1)
    factories.income(household=household, amount="500")
    first, second = judge(), judge()
    factories.income(household=household, amount="1")

    third = judge()

    assert first.digest == second.digest != third.digest


@pytest.mark.django_db
def test_a_run_keeps_the_thresholds_and_rule_versions_it_used(judge):
    run = judge()

    assert run.thresholds["income_line"]["value"] == "6900.0000"
    assert run.thresholds["income_line"]["standing"] == "inferred"
    assert run.rules == {rule.code: rule.version for rule in RULES}
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "run_opened",
        "run_finished",
    ]


@pytest.mark.django_db
def test_a_month_that_is_not_over_is_refused():
    with pytest.raises(MonthNotOver):
        open_run(month=last_month().replace(year=last_month().year + 1))


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (dt.datetime(2022, 6, 30, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai")), dt.date(2022, 5, 1)),
        (dt.datetime(2022, 7, 1, 0, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai")), dt.date(2022, 6, 1)),
    ],
)
def test_months_end_at_midnight_in_shanghai(monkeypatch, moment, month):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    assert last_month() == month


@pytest.mark.django_db
def test_the_command_judges_without_any_worker_and_says_what_it_did():
    household = factories.household(members=1)
    factories.income(household=household, amount="500")
    out = StringIO()

    call_command("judge_month", "2022-06", stdout=out)

    said = out.getvalue()
    assert "屈原镇 户 1 发现 1 新增预警 1" in said
    assert JudgmentRun.objects.get().digest in said
    assert "2022-06 未收到部门清单" in said


@pytest.mark.django_db
@pytest.mark.parametrize("month", ["2022-13", "June", "2999-01"])
def test_the_command_refuses_a_month_it_cannot_judge(month):
    with pytest.raises(CommandError):
        call_command("judge_month", month)
    assert not JudgmentRun.objects.exists()
