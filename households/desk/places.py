"""Where a household can live: a village of one's own area that exists on the day."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from households.areas.models import Area, Level
from households.desk.changes import NotPossible


@dataclass(frozen=True)
class Village:
    """Its code, and what it lies in."""

    code: str
    township: str
    county: str


def village_for(code: str, *, on: date, by) -> Village:
    """Raises ``NotPossible`` (field ``village``) for what is no village there."""
    area = Area.objects.filter(code=code, level=Level.VILLAGE).first()
    if area is None or area.county is None or area.township is None:
        raise NotPossible(_("Choose a village of your area."), "village")
    if by.scope is None or not by.scope.covers(area.county, area.township, area.village):
        raise NotPossible(_("Choose a village of your area."), "village")
    if area.valid_until is not None and area.valid_until < on:
        raise NotPossible(_("This village does not exist any more on this day."), "village")
    return Village(area.code, area.township, area.county)
