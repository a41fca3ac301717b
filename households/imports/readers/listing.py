"""What the monthly lists of departments on persons have in common: who, from where, when, and where rows go.

An amount or number that cannot be read, or is negative, refuses the row of every list; only a blank is unknown.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from households.imports import cells
from households.imports.declaration import Column, Reader, Row, Setting
from households.imports.matching.lines import LinePlan

# The columns of ``ListEntry`` that a row fills.
ENTRY = {
    "happened_on": "date",
    "kind": "text",
    "grade": "text",
    "days": "smallint",
    "amount": "numeric",
    "detail": "text",
}
IDENTITY = Column(
    "identity",
    ("身份证号", "身份证号码", "证件号码", "公民身份号码", "公民身份证号", "居民身份证号", "身份证"),
    cells.identity,
    required=True,
)
# Read for nothing but suggesting persons where a number is not in the register.
VILLAGE = Column(
    "village_said",
    ("村", "村名", "村名称", "行政村", "所在村", "所属村", "村(社区)", "村(居)", "村居"),
    cells.text(60),
    lenient=True,
    brief=False,
)


def name(*others: str) -> Column:
    """Whose number it is; ``others``: names of the column that a department uses."""
    return Column("name", ("姓名", *others), cells.name, lenient=True)


def day(*names: str) -> Column:
    """When it happened. Without it a row cannot be told from the next one."""
    return Column("happened_on", names, cells.date, required=True, words=True)


def _finish_entry(dated: str, finish: Callable[[Row], None], row: Row, setting: Setting) -> None:
    happened_on = row.values.get("happened_on")
    if happened_on and happened_on > setting.today:
        row.doubt(dated, "in_future")
    finish(row)
    for field in ("grade", "detail"):
        row.values[field] = row.values.get(field) or ""


def department_list(
    *,
    kind: str,
    title: Any,
    department: str,
    columns: Sequence[Column],
    key: tuple[str, ...],
    compared: tuple[str, ...],
    standing: bool = False,
    signs: tuple[str, ...] = (),
    finish: Callable[[Row], None] = lambda row: None,
) -> Reader:
    """A list of persons. ``key`` and ``compared`` are fields of ``ENTRY`` (see ``LinePlan``).

    ``standing``: what stands as long as it is told and is told again each month. Otherwise a row is an event: it
    counts once, in the first month whose list tells it, however many later lists repeat it.
    """
    dated = next(column for column in columns if column.field == "happened_on")
    told = {field: ENTRY[field] for field in (*key, *compared)}
    return Reader(
        kind=kind,
        title=title,
        department=department,
        columns=tuple(columns),
        key=("identity",),
        monthly=True,
        waits_for="person",
        dated="happened_on",
        signs=signs,
        finish=partial(_finish_entry, dated.title, finish),
        plan=LinePlan(
            table="households_listentry",
            subject="person",
            list_name=kind,
            key={field: told[field] for field in key} | ({"month": "date"} if standing else {}),
            compared={field: told[field] for field in compared},
            carried={field: sql for field, sql in ENTRY.items() if field not in told},
            twice=(dated.title, "told_differently"),
            name_column="姓名",
        ),
    )
