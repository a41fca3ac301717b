"""The households of a campaign as XLSX: what the page lists, in its order; text cells, nothing is a formula."""

import tempfile
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from households.registry.models import Household
from households.sheets import write_text_sheet
from households.visits.campaign_listing import Listed, iterate_listed
from households.visits.models import Campaign

# More is not cut off in silence: the page says so and asks for a filter.
HIGHEST = 100_000
WIDTHS = (14, 14, 14, 22, 14, 8, 26, 14, 30)


def write_campaign_sheet(
    campaign: Campaign, households: QuerySet[Household], places: dict[str, str]
) -> tuple[IO[bytes], int]:
    """The file, closed and so deleted by whoever sends it, and how many rows it has.

    The columns are those of the page, with an empty one for what is written by hand; no phone, no identity number.
    """
    headings = (
        _("Township"),
        _("Village"),
        _("Hamlet"),
        _("Household number"),
        _("Head of household"),
        _("Members"),
        _("Monitored as"),
        _("Visited on"),
        _("Remark"),
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115
    count = write_text_sheet(
        file,
        title=_("Campaign"),
        head=[(_about(campaign),), headings],
        widths=WIDTHS,
        rows=(_row(listed) for listed in iterate_listed(campaign, households, places)),
    )
    file.seek(0)
    return file, count


def _about(campaign: Campaign) -> str:
    return f"{campaign.name} {campaign.starts_on:%Y-%m-%d} – {campaign.ends_on:%Y-%m-%d}"


def _row(listed: Listed) -> tuple[str, ...]:
    household, fact = listed.row.household, listed.row.fact
    return (
        listed.row.township,
        listed.row.village,
        household.hamlet,
        household.code or "",
        household.head_name,
        str(listed.row.members),
        str(fact.get_category_display()) if fact and fact.category else "",
        listed.done_on.isoformat() if listed.done_on else "",
        "",
    )
