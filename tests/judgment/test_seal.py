"""Sealing: one run is the judgment of its month for good, and the database holds that."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from alerts.models import Alert
from households.models import AuditEntry, Event
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunShard
from monitoring.judgment.running import open_run
from monitoring.judgment.sealing import NotSealable, is_overdue, seal_run
from monitoring.judgment.window import add_months
from monitoring.walls import FROZEN_FINDING
from tests import factories
from tests.judgment.conftest import JUNE

pytestmark = pytest.mark.django_db
TOWNSHIP = "420527103"


@pytest.fixture
def run(judge, few_townships):
    few_townships(TOWNSHIP)
    household = factories.household(members=2, lifted=True)
    for back in range(12):
        factories.income(household=household, amount=300, month=add_months(JUNE, -back))
    return judge()


@pytest.fixture
def sealed(run, cast):
    return seal_run(run=run, by=cast.admin)


def test_who_sealed_it_and_when_is_kept_and_told(sealed, cast):
    sealed.refresh_from_db()
    assert sealed.sealed_by == cast.admin
    assert sealed.sealed_at is not None
    entry = AuditEntry.objects.get(action="run_sealed")
    assert (entry.actor, entry.detail["digest"], entry.detail["month"]) == (cast.admin, sealed.digest, "2022-06")
    event = Event.objects.get(kind="run_sealed")
    assert (event.subject, event.subject_id, event.county) == ("run", sealed.pk, "420527")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda judge: judge(), "month_sealed"),
        (lambda judge: open_run(month=JUNE), "not_finished"),
        (lambda judge: JudgmentRun.objects.get(sealed_at__isnull=False), "sealed"),
    ],
    ids=["another revision", "one that runs", "the same again"],
)
def test_a_month_is_sealed_once(sealed, judge, cast, make, reason):
    other = make(judge)
    with pytest.raises(NotSealable, match=reason):
        seal_run(run=other, by=cast.admin)
    assert JudgmentRun.objects.filter(sealed_at__isnull=False).get() == sealed


def test_an_immediate_run_is_not_sealed(run):
    JudgmentRun.objects.filter(pk=run.pk).update(kind="immediate", revision=0)
    with pytest.raises(NotSealable, match="immediate"):
        seal_run(run=run, by=None)


def test_a_sealed_month_judged_again_is_a_revision_beside_it(sealed, judge):
    before = list(sealed.findings.values_list("pk", "values"))
    again = judge()
    sealed.refresh_from_db()
    assert (again.revision, sealed.revision) == (2, 1)
    assert list(sealed.findings.values_list("pk", "values")) == before


def test_later_months_look_back_on_what_is_sealed(sealed, judge):
    assert judge(add_months(JUNE, 1)).sealed_before == [sealed.pk]
    assert judge(add_months(JUNE, 2)).sealed_before == [sealed.pk]
    assert judge(add_months(JUNE, 3)).sealed_before == []


def test_the_command_seals_the_newest_of_a_month_and_says_when_it_cannot(run, judge, capsys):
    newest = judge()
    call_command("judge_month", "--seal", "2022-06")
    assert newest.digest in capsys.readouterr().out
    newest.refresh_from_db()
    assert newest.sealed_at
    for name, words in (("2022-06", "sealed already"), (str(run.pk), "for good"), ("2022-05", "No such run")):
        with pytest.raises(CommandError, match=words):
            call_command("judge_month", "--seal", name)
    assert JudgmentRun.objects.count() == 2


def test_a_month_is_overdue_some_weeks_after_its_end(freeze):
    freeze("2022-07-20")
    assert not is_overdue(JUNE)
    freeze("2022-07-21")
    assert is_overdue(JUNE)


@pytest.fixture
def freeze(monkeypatch):
    def _freeze(day):
        monkeypatch.setattr("monitoring.judgment.sealing.timezone.localdate", lambda: dt.date.fromisoformat(day))

    return _freeze


# The wall ----------------------------------------------------------------------------------------

CHANGES = [
    (JudgmentRun, {"digest": "0" * 64}),
    (JudgmentRun, {"sealed_at": None}),
    (JudgmentRun, {"cutoff": 0}),
    (RunShard, {"findings": 0}),
    (HouseholdMonth, {"net": 1}),
    *((Finding, {column: None}) for column in ("level", "values", "threshold", "sentence_zh", "household_id")),
]


def _rows(model, run):
    return model.objects.filter(pk=run.pk) if model is JudgmentRun else model.objects.filter(run=run)


@pytest.mark.parametrize(("model", "change"), CHANGES, ids=str)
def test_what_is_sealed_is_never_changed_by_whatever_statement(sealed, model, change):
    assert _rows(model, sealed).exists()
    with pytest.raises(DatabaseError, match="a sealed month never changes"), transaction.atomic():
        _rows(model, sealed).update(**change)


@pytest.mark.parametrize("model", [JudgmentRun, RunShard, HouseholdMonth, Finding])
def test_what_is_sealed_is_never_deleted(sealed, model):
    table, column = model._meta.db_table, "id" if model is JudgmentRun else "run_id"
    with (
        pytest.raises(DatabaseError, match="a sealed month never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", (sealed.pk,))


@pytest.mark.parametrize("model", [HouseholdMonth, Finding])
def test_nothing_is_added_to_what_is_sealed(sealed, model):
    row = model.objects.filter(run=sealed).first()
    row.pk, row.household = None, factories.household()
    with pytest.raises(DatabaseError, match="a sealed month never changes"), transaction.atomic():
        row.save(force_insert=True)


def test_nothing_moves_into_a_sealed_run(sealed, judge):
    other = judge()
    with pytest.raises(DatabaseError, match="a sealed month never changes"), transaction.atomic():
        Finding.objects.filter(run=other).update(run=sealed, rule="MED01")


def test_a_finding_of_a_sealed_run_may_still_be_linked_with_an_alert(sealed):
    alert = Alert.objects.first()
    assert Finding.objects.filter(run=sealed).update(alert=None) > 0
    assert Finding.objects.filter(run=sealed).update(alert=alert) > 0


def test_every_other_column_of_a_finding_is_frozen():
    columns = {field.column for field in Finding._meta.concrete_fields}
    assert {name.strip(' "') for name in FROZEN_FINDING.split(",")} == columns - {"alert_id"}


def test_an_unsealed_run_is_not_held(run):
    assert run.findings.update(level="blue") > 0
    Finding.objects.filter(run=run).delete()
