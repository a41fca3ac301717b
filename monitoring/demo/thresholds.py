"""Thresholds for which no value is published: values for the demo, marked as such."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from households.models import Standing, Threshold
from households.policy.thresholds import thresholds_on

UNIT = "元/人·年"
DOCUMENT = "演示值"
NOTE = "仅供演示,不是湖北省公布的数值"
# The line that ships with the system (2022, 2023), the national floor before, and a believable growth after.
KNOWN = {2020: 6000, 2021: 6000, 2022: 6900, 2023: 7600}
FIRST_UNKNOWN, FIRST_VALUE, GROWTH = 2024, 8000, 300
# Rural income of the year before, round on purpose.
RURAL_INCOME, RURAL_GROWTH, RURAL_FROM = 16_000, 1_000, 2021


def line_of(year: int) -> int:
    """Yuan per person and year: the line around which incomes of the demo are made."""
    if year < min(KNOWN):
        return KNOWN[min(KNOWN)]
    return KNOWN.get(year, FIRST_VALUE + (year - FIRST_UNKNOWN) * GROWTH)


def _rural_income_before(year: int) -> int:
    return RURAL_INCOME + max(0, year - RURAL_FROM) * RURAL_GROWTH


VALUES = {"income_line": line_of, "rural_income_last_year": _rural_income_before}


def add_demo_thresholds(years: Iterable[int]) -> list[tuple[str, int]]:
    """Gives the county a value for each year that has none. Returns (code, year) of each."""
    county = settings.COUNTY_CODE
    missing = [
        (code, year)
        for year in sorted(set(years))
        for code in VALUES
        if code not in thresholds_on(date(year, 12, 31), county)
    ]
    Threshold.objects.bulk_create(
        Threshold(
            code=code,
            area_id=county,
            value=VALUES[code](year),
            unit=UNIT,
            valid_from=date(year, 1, 1),
            valid_until=date(year, 12, 31),
            standing=Standing.DEMO,
            document=DOCUMENT,
            note=NOTE,
        )
        for code, year in missing
    )
    return missing
