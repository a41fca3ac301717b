"""What the home page of a department's officer shows: the newest file and whom this month confirmed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.travel.periods import Period
from households.models import Import, User
from monitoring.feedback.confirmed import confirmed_households
from monitoring.feedback.fates import Fate, count_fates
from monitoring.feedback.filtersets import answered_files

# Shown although nothing has this fate; the others only when something has.
ALWAYS = (Fate.REFUSED, Fate.WAITING, Fate.UNDER_WAY, Fate.CONFIRMED)
TONES = {Fate.CONFIRMED: "red", Fate.REFUSED: "yellow", Fate.WAITING: "yellow"}


@dataclass(frozen=True)
class Tile:
    """One tile of components/kpi.html: a number and exactly its list."""

    label: str
    value: int
    url: str
    tone: str = ""


@dataclass(frozen=True)
class Answer:
    """``row`` is None, and ``tiles`` are empty, before the first file is in the register."""

    row: Import | None
    tiles: list[Tile]
    confirmed: Tile


def newest_answer(who: User) -> Answer:
    """Of an officer's own department. Five queries."""
    row = answered_files(who).select_related("batch").order_by("-pk").first()
    return Answer(row, _tiles(row) if row else [], _confirmed(who))


def _tiles(row: Import) -> list[Tile]:
    url, counts = reverse("feedback:file", args=[row.pk]), count_fates(row)
    shown = [fate for fate in Fate if counts[fate] or fate in ALWAYS]
    tiles = [
        Tile(str(fate.label), counts[fate], f"{url}?fate={fate}", TONES.get(fate, "") if counts[fate] else "")
        for fate in shown
    ]
    return [Tile(_("Rows of the file"), sum(counts.values()), url), *tiles]


def _confirmed(who: User) -> Tile:
    month = Period.of_month(timezone.localdate())
    count = confirmed_households(who=who, department=who.department, period=month).count()
    return Tile(
        _("Confirmed households this month"), count, f"{reverse('feedback:confirmed')}?{urlencode(month.query)}"
    )
