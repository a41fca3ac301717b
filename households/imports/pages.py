"""What the pages of imports show: rows in words, with numbers masked, page by page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from households.imports.declaration import Column
from households.imports.models import Import, Outcome, StagedRow
from households.imports.problems import row_sentence
from households.imports.readers import READERS
from households.privacy.mask import mask_identity
from households.privacy.seal import unseal

PAGE_ROWS = 50
# Values that the payload holds for the machine only.
HIDDEN = {"identity_key", "phone_key", "doubts", "pinyin", "head_pinyin", "other", "number_born_on", "head_claim"}
NAMES = ("name", "head_name")


@dataclass(frozen=True)
class ShownRow:
    """One staged row as people read it. ``values``: title of the column → what the file said, parsed."""

    row: StagedRow
    name: str
    number: str
    values: list[tuple[str, str]]
    brief: list[tuple[str, str]]
    reasons: str
    doubts: str


@dataclass(frozen=True)
class RowPage:
    rows: list[ShownRow]
    before: int | None
    after: int | None


def show_row(row: StagedRow, form: str) -> ShownRow:
    """What the file itself said, and nothing that only the register knows."""
    number = mask_identity(unseal(row.identity_sealed)) if row.identity_sealed else ""
    name = next((row.payload[key] for key in NAMES if row.payload.get(key)), "")
    return ShownRow(
        row=row,
        name=name,
        number=number,
        values=list(_values(row, READERS[form].columns)),
        brief=list(_values(row, [column for column in READERS[form].columns if column.brief])),
        reasons=row_sentence(row.reasons),
        doubts=row_sentence(row.doubts),
    )


def _values(row: StagedRow, columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    for column in columns:
        value = row.payload.get(column.field)
        if column.field not in (*HIDDEN, *NAMES) and value not in (None, "", []):
            yield column.title, column.show(value)


def rows_of(row: Import, *, outcome: str) -> QuerySet[StagedRow]:
    """Rows of an import with one outcome; ``"doubtful"`` are those that went in with a doubt."""
    rows = row.rows.all()
    if outcome == "doubtful":
        return rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED, Outcome.SAME]).exclude(doubts=[])
    return rows.filter(outcome=outcome)


def read_rows(
    rows: QuerySet[StagedRow],
    form: str,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> RowPage:
    """One page by row number, from a row number on or up to one."""
    if before is not None:
        found = list(rows.filter(row_number__lt=before).order_by("-row_number")[: limit + 1])
        more_before, more_after = len(found) > limit, True
        found = found[:limit][::-1]
    else:
        rows = rows.filter(row_number__gt=after) if after is not None else rows
        found = list(rows.order_by("row_number")[: limit + 1])
        more_before, more_after = after is not None, len(found) > limit
        found = found[:limit]
    return RowPage(
        rows=[show_row(row, form) for row in found],
        before=found[0].row_number if found and more_before else None,
        after=found[-1].row_number if found and more_after else None,
    )


def open_counts(imports: list[Import]) -> Mapping[int, dict[str, int]]:
    """Refused and waiting rows of the imports of one page, in one query over a small part of the index."""
    rows = (
        StagedRow.objects.filter(import_file__in=imports, outcome__in=[Outcome.REFUSED, Outcome.WAITING])
        .filter(resolved_at__isnull=True)
        .values_list("import_file_id", "outcome")
        .annotate(Count("pk"))
        .order_by()
    )
    counts: dict[int, dict[str, int]] = {row.pk: {} for row in imports}
    for import_id, outcome, count in rows:
        counts[import_id][outcome] = count
    return counts
