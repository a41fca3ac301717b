"""Reference data that ships with the system: areas, thresholds with their sources, the work calendar.

Loaded after the first migrate of an empty database, and by ``manage.py load_reference``. Loading again adds what
is missing and overwrites nothing that a county has entered.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from households.areas.models import Area, Level
from households.policy.models import CalendarDay, Threshold

HERE = Path(__file__).parent
THRESHOLDS = HERE / "policy" / "data" / "thresholds.csv"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load_areas(path: Path) -> int:
    """Areas from a file ``code,name,level,parent_code`` (statistical division codes). Returns how many are new."""
    areas = []
    for row in sorted(_rows(path), key=lambda row: len(row["code"])):
        code, level = row["code"], Level(row["level"])
        areas.append(
            Area(
                code=code,
                name=row["name"],
                level=level,
                parent_id=row["parent_code"] or None,
                county=code[:6] if len(code) >= 6 else None,
                township=code[:9] if len(code) >= 9 else None,
                village=code if level == Level.VILLAGE else None,
            )
        )
    before = Area.objects.count()
    Area.objects.bulk_create(areas, ignore_conflicts=True)
    return Area.objects.count() - before


def load_thresholds(path: Path) -> int:
    """Thresholds whose code and area have no value yet. Returns how many are new."""
    known = set(Threshold.objects.values_list("code", "area_id"))
    rows = [
        Threshold(
            code=row["code"],
            area_id=row["area"],
            value=row["value"],
            unit=row["unit"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"] or None,
            standing=row["standing"],
            document=row["document"],
            note=row["note"],
        )
        for row in _rows(path)
        if (row["code"], row["area"]) not in known
    ]
    return len(Threshold.objects.bulk_create(rows))


def load_calendar(path: Path) -> int:
    """Holidays and make-up working days of the years known. Returns how many are new."""
    before = CalendarDay.objects.count()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=row["day"], is_workday=row["is_workday"] == "1", name=row["name"])
            for row in _rows(path)
        ],
        ignore_conflicts=True,
    )
    return CalendarDay.objects.count() - before


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Everything, in order. Returns the number of new rows by kind."""
    return {
        "areas": load_areas(HERE / "areas" / "data" / f"{settings.COUNTY_CODE}.csv"),
        "thresholds": load_thresholds(THRESHOLDS),
        "calendar": load_calendar(HERE / "policy" / "data" / "calendar.csv"),
    }


def load_after_migrate(**_kwargs: object) -> None:
    """After migrate: a new installation knows its county without a further command, an updated one new thresholds.

    What a county has entered or ended stays as it is; its holidays are its own.
    """
    if Area._meta.db_table not in connection.introspection.table_names():
        return  # migrated backwards
    if not Area.objects.exists():
        load_reference()
    else:
        load_thresholds(THRESHOLDS)
