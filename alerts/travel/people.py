"""Who is posted where today: to whom an alert can go. Nobody who has left is among them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.transitions import COUNTY, TOWNSHIP, VILLAGE
from alerts.travel.models import Alert
from households.staff.models import Posting, Role

# Who handles alerts at each level.
ROLES = {
    Role.VILLAGE_SPECIALIST: VILLAGE,
    Role.TOWNSHIP_STAFF: TOWNSHIP,
    Role.COUNTY_STAFF: COUNTY,
    Role.COUNTY_ADMIN: COUNTY,
}


@dataclass(frozen=True)
class People:
    """Area code → ids of the users who handle alerts there today."""

    at: dict[str, list[int]] = field(default_factory=dict)

    def posted(self, area: str | None) -> list[int]:
        return self.at.get(area or "", [])

    def only_one(self, area: str | None) -> int | None:
        """The specialist, where there is exactly one; two share a list until one of them takes it."""
        posted = self.posted(area)
        return posted[0] if len(posted) == 1 else None


def people_at(areas: Iterable[str | None]) -> People:
    """One query for any number of villages, townships and counties."""
    codes = sorted({area for area in areas if area})
    rows = (
        Posting.objects.current()
        .filter(area_id__in=codes, role__in=list(ROLES), user__is_active=True)
        .order_by("user_id")
        .values_list("area_id", "user_id")
    )
    at: dict[str, list[int]] = {}
    for area, user in rows:
        at.setdefault(area, []).append(user)
    return People(at)


def people_below(alerts: Iterable[Alert]) -> People:
    """Who is posted below those who hold the alerts. No query where all lie with villages."""
    return people_at(place for alert in alerts for place in _places_below(alert))


def is_alone(alert: Alert, people: People) -> bool:
    """Whether the county or township that holds it can send it to nobody and has to look into it itself."""
    below = _places_below(alert)
    return bool(below) and not any(people.posted(place) for place in below)


def _places_below(alert: Alert) -> tuple[str | None, ...]:
    below = {COUNTY: (alert.township, alert.working_village), TOWNSHIP: (alert.working_village,)}
    return below.get(alert.holder, ())
