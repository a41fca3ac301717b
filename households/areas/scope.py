"""Row scope: which rows a person or an API client may see because of where they stand.

The rule lives on the queryset and fails closed: nobody posted anywhere sees nothing. Lists, detail pages,
feeds, exports and counts all start from ``visible_to``.
"""

from dataclasses import dataclass
from typing import Protocol

from django.db import models


@dataclass(frozen=True)
class Scope:
    """One level and the codes of that level: ``Scope("village", ("420527103204",))``."""

    level: str
    codes: tuple[str, ...]

    def covers(self, county: str | None, township: str | None, village: str | None) -> bool:
        """Whether a place lies inside."""
        return {"county": county, "township": township, "village": village}[self.level] in self.codes


class Placed(Protocol):
    """Whoever asks: a user or an API client."""

    @property
    def scope(self) -> Scope | None: ...


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, who: Placed) -> "ScopedQuerySet":
        """Rows in the scope of ``who``; none for somebody who stands nowhere.

        An equality, never a prefix range: a county with a million alerts answers a township in one index probe.
        """
        scope = getattr(who, "scope", None)
        if scope is None or not scope.codes:
            return self.none()
        if len(scope.codes) == 1:
            return self.filter(**{scope.level: scope.codes[0]})
        return self.filter(**{f"{scope.level}__in": scope.codes})
