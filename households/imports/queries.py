"""Reading imports: counts from the database, rows by outcome, an earlier import of the same file."""

from django.db.models import Count, Q

from households.imports.models import Import, ImportState, Outcome


def counts_of(row: Import) -> dict[str, int]:
    """Rows by outcome, and how many of those that go in are doubtful. With ``skipped`` they make up the file."""
    found = row.rows.values_list("outcome").annotate(Count("pk"))
    counts = {outcome.value: 0 for outcome in Outcome} | {outcome: count for outcome, count in found if outcome}
    doubtful = row.rows.filter(~Q(doubts=[]), outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.SAME]).count()
    return counts | {"doubtful": doubtful, "skipped": row.skipped_rows}


def earlier_import(row: Import) -> Import | None:
    """The committed import of exactly the same file, if there was one."""
    return (
        Import.objects.filter(sha256=row.sha256, form=row.form, state=ImportState.COMMITTED, county=row.county)
        .exclude(pk=row.pk)
        .filter(pk__lt=row.pk)
        .order_by("pk")
        .first()
    )
