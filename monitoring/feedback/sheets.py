"""The same answers as files: text cells, masked as on the page, written part by part."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alerts.models import Alert
from households.models import Household, Import, User
from households.sheets import write_text_sheet
from monitoring.feedback.confirmed import tell_confirmed
from monitoring.feedback.fates import iterate_fates
from monitoring.feedback.rows import ShownRow, show_rows

ROW_WIDTHS = (8, 12, 24, 20, 40, 16, 40, 28, 40, 24)
CONFIRMED_WIDTHS = (30, 14, 24, 10, 40, 14, 24)
PART_HOUSEHOLDS = 500


def write_rows_sheet(*, row: Import, fate: str, who: User) -> tuple[IO[bytes], int]:
    """A spreadsheet of the rows of a file with what became of each, and how many rows it has."""
    headings = (
        _("Row"),
        _("Name"),
        _("Identity number"),
        _("What became of it"),
        _("Reasons and doubts"),
        _("Level"),
        _("Alert"),
        _("Step"),
        _("Verification"),
        _("Outcome"),
    )
    parts = iterate_fates(row, fate=fate)
    between = _("; ")
    lines = (_row_cells(shown, between) for part in parts for shown in show_rows(part, row, who))
    return _written(_("Feedback"), headings, ROW_WIDTHS, lines)


def _row_cells(shown: ShownRow, between: str) -> tuple[str, ...]:
    """``between``: what stands between two alerts of one row, translated once and not once a cell."""
    alerts = shown.alerts
    columns = (
        [alert.level_label for alert in alerts],
        [alert.kind for alert in alerts],
        [alert.step for alert in alerts],
        [alert.verdict or "—" for alert in alerts],
        [alert.outcome or "—" for alert in alerts],
    )
    return (
        str(shown.number),
        shown.name,
        shown.identity or shown.code,
        shown.fate_label,
        shown.reasons,
        *(between.join(texts) for texts in columns),
    )


def write_confirmed_sheet(
    *, households: QuerySet[Household], alerts: QuerySet[Alert], places: dict[str, str]
) -> tuple[IO[bytes], int]:
    """A spreadsheet of confirmed households and how many there are: nothing but what ``Confirmed`` names."""
    headings = (
        _("Village"),
        _("Head of household"),
        _("Household number"),
        _("Members"),
        _("Risk types"),
        _("Confirmed on"),
        _("Outcome"),
    )
    parts = _in_parts(households.order_by("village", "pk"))
    lines = (row.cells for part in parts for row in tell_confirmed(part, alerts, places))
    return _written(_("Confirmed households"), headings, CONFIRMED_WIDTHS, lines)


def _in_parts(households: QuerySet[Household]) -> Iterator[list[Household]]:
    part: list[Household] = []
    for household in households.iterator(PART_HOUSEHOLDS):
        part.append(household)
        if len(part) == PART_HOUSEHOLDS:
            yield part
            part = []
    yield part


def _written(
    title: str, headings: Sequence[str], widths: Sequence[int], lines: Iterable[Sequence[str]]
) -> tuple[IO[bytes], int]:
    # Closed, and so deleted, by whoever sends it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    count = write_text_sheet(file, title=title, head=[headings], widths=widths, rows=lines)
    file.seek(0)
    return file, count
