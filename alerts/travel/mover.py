"""Who moves an alert, and what all alerts of one call share."""

import datetime as dt
from dataclasses import dataclass, field

from alerts.transitions import COUNTY, SYSTEM, VILLAGE, Move
from alerts.travel.given import Given, MoveRefused
from alerts.travel.models import Alert
from alerts.travel.people import People
from households.areas.models import Area
from households.areas.scope import Scope
from households.staff.models import User


@dataclass(frozen=True)
class Mover:
    """Who moves: a person, an API client standing for its area's level, or the system itself."""

    level: str
    scope: Scope | None
    user: User | None = None
    client_id: int | None = None

    @classmethod
    def of_user(cls, user: User) -> "Mover":
        scope = user.scope
        return cls(scope.level if scope else "", scope, user)

    @classmethod
    def of_system(cls, county: str) -> "Mover":
        return cls(SYSTEM, Scope(COUNTY, (county,)))

    def level_at(self, alert: Alert) -> str:
        """The level as which it moves this alert; none for a village that handed it over and only reads it."""
        is_elsewhere = self.level == VILLAGE and self.scope and alert.working_village not in self.scope.codes
        return "" if is_elsewhere else self.level


@dataclass
class Moving:
    """What all alerts of one call share: the move, what was given, the day's deadlines, who is posted where."""

    move: Move
    given: Given
    by: Mover
    now: dt.datetime
    today: dt.date
    due: dict[tuple[str, str], dt.date]
    people: People
    village: Area | None
    refused: dict[int, MoveRefused] = field(default_factory=dict)
