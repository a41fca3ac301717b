"""The sheet with user names and first passwords, made once and kept nowhere."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from households.staff.models import Posting
from households.staff.services import FirstPassword


def _text_cells(sheet, values: Iterable[str], *, bold: bool = False) -> list[WriteOnlyCell]:
    """Cells that a spreadsheet keeps as they are: no formula, no number, no date."""
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        cell.number_format = "@"
        cell.font = Font(bold=bold)
        cells.append(cell)
    return cells


def first_passwords_sheet(passwords: list[FirstPassword]) -> bytes:
    """One row a person: name, user name, first password, role, where."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("First passwords"))
    for column, width in zip("ABCDE", (12, 22, 24, 16, 48), strict=True):
        sheet.column_dimensions[column].width = width
    headings = (_("Name"), _("User name"), _("First password"), _("Role"), _("Place"))
    sheet.append(_text_cells(sheet, headings, bold=True))
    postings: dict[int, list[Posting]] = {}
    ids = [made.user.pk for made in passwords]
    for posting in Posting.objects.filter(user_id__in=ids).select_related("area__parent"):
        postings.setdefault(posting.user_id, []).append(posting)
    for made in passwords:
        own = postings.get(made.user.pk, [])
        places = [f"{posting.area.parent.name} {posting.area.name}" for posting in own if posting.area.parent]
        role = own[0].get_role_display() if own else ""
        sheet.append(
            _text_cells(sheet, (made.user.name, made.user.username, made.password, role, "、".join(places)))
        )
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()
