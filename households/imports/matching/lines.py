"""Ledgers and department lists: rows that become dated lines of a household or a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.evidence.models import IncomeLine
from households.imports.declaration import Scope
from households.imports.matching import visited, work

NUMBERS = ("numeric", "smallint")
SUBJECT_KEY = {"household": "household_code", "person": "identity_hash"}


@dataclass(frozen=True)
class LinePlan:
    """Where lines go, and which of two lines are one.

    Lines with the same ``key`` and ``compared`` are the same line. One line of a key in the register against one
    line of that key in the file, with another ``compared``, is a correction; everything else is new.
    ``carried`` columns come along; when only they differ the line is corrected as well.

    ``list_name``: the rows are those of a department's list, which carry its name and month. Only the list of the
    same month corrects. An event (``month`` is no part of the key) is told once and belongs to the first month
    that tells it, in whichever order the lists come; what still stands is told again each month.
    """

    table: str
    subject: Literal["household", "person"]
    key: Mapping[str, str]
    compared: Mapping[str, str]
    # Column and code of the doubt that one key stands there with two values.
    twice: tuple[str, str]
    carried: Mapping[str, str] = field(default_factory=dict)
    # The column with a person's name, compared with the register.
    name_column: str = ""
    list_name: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def match(self, scope: Scope) -> None:
        with connection.cursor() as cursor:
            columns = self._written | ({"name": "text"} if self.name_column else {})
            # A list says its month once, above its rows.
            of_file = {"replaces": "NULL::bigint", **({"month": "%(month)s::date"} if self.list_name else {})}
            work.open_work(cursor, scope, work.from_payload(columns) | of_file)
            self._find_subjects(cursor, scope)
            self._mark_repeated(cursor)
            self._mark_waiting(cursor, scope)
            work.analyse(cursor)
            self._mark_known(cursor)
            self._mark_corrected_at_desk(cursor)
            self._mark_changed_and_new(cursor)
            if self.name_column:
                self._doubt_names(cursor)
            work.apply_outcomes(cursor, scope)

    def write(self, scope: Scope, batch_id: int) -> None:
        names = ", ".join([self._subject_id, *self._written])
        constant = {"list": f"'{self.list_name}'"} if self.list_name else {}
        into, values = (", ".join([names, *part]) for part in (constant.keys(), constant.values()))
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE {self.table} SET replaced_in_id = %s
                    WHERE id IN (SELECT replaces FROM work WHERE outcome = 'changed')""",
                [batch_id],
            )
            if self.table == IncomeLine._meta.db_table:
                visited.give_way(cursor, batch_id)
            cursor.execute(
                f"""INSERT INTO {self.table} (batch_id, row_number, {into})
                    SELECT %s, row_number, {values}
                    FROM work WHERE outcome IN ('new', 'changed') ORDER BY row_number""",
                [batch_id],
            )
            work.raise_doubts(cursor)

    @property
    def _subject_id(self) -> str:
        return f"{self.subject}_id"

    @property
    def _written(self) -> dict[str, str]:
        """Column → SQL type of everything that a row fills."""
        return {**self.key, **self.compared, **self.carried, **({"month": "date"} if self.list_name else {})}

    def _same(self, names: Mapping[str, str]) -> str:
        """SQL: line ``t`` and row ``w`` agree. Only numbers can be unknown; the rest may use an index."""
        tests = [
            f"t.{name} IS NOT DISTINCT FROM w.{name}" if kind in NUMBERS else f"t.{name} = w.{name}"
            for name, kind in names.items()
        ]
        return " AND ".join(tests)

    @property
    def _line_of_key(self) -> str:
        of_list = f" AND t.list = '{self.list_name}'" if self.list_name else ""
        return (
            f"FROM {self.table} t WHERE t.{self._subject_id} = w.{self._subject_id}"
            f" AND {self._same(self.key)}{of_list}"
        )

    @property
    def _current_line(self) -> str:
        return f"{self._line_of_key} AND t.replaced_in_id IS NULL"

    def _find_subjects(self, cursor: CursorWrapper, scope: Scope) -> None:
        if self.subject == "household":
            work.find_households(cursor, scope)
        elif scope.person_id is None:
            cursor.execute(
                """UPDATE work w SET person_id =
                       (SELECT p.id FROM households_person p WHERE p.identity_hash = w.identity_hash)
                   WHERE NOT w.refused"""
            )

    def _mark_repeated(self, cursor: CursorWrapper) -> None:
        partition = ", ".join([SUBJECT_KEY[self.subject], *self.key, *self.compared])
        cursor.execute(
            f"""UPDATE work w SET outcome = 'repeated' FROM (
                    SELECT id, row_number() OVER (PARTITION BY {partition} ORDER BY row_number) AS nth
                    FROM work WHERE NOT refused) d
                WHERE d.id = w.id AND d.nth > 1"""
        )

    def _mark_waiting(self, cursor: CursorWrapper, scope: Scope) -> None:
        """Rows of an unknown subject wait. What an earlier file put into the queue is not put there again."""
        column, code = (
            ("户编号", "household_unknown") if self.subject == "household" else ("身份证号", "person_unknown")
        )
        cursor.execute(
            f"""UPDATE work w SET outcome = 'waiting', reasons = {work.literal(column, code)}
                WHERE w.outcome IS NULL AND w.{self._subject_id} IS NULL"""
        )
        if scope.is_narrowed:
            return
        told = work.from_payload({**self.key, **self.compared}, "q")
        if self.list_name and "month" in self.key:
            told["month"] = "i.month"
        earlier = " AND ".join(f"{there} IS NOT DISTINCT FROM w.{name}" for name, there in told.items())
        subject = SUBJECT_KEY[self.subject]
        cursor.execute(
            f"""UPDATE work w SET outcome = 'same', reasons = {work.literal(column, "waiting_already")}
                FROM households_import i JOIN households_stagedrow q ON q.import_file_id = i.id
                WHERE w.outcome = 'waiting' AND q.outcome = 'waiting' AND i.state = 'committed' AND i.id <> %(id)s
                  AND i.form = (SELECT form FROM households_import WHERE id = %(id)s)
                  AND q.{subject} = w.{subject} AND {earlier}""",
            {"id": scope.import_id},
        )

    def _mark_known(self, cursor: CursorWrapper) -> None:
        """The line stands in the register already. LATERAL: one index probe a row, at any register size."""
        equal = self._same(self.carried) or "true"
        if self.list_name:
            # A list of an earlier month takes an event to that month, a later one leaves it as it was told.
            equal = f"(t.month < w.month OR t.month = w.month AND {equal})"
        cursor.execute(
            f"""UPDATE work u SET outcome = CASE WHEN f.equal THEN 'same' ELSE 'changed' END,
                    replaces = CASE WHEN NOT f.equal THEN f.line END
                FROM (
                    SELECT w.id, l.line, l.equal FROM work w CROSS JOIN LATERAL (
                        SELECT t.id AS line, {equal} AS equal {self._current_line} AND {self._same(self.compared)}
                        ORDER BY 2 DESC, 1 LIMIT 1) l
                    WHERE w.outcome IS NULL) f
                WHERE f.id = u.id"""
        )

    def _mark_corrected_at_desk(self, cursor: CursorWrapper) -> None:
        """A file that repeats what a person has put right or taken out does not undo it; a third value does."""
        cursor.execute(
            f"""UPDATE work w SET outcome = 'same', reasons = {work.literal("", "corrected_at_desk")}
                WHERE w.outcome IS NULL AND EXISTS (
                    SELECT {self._line_of_key} AND {self._same(self.compared)} AND EXISTS (
                        SELECT FROM households_evidencebatch b
                        WHERE b.id = t.replaced_in_id AND b.kind = 'desk'))"""
        )

    def _mark_changed_and_new(self, cursor: CursorWrapper) -> None:
        partition = ", ".join([self._subject_id, *self.key])
        corrects = "f.in_file = 1 AND f.in_register = 1 AND f.line IS NOT NULL"
        correctable = "min(t.id) FILTER (WHERE t.month = w.month)" if self.list_name else "min(t.id)"
        cursor.execute(
            f"""UPDATE work u SET
                    outcome = CASE WHEN {corrects} THEN 'changed' ELSE 'new' END,
                    replaces = CASE WHEN {corrects} THEN f.line END,
                    found = CASE WHEN f.in_file + f.in_register > 1 AND NOT ({corrects})
                            THEN u.found || {work.literal(*self.twice)} ELSE u.found END
                FROM (
                    SELECT w.id, w.in_file, l.in_register, l.line FROM (
                        SELECT *, count(*) OVER (PARTITION BY {partition}) AS in_file
                        FROM work WHERE outcome IS NULL OR outcome IN ('same', 'changed')) w
                    CROSS JOIN LATERAL (
                        SELECT count(*) AS in_register, {correctable} AS line {self._current_line}) l
                    WHERE w.outcome IS NULL) f
                WHERE f.id = u.id"""
        )

    def _doubt_names(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            f"""UPDATE work w SET found = w.found || {work.literal(self.name_column, "name_differs")}
                FROM households_person p
                WHERE p.id = w.person_id AND w.outcome IN ('new', 'changed', 'same') AND w.name <> p.name"""
        )
