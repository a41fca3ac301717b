"""Areas that somebody may choose from: those of the own scope, and nothing that lies elsewhere."""

from django.db.models import Q
from django.utils.functional import cached_property

from households.areas.models import Area, Level
from households.areas.scope import Scope

Choice = tuple[str, str]
FROM_COUNTY_DOWN = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


class ScopeAreas:
    """The areas of a scope from the county down, read once when first needed."""

    def __init__(self, scope: Scope | None):
        self.scope = scope

    def __deepcopy__(self, memo: object) -> "ScopeAreas":
        """Forms copy their fields with what fills them; a copy would read the areas a second time."""
        return self

    @cached_property
    def areas(self) -> list[Area]:
        """In order of code. What lies around is there too: the township names a group, both hold alerts."""
        if self.scope is None:
            return []
        around = {code[:digits] for code in self.scope.codes for digits in (6, 9)}
        inside = Q(**{f"{self.scope.level}__in": self.scope.codes})
        return list(
            Area.objects.filter(inside | Q(code__in=around), level__in=FROM_COUNTY_DOWN)
            .only("code", "name", "level", "township")
            .order_by("code")
        )

    @cached_property
    def names(self) -> dict[str, str]:
        return {area.code: area.name for area in self.areas}

    @cached_property
    def short_names(self) -> dict[str, str]:
        return {area.code: area.short_name for area in self.areas}

    def townships(self) -> list[Choice]:
        return [(area.code, area.short_name) for area in self.areas if area.level == Level.TOWNSHIP]

    def villages(self) -> list[Choice | tuple[str, list[Choice]]]:
        """In groups by township; without groups where there is one township."""
        groups: dict[str, list[Choice]] = {}
        for area in self.areas:
            if area.level == Level.VILLAGE:
                groups.setdefault(area.code[:9], []).append((area.code, area.short_name))
        if len(groups) <= 1:
            return [choice for group in groups.values() for choice in group]
        return [(self.short_names[township], group) for township, group in groups.items()]
