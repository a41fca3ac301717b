"""Where a row of evidence came from: the file, its row, the day it came in."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from households.models import EvidenceBatch


@dataclass(frozen=True)
class Source:
    """``row`` is None for what was entered at a desk. ``corrected``: another row stands in its place by now."""

    file: str
    row: int | None
    received: date
    corrected: bool = False


def source_of(row) -> Source:
    """Of any row that carries a batch; one that is evidence also says whether it was replaced since."""
    batch: EvidenceBatch = row.batch
    return Source(
        file=batch.label or str(batch.get_kind_display()),
        row=row.row_number,
        received=timezone.localtime(batch.recorded_at).date(),
        corrected=getattr(row, "replaced_in_id", None) is not None,
    )
