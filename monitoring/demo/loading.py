"""Rows into the tables by COPY, as the batches in which files arrive: register, ledger and list of a month."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO

from django.db import connection
from django.utils import timezone

from households.models import BatchKind, Department, EvidenceBatch, Household, Person
from monitoring.demo.bulk import bare_tables
from monitoring.demo.lists import LISTS
from monitoring.demo.rows import COLUMNS, NULL, Rows, table_of

# Every batch of the demo says so, in the words that pages show; by this it is known again.
MARK = "演示数据"
SOURCE = {
    "household": ("household", "", "户信息"),
    "householdfact": ("household", "", "户信息"),
    "person": ("member", "", "家庭成员"),
    "membership": ("member", "", "家庭成员"),
    "personfact": ("member", "", "家庭成员"),
    "incomeline": ("income", "", "收入台账"),
    "medicalbill": ("medical", Department.MEDICAL, "医保"),
    "visit": ("visit", "", "走访"),
    "education": ("education", Department.EDUCATION, "教育"),
    "disability": ("disability", Department.DISABLED, "残联"),
    "housing": ("housing", Department.HOUSING, "住建"),
    "water": ("water", Department.WATER, "水利"),
    "traffic": ("traffic", Department.TRAFFIC, "交警"),
    "emergency": ("emergency", Department.EMERGENCY, "应急"),
    "civil": ("civil", Department.CIVIL, "民政"),
    "employment": ("employment", Department.LABOUR, "人社"),
}
# Rows of the first export and of monthly files stand in their file; later changes come from no file of their own.
NUMBERED = ("incomeline", "medicalbill", *LISTS)

TABLES = list(dict.fromkeys(table_of(name) for name in COLUMNS))

Batches = dict[tuple[str, int], int]


def create_batches(months: Iterable[date]) -> Batches:
    """A batch for each form and month, in the order of months. Returns (source, index of the month) → id.

    The months that the demo has judged are judged as months: nothing waits to be judged at once.
    """
    now = timezone.now()
    kinds = list(dict.fromkeys(SOURCE.values()))
    wanted = [
        ((source, index), EvidenceBatch(
            kind=BatchKind.TABLET if source == "visit" else BatchKind.IMPORT,
            source=source,
            department=department,
            month=month,
            label=f"{MARK} {title}_{month:%Y%m}",
            judged_at=now,
        ))
        for index, month in enumerate(months)
        for source, department, title in kinds
    ]  # fmt: skip
    created = EvidenceBatch.objects.bulk_create([batch for _key, batch in wanted])
    return {key: batch.pk for (key, _batch), batch in zip(wanted, created, strict=True)}


def reserve_ids(model: type[Household] | type[Person], count: int) -> int:
    """Takes ``count`` ids off the sequence of a table. Returns the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence), setval(sequence, currval(sequence) + %s)"
            " FROM (SELECT pg_get_serial_sequence(%s, 'id') AS sequence) AS of_table",
            (max(count - 1, 0), model._meta.db_table),
        )
        return cursor.fetchone()[0]


def copy_rows(townships: list[Rows], batches: Batches) -> dict[str, int]:
    """Loads all townships, table by table and month by month, the order in which files arrive. Rows by table."""
    counts = {}
    with bare_tables(TABLES):
        for table in COLUMNS:
            # Taken out: what is in the database need not be in memory as well.
            counts[table] = _copy_table(table, [township.by_table.pop(table) for township in townships], batches)
    return counts


def _copy_table(table: str, parts: list[list[list[bytes]]], batches: Batches) -> int:
    """One table of all townships, a COPY for each month. Returns the number of rows."""
    statement = f"COPY {table_of(table)} ({COLUMNS[table]}, batch_id, row_number) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        for index in range(len(parts[0])):
            rows = [row for part in parts for row in part[index]]
            numbered = index == 0 or table in NUMBERED
            cursor.copy_expert(statement, _file(rows, batches[(SOURCE[table][0], index)], numbered))
            count += len(rows)
    return count


def _file(rows: list[bytes], batch: int, numbered: bool) -> BytesIO:
    """Rows of one batch. A file's first data row is its second."""
    if numbered:
        lines = [b"%b\t%d\t%d\n" % (row, batch, number) for number, row in enumerate(rows, start=2)]
    else:
        end = f"\t{batch}\t{NULL}\n".encode()
        lines = [row + end for row in rows]
    return BytesIO(b"".join(lines))


def analyse() -> None:
    """Without statistics the first judgment would be planned for empty tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}, households_evidencebatch")
