"""The lists of departments that a month needs: without one, what it would say is unknown."""

from datetime import date

from households.evidence.services import lists_received

DEPARTMENT_LISTS = (
    "medical",
    "education",
    "disability",
    "housing",
    "water",
    "traffic",
    "emergency",
    "civil",
    "employment",
)


def missing_lists(month: date, cutoff: int) -> list[str]:
    """Lists of a month that were not received up to a cut-off."""
    return [source for source in DEPARTMENT_LISTS if not lists_received(source, month, month, cutoff)]
