"""A commit is one transaction and one batch, however often it is asked for; counts add up to the file."""

import pytest
from django.utils import timezone

from households.imports.committing import commit_import
from households.imports.locking import NotReady
from households.imports.queries import counts_of, earlier_import
from households.imports.services import discard_import
from households.imports.staging import stage_import
from households.models import AuditEntry, Event, EvidenceBatch, Import, ImportState, IncomeLine, Outcome
from tests.imports.conftest import CODE, CODE_2, INCOME, as_csv, outcomes, preview, take_in

pytestmark = pytest.mark.django_db
LINES = [
    [CODE, "202206", "工资性收入", "务工", "100"],
    [CODE, "202206", "工资性收入", "务工", "100.00"],
    ["420527103204009999", "202206", "工资性收入", "务工", "100"],
    [CODE_2, "202206", "工资性收入", "务工", "不详"],
    ["", "", "", "", ""],
    ["合计", "", "", "", "300"],
]


def test_the_counts_add_up_to_the_rows_of_the_file(county):
    counts = counts_of(take_in(as_csv(INCOME, *LINES, title="台账")))
    assert counts == {
        "new": 1,
        "changed": 0,
        "same": 0,
        "repeated": 1,
        "waiting": 1,
        "refused": 1,
        "doubtful": 0,
        "skipped": 4,
    }
    assert sum(counts[outcome] for outcome in Outcome.values) + counts["skipped"] == len(LINES) + 2


def test_committing_twice_is_one(county):
    row = preview(as_csv(INCOME, *LINES))
    batches = EvidenceBatch.objects.count()
    commit_import(row.pk, by=None)
    commit_import(row.pk, by=None)
    assert IncomeLine.objects.count() == 1
    assert EvidenceBatch.objects.count() == batches + 1


def test_a_commit_is_one_batch_an_event_and_an_audit_entry(county, cast):
    row = take_in(as_csv(INCOME, *LINES), by=cast.staff)
    line = IncomeLine.objects.get()
    assert line.batch == row.batch
    assert (row.batch.kind, row.batch.source, row.batch.actor) == ("import", "income", cast.staff)
    event = Event.objects.get(kind="import_committed", subject_id=row.pk)
    assert (event.county, event.township, event.village) == ("420527", None, None)
    entry = AuditEntry.objects.get(action="import_committed", subject_id=str(row.pk))
    assert entry.detail["new"] == 1


def test_the_preview_cannot_go_stale(county):
    first, second = preview(as_csv(INCOME, LINES[0])), preview(as_csv(INCOME, LINES[0]))
    assert outcomes(second) == {2: "new"}
    commit_import(first.pk, by=None)
    commit_import(second.pk, by=None)
    assert outcomes(second) == {2: "same"}
    assert IncomeLine.objects.count() == 1


def test_the_same_file_is_said_to_be_the_same(county):
    first = take_in(as_csv(INCOME, *LINES))
    second = preview(as_csv(INCOME, *LINES), "另一个名字.csv")
    assert earlier_import(second) == first
    assert earlier_import(first) is None


def test_a_discarded_file_leaves_nothing_and_cannot_be_committed(county):
    row = preview(as_csv(INCOME, *LINES))
    discard_import(row.pk, by=None)
    row.refresh_from_db()
    assert row.state == ImportState.DISCARDED
    assert not row.rows.exists()
    assert not hasattr(row, "content")
    with pytest.raises(NotReady):
        commit_import(row.pk, by=None)


def test_a_committed_file_cannot_be_discarded(county):
    row = take_in(as_csv(INCOME, *LINES))
    with pytest.raises(NotReady):
        discard_import(row.pk, by=None)


def test_reading_again_changes_nothing(county):
    row = preview(as_csv(INCOME, *LINES))
    before = outcomes(row)
    assert stage_import(row.pk) is None
    Import.objects.filter(pk=row.pk).update(state=ImportState.READING, changed_at=timezone.now())
    row.rows.all().delete()
    assert stage_import(row.pk) == ImportState.STAGED
    assert outcomes(row) == before
