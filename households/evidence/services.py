"""Writing evidence: every row belongs to a batch, and batches are opened here."""

from datetime import date

from django.db.models import Q, QuerySet

from households.evidence.models import BatchKind, EvidenceBatch


def open_batch(
    *,
    kind: BatchKind,
    by,
    source: str = "",
    department: str = "",
    month: date | None = None,
    label: str = "",
    reason: str = "",
    origin: EvidenceBatch | None = None,
    retracts: EvidenceBatch | None = None,
) -> EvidenceBatch:
    """A new batch, in the transaction that writes its rows. It has no position until a run opens.

    ``month`` is the first day of the month that a department list speaks of; the batch then says that the list
    was received, also when none of its rows was new. ``origin``: the import in which matched rows waited.
    ``retracts``: what a retraction takes back.
    """
    return EvidenceBatch.objects.create(
        kind=kind,
        source=source,
        department=department,
        month=month,
        label=label[:200],
        reason=reason[:300],
        origin=origin,
        retracts=retracts,
        actor=by,
    )


def lists_received(source: str, start: date, end: date, cutoff: int | None = None) -> set[date]:
    """Months from ``start`` to ``end`` whose list of a form was received (up to a run's cut-off, if given).

    A list that was taken back was not received.
    """
    received = _received(cutoff).filter(source=source, month__range=(start, end))
    return {month for month in received.values_list("month", flat=True) if month is not None}


def sources_received(month: date, cutoff: int | None = None) -> set[str]:
    """Forms whose list of a month was received, as for ``lists_received``. One query for all departments."""
    return set(_received(cutoff).filter(month=month).values_list("source", flat=True))


def _received(cutoff: int | None) -> QuerySet[EvidenceBatch]:
    batches = EvidenceBatch.objects.filter(kind=BatchKind.IMPORT, month__isnull=False).order_by()
    taken_back = Q(retracted_in__isnull=False)
    if cutoff is not None:
        batches = batches.filter(position__lte=cutoff)
        taken_back &= Q(retracted_in__position__lte=cutoff)
    return batches.exclude(taken_back)
