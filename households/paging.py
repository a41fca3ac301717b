"""Keyset pages: newest first, each page found by the id where the last one ended.

No OFFSET (page 10,000 costs what page 1 costs), no COUNT of a whole list (counting stops at a cap). A row that
arrives while somebody leafs through shifts nothing: ids never move.
"""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from households.filtering import HIGHEST_ID, ParameterProblem, parse_whole_number, problem

# "10,000+" says as much to a person as the exact number, and costs a bounded part of an index.
COUNT_UP_TO = 10_000


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: rows older than ``before``, or the nearest newer than ``after``; neither is the top."""

    limit: int
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Page:
    """Rows newest first. ``newer`` and ``older`` are ids for ``after`` and ``before``, None at the ends.

    ``total`` is counted up to the cap and only when asked for; ``total > COUNT_UP_TO`` means "more than that".
    """

    rows: list
    newer: int | None
    older: int | None
    total: int | None = None


def read_cursor(
    query: QueryDict, *, limit: int, highest: int | None = None, names: tuple[str, ...] = ("before", "after")
) -> tuple[Cursor, list[ParameterProblem]]:
    """The cursor of a query, and what is wrong with it. ``highest``: the most that ``limit=`` may ask for."""
    found: dict[str, int] = {"limit": limit}
    problems = []
    bounds = dict.fromkeys(names, HIGHEST_ID) | ({"limit": highest} if highest else {})
    for name, upper in bounds.items():
        if name in query:
            try:
                found[name] = parse_whole_number(str(query[name]), highest=upper)
            except ValueError:
                problems.append(problem("invalid_value", name, (f"1 – {upper}",)))
    if "before" in found and "after" in found:
        problems.append(problem("conflicting_parameters", "after", ("before", "after")))
    return Cursor(**found), problems


def _ids(matching: QuerySet, cursor: Cursor, count: int) -> QuerySet:
    """At most ``count`` ids from the cursor on, in the direction it looks."""
    if cursor.after is not None:
        return matching.filter(pk__gt=cursor.after).order_by("pk").values_list("pk", flat=True)[:count]
    if cursor.before is not None:
        matching = matching.filter(pk__lt=cursor.before)
    return matching.order_by("-pk").values_list("pk", flat=True)[:count]


def _ends(cursor: Cursor, ids: list[int], has_more: bool) -> tuple[int | None, int | None]:
    """(newer, older) of a page that holds ``ids``, newest first."""
    first, last = (ids[0], ids[-1]) if ids else (None, None)
    if cursor.after is not None:
        # The row that the cursor names is older than all of these.
        return first if has_more else None, last if ids else cursor.after + 1
    newer = None
    if cursor.before is not None:
        newer = first if ids else max(cursor.before - 1, 1)
    return newer, last if has_more else None


def read_page(*, matching: QuerySet, showing: QuerySet, cursor: Cursor, count: bool = False) -> Page:
    """One page of ``matching`` (scoped and filtered), its rows fetched as ``showing`` says (joins, columns).

    The ids are found first, from an index alone, and only the rows of the page are fetched. ``showing`` yields
    model instances or dicts with ``id``.
    """
    at_top = cursor.before is None and cursor.after is None
    ids: list[int] | QuerySet
    total = None
    if count and at_top:
        ids, total = _first_ids_and_total(matching, cursor.limit + 1)
    else:
        ids = _ids(matching, cursor, cursor.limit + 1)
        if count:
            total = matching.order_by()[: COUNT_UP_TO + 1].count()
    rows = list(showing.filter(pk__in=ids).order_by("-pk"))
    has_more = len(rows) > cursor.limit
    # The one row too many lies beyond the page, in the direction of the cursor.
    rows = rows[-cursor.limit :] if cursor.after is not None else rows[: cursor.limit]
    page_ids = [row["id"] if isinstance(row, dict) else row.pk for row in rows]
    newer, older = _ends(cursor, page_ids, has_more)
    return Page(rows, newer, older, total)


def _first_ids_and_total(matching: QuerySet, count: int) -> tuple[list[int], int]:
    """The newest ids and how many there are up to the cap: one walk, however long a rare filter makes it."""
    try:
        sql, parameters = _ids(matching, Cursor(count), COUNT_UP_TO + 1).query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found (id) AS MATERIALIZED ({sql})"
            " SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY id DESC LIMIT %s",
            (*parameters, count),
        )
        found = cursor.fetchall()
    return [pk for pk, _total in found], found[0][1] if found else 0


def without(query: QueryDict, *names: str, **more: object) -> str:
    """The query string without some parameters and with others."""
    changed = query.copy()
    for name in names:
        changed.pop(name, None)
    changed.update({name: str(value) for name, value in more.items()})
    return changed.urlencode()
