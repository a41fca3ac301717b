"""The visit list of a village as XLSX: exactly what the page lists. Numbers are text, and nothing is a formula."""

from io import BytesIO

from django.utils.translation import gettext as _

from alerts.areawide.models import AreaEvent
from alerts.areawide.progress import Visitable
from households.models import Area
from households.sheets import write_text_sheet

WIDTHS = (6, 22, 14, 8, 26, 14, 30)


def visit_sheet(event: AreaEvent, village: Area, visits: list[Visitable]) -> bytes:
    """One row a household, with an empty column for what is written by hand."""
    headings = (
        _("No."),
        _("Household number"),
        _("Head of household"),
        _("Members"),
        _("Monitored as"),
        _("Visited on"),
        _("Remark"),
    )
    file = BytesIO()
    write_text_sheet(
        file,
        title=_("Visit list"),
        head=[(f"{event.name} {village.short_name}",), headings],
        widths=WIDTHS,
        rows=(_row(number, visit) for number, visit in enumerate(visits, 1)),
    )
    return file.getvalue()


def _row(number: int, visit: Visitable) -> tuple[str, ...]:
    household, fact = visit.row.household, visit.row.fact
    return (
        str(number),
        household.code or "",
        household.head_name,
        str(visit.row.members),
        str(fact.get_category_display()) if fact and fact.category else "",
        visit.visited_on.isoformat() if visit.visited_on else "",
        "",
    )
