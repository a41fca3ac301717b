"""The income line of years for which none is published: a value for the demo, marked as one."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from households.models import Standing, Threshold
from households.policy.thresholds import thresholds_on

CODE = "income_line"
UNIT = "元/人·年"
DOCUMENT = "演示值"
NOTE = "仅供演示,不是湖北省公布的监测范围"
# What ships with the system (2022, 2023), the national floor before, and a believable growth after.
KNOWN = {2020: 6000, 2021: 6000, 2022: 6900, 2023: 7600}
FIRST_UNKNOWN, FIRST_VALUE, GROWTH = 2024, 8000, 300


def line_of(year: int) -> int:
    """Yuan per person and year: the line around which incomes of the demo are made."""
    if year < min(KNOWN):
        return KNOWN[min(KNOWN)]
    return KNOWN.get(year, FIRST_VALUE + (year - FIRST_UNKNOWN) * GROWTH)


def add_demo_lines(years: Iterable[int]) -> list[int]:
    """Gives the county a line for each year that has none. Returns the years."""
    county = settings.COUNTY_CODE
    missing = [year for year in sorted(set(years)) if CODE not in thresholds_on(date(year, 12, 31), county)]
    Threshold.objects.bulk_create(
        Threshold(
            code=CODE,
            area_id=county,
            value=line_of(year),
            unit=UNIT,
            valid_from=date(year, 1, 1),
            valid_until=date(year, 12, 31),
            standing=Standing.DEMO,
            document=DOCUMENT,
            note=NOTE,
        )
        for year in missing
    )
    return missing
