"""What a notice may say besides fixed words: counts, days, levels and places, nothing else.

The whitelist is the wall between notices and personal data. Every placeholder takes a code or a number and never
free text, so that no name, identity number or word about health can get in by a value.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel

# ``{{ count }}``, in templates of a county and in bodies of gateways alike.
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# A division code: of a county, a township or a village.
PLACE = re.compile(r"[0-9]{6}(?:[0-9]{3}){0,2}")
HIGHEST_COUNT = 1_000_000
# Chinese goes out whatever language the page has, hence both here.
LEVELS: dict[str, tuple[str, str]] = {
    AlertLevel.RED: ("红色", "red"),
    AlertLevel.YELLOW: ("黄色", "yellow"),
    AlertLevel.BLUE: ("蓝色", "blue"),
}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST_COUNT


def _is_level(value: object) -> bool:
    return isinstance(value, str) and value in LEVELS


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_place(value: object) -> bool:
    return isinstance(value, str) and PLACE.fullmatch(value) is not None


@dataclass(frozen=True)
class Placeholder:
    """``fits``: whether a value is one; ``sample`` stands in the preview of a template."""

    label: Promise
    fits: Callable[[object], bool]
    sample: int | str


PLACEHOLDERS: dict[str, Placeholder] = {
    "count": Placeholder(_("Number of alerts or reports"), _is_count, 12),
    "households": Placeholder(_("Number of households"), _is_count, 36),
    "villages": Placeholder(_("Number of villages"), _is_count, 3),
    "days": Placeholder(_("Number of days"), _is_count, 2),
    "day": Placeholder(_("Last day"), _is_day, "2026-10-09"),
    "level": Placeholder(_("Highest level"), _is_level, "red"),
    # An area code, shown by its name.
    "place": Placeholder(_("Name of the place"), _is_place, "420527103"),
}


def placeholders_of(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; one that has no word becomes a dash."""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], "—"), text)


def words_of(values: Mapping[str, object], *, places: Mapping[str, str], chinese: bool) -> dict[str, str]:
    """Each value as people read it. ``places``: area code → name."""
    words = {}
    for name, value in values.items():
        words[name] = str(value)
        if name == "level":
            words[name] = LEVELS[str(value)][0 if chinese else 1]
        elif name == "place":
            words[name] = places.get(str(value), "—")
        elif name in ("count", "households"):
            words[name] = f"{value:,}"
    return words
