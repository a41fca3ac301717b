"""The visit list of a village as XLSX: exactly what the page lists. Numbers are text, and nothing is a formula."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from alerts.areawide.models import AreaEvent
from alerts.areawide.progress import Visitable
from households.models import Area

WIDTHS = (6, 22, 14, 8, 26, 14, 30)


def visit_sheet(event: AreaEvent, village: Area, visits: list[Visitable]) -> bytes:
    """One row a household, with an empty column for what is written by hand."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Visit list"))
    for column, width in zip("ABCDEFG", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.append(_cells(sheet, (f"{event.name} {village.short_name}",), bold=True))
    headings = (
        _("No."),
        _("Household number"),
        _("Head of household"),
        _("Members"),
        _("Monitored as"),
        _("Visited on"),
        _("Remark"),
    )
    sheet.append(_cells(sheet, headings, bold=True))
    for number, visit in enumerate(visits, 1):
        row = visit.row
        values = (
            str(number),
            row.household.code or "",
            row.household.head_name,
            str(row.members),
            row.fact.get_category_display() if row.fact and row.fact.category else "",
            visit.visited_on.isoformat() if visit.visited_on else "",
            "",
        )
        sheet.append(_cells(sheet, values))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _cells(sheet: WriteOnlyWorksheet, values: Iterable[str], *, bold: bool = False) -> list[WriteOnlyCell]:
    """Cells that a spreadsheet keeps as they are: no formula, no number, no date."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.font = Font(bold=bold)
        cells.append(cell)
    return cells
