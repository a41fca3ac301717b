"""Townships and villages of an account list: by code, or by the names that people use."""

import re
from collections import defaultdict

from django.conf import settings
from django.utils.translation import gettext as _

from households.areas.models import Area, Level
from households.staff.account_list import Line, LineRefused
from households.staff.models import LEVEL_OF_ROLE, Role

SEPARATORS = re.compile(r"[、,;\n/]+|\s{1,}")
# 长江村村民委员会, 长江村民委员会, 长江村委会 and 长江村 are one village, 滨湖社区居委会 and 滨湖社区 another.
OFFICE = re.compile(r"(村)?(村民委员会|村委会|居民委员会|居委会)$")
ENDING = re.compile(r"(村|社区)$")


def short_name(name: str) -> str:
    """``长江村民委员会`` → ``长江``; what two spellings of one village have in common."""
    return ENDING.sub("", OFFICE.sub("", name))


def _parts(text: str) -> list[str]:
    return [part for part in SEPARATORS.split(text) if part]


class AreaNames:
    """The areas of this county, found by code or name. Two queries' worth of memory, none a line."""

    def __init__(self):
        self.county = settings.COUNTY_CODE
        self.by_code: dict[str, Area] = {}
        self.townships: dict[str, list[Area]] = defaultdict(list)
        self.villages: dict[str, list[Area]] = defaultdict(list)
        for area in Area.objects.filter(county=self.county):
            self.by_code[area.code] = area
            if area.level == Level.TOWNSHIP:
                self.townships[area.name].append(area)
                self.townships[re.sub("[镇乡]$", "", area.name)].append(area)
            elif area.level == Level.VILLAGE:
                self.villages[short_name(area.name)].append(area)
        for area in self.by_code.values():
            if area.parent_id in self.by_code:
                area.parent = self.by_code[area.parent_id]

    def of_line(self, line: Line, role: Role) -> tuple[str, ...]:
        """The codes that a line names for its role. Raises ``LineRefused`` for what is unknown or in doubt."""
        level = LEVEL_OF_ROLE[role]
        if level == "county":
            return self._county(line)
        coded = [self._coded(code, level) for code in _parts(line.village_code)]
        named = self._villages(line) if level == "village" else self._townships(line)
        if coded and named and set(coded) != set(named):
            raise LineRefused("village_code", _("Code and name are not the same place."))
        codes = tuple(dict.fromkeys(coded or named))
        if not codes:
            column = "village" if level == "village" else "township"
            raise LineRefused(column, _("The place is missing: give a name or a code."))
        return codes

    def _county(self, line: Line) -> tuple[str, ...]:
        for column in ("village_code", "village", "township"):
            if getattr(line, column) not in ("", self.county):
                raise LineRefused(
                    column, _("This role works for the whole county, not for a township or village.")
                )
        return (self.county,)

    def _coded(self, code: str, level: str) -> str:
        area = self.by_code.get(code)
        if area is None:
            raise LineRefused("village_code", _("%(code)s is not a code of this county.") % {"code": code})
        if area.level != level:
            raise LineRefused(
                "village_code",
                _("%(code)s is %(area)s, which does not fit the role.") % {"code": code, "area": area.name},
            )
        return code

    def _townships(self, line: Line) -> list[str]:
        codes = []
        for name in _parts(line.township):
            found = self.townships.get(name, [])
            if len(found) != 1:
                raise LineRefused(
                    "township", _("There is no township “%(name)s” in this county.") % {"name": name}
                )
            codes.append(found[0].code)
        return codes

    def _villages(self, line: Line) -> list[str]:
        within = set(self._townships(line))
        codes = []
        for name in _parts(line.village):
            found = [
                area for area in self.villages.get(short_name(name), []) if not within or area.township in within
            ]
            if not found:
                raise LineRefused("village", _("There is no village “%(name)s” there.") % {"name": name})
            if len(found) > 1:
                raise LineRefused(
                    "village", _("There are several villages “%(name)s”: give the township.") % {"name": name}
                )
            codes.append(found[0].code)
        return codes
