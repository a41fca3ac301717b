"""What a replay says when something is not the same, and what it refuses to replay."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from monitoring.judgment.models import JudgmentRun
from monitoring.judgment.replaying import NotReplayable, replay_run
from monitoring.judgment.running import open_run
from monitoring.judgment.sealing import seal_run
from monitoring.rules import BY_CODE, RULES
from tests.judgment.conftest import JUNE
from tests.judgment.replayed import ELSEWHERE, HERE, five_and_one, replay_by_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_townships(few_townships):
    few_townships(HERE[:9], ELSEWHERE[:9])


@pytest.fixture
def county(db):
    return five_and_one()


@pytest.fixture
def judged(county, judge):
    run = judge()
    assert run.findings.filter(household__isnull=True).exists()
    return run


# What is told ------------------------------------------------------------------------------------


def _tamper(sql, *parameters):
    """What only somebody at the database can do: the walls are down."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, parameters)
        assert cursor.rowcount > 0
        cursor.execute("SET session_replication_role = origin")


def test_evidence_changed_by_hand_is_told_with_household_rule_and_figure(judged, county, capsys):
    _tamper("UPDATE households_incomeline SET amount = 560 WHERE household_id = %s", county[0].pk)

    code, said = replay_by_command(capsys, judged)

    assert code == 1
    told = [line for line in said.splitlines() if f"{county[0].code} INC01" in line]
    assert any("3,000.00" in line and "3,360.00" in line for line in told)
    why = [line for line in said.splitlines() if line.startswith("  ")]
    assert any("6,000.00" in line and "6,720.00" in line for line in why)
    assert judged.digest in said


def test_a_finding_that_is_gone_is_told(judged, county, capsys):
    _tamper("UPDATE households_incomeline SET amount = 9000 WHERE household_id = %s", county[3].pk)

    replay = replay_run(run=judged, by=None)

    assert (replay.first.name, replay.first.rule) == (county[3].code, "INC01")
    assert [(change.field, change.now) for change in replay.first.changes] == [("finding", None)]
    assert {"net", "wage"} <= {change.field for change in replay.indicators}
    assert replay_by_command(capsys, judged)[0] == 1


def test_a_finding_changed_by_hand_is_told_although_the_evidence_gives_the_same_digest(judged, capsys):
    _tamper("UPDATE monitoring_finding SET level = 'blue' WHERE run_id = %s AND rule = 'MED09'", judged.pk)

    replay = replay_run(run=judged, by=None)

    assert replay.digest == judged.digest
    assert not replay.is_same
    assert replay.first.rule == "MED09"
    assert replay_by_command(capsys, judged)[0] == 1


def test_a_digest_changed_by_hand_is_told(judged, capsys):
    _tamper("UPDATE monitoring_judgmentrun SET digest = %s WHERE id = %s", "0" * 64, judged.pk)
    judged.refresh_from_db()

    code, said = replay_by_command(capsys, judged)

    assert code == 1
    assert len(said.splitlines()) >= 4


def test_a_cluster_that_differs_is_told_with_its_village(judged, county):
    _tamper("UPDATE monitoring_finding SET level = 'blue' WHERE run_id = %s AND household_id IS NULL", judged.pk)

    first = replay_run(run=judged, by=None).first

    assert (first.name, first.household_id) == (f"@{HERE}", None)
    assert first.rule.startswith("CLU01.")


def test_another_version_of_a_rule_is_said(judged, monkeypatch, capsys):
    newer = replace(BY_CODE["INC01"], version=BY_CODE["INC01"].version + 1, level="blue")
    _use_rules(monkeypatch, [newer if rule.code == "INC01" else rule for rule in RULES])

    code, said = replay_by_command(capsys, judged)

    assert code == 1
    assert f"INC01 {newer.name_en}" in said
    changes = replay_run(run=judged, by=None).rule_changes
    assert [(change.code, change.then, change.now) for change in changes] == [("INC01", 1, 2)]


def test_a_rule_that_is_no_more_is_said_and_is_no_error(judged, monkeypatch):
    _use_rules(monkeypatch, [rule for rule in RULES if rule.code != "MED09"])

    replay = replay_run(run=judged, by=None)

    assert [(change.code, change.now) for change in replay.rule_changes] == [("MED09", None)]
    assert replay.first is not None


def test_a_rule_that_now_needs_what_the_run_did_not_copy_is_said_and_is_no_error(judged, monkeypatch):
    newer = replace(BY_CODE["INC01"], version=2, thresholds=("income_line", "never_heard_of"))
    _use_rules(monkeypatch, [newer if rule.code == "INC01" else rule for rule in RULES])

    changes = replay_run(run=judged, by=None).rule_changes

    assert [(change.code, change.now) for change in changes] == [("INC01", None)]


def _use_rules(monkeypatch, rules):
    monkeypatch.setattr("monitoring.judgment.finding.RULES", tuple(rules))
    by_code = {rule.code: rule for rule in rules}
    for module in ("replaying", "telling"):
        monkeypatch.setattr(f"monitoring.judgment.{module}.BY_CODE", by_code)


# What can be replayed ----------------------------------------------------------------------------


def test_a_month_means_its_sealed_run_else_its_newest(judged, judge, capsys):
    newest = judge()
    call_command("judge_month", "--replay", "2022-06")
    assert "第2次" in capsys.readouterr().out
    seal_run(run=judged, by=None)
    call_command("judge_month", "2022-06", "--replay")
    said = capsys.readouterr().out
    assert "第1次" in said
    assert newest.digest in said


def test_an_immediate_run_is_politely_refused(judged):
    JudgmentRun.objects.filter(pk=judged.pk).update(kind="immediate", revision=0)
    judged.refresh_from_db()
    with pytest.raises(NotReplayable, match="immediate"):
        replay_run(run=judged, by=None)
    with pytest.raises(CommandError, match="Only monthly runs") as refused:
        call_command("judge_month", "--replay", str(judged.pk))
    assert refused.value.returncode == 2


def test_a_run_that_has_not_finished_is_not_replayed(db):
    run = open_run(month=JUNE)
    with pytest.raises(CommandError, match="not finished yet"):
        call_command("judge_month", "--replay", str(run.pk))
    with pytest.raises(CommandError, match="none that is finished"):
        call_command("judge_month", "--replay", "2022-06")


@pytest.mark.parametrize("name", ["June", "2022-13", "", "2022"])
def test_what_is_neither_run_nor_month_is_said(db, name):
    with pytest.raises(CommandError):
        call_command("judge_month", "--replay", name)


def test_two_replays_beside_an_open_run_of_the_month(judged):
    open_run(month=JUNE)
    assert replay_run(run=judged, by=None).is_same
    assert replay_run(run=judged, by=None).is_same
