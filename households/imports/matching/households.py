"""户信息 against the register: keyed by 户编号."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.evidence.models import EvidenceBatch
from households.imports.declaration import Scope
from households.imports.matching import work
from households.imports.matching.emptied import bring_back
from households.registry.moving import Move, tell_moved

FACT_TABLE = "households_householdfact"
FACTS = {
    "kind": "text",
    "lifted_year": "smallint",
    "category": "text",
    "monitored_since": "date",
    "risk_eliminated": "boolean",
    "eliminated_on": "date",
    "house_grade": "text",
    "safe_water": "boolean",
    "stated_size": "smallint",
    "arable_mu": "numeric",
}
PLACE = {"village": "text", "hamlet": "text", "head_name": "text", "head_pinyin": "text"}
# A blank cell or a file without the column says nothing of the hamlet; that of a former village is left behind.
HAMLET = """coalesce(nullif(w.hamlet, ''), CASE WHEN h.village = w.village THEN h.hamlet ELSE '' END)"""


class HouseholdPlan:
    """A household is new, changed (its place, its head's name, its telephone, a fact) or the same."""

    tables = ("households_household", FACT_TABLE, "households_householdmove")

    def match(self, scope: Scope) -> None:
        with connection.cursor() as cursor:
            work.open_work(
                cursor,
                scope,
                work.from_payload(PLACE)
                | {"first_row": "NULL::bigint", "fact_id": "NULL::bigint", "fact_differs": "true"},
            )
            self._mark_repeated(cursor)
            work.find_households(cursor, scope)
            self._keep_what_was_said_later(cursor, scope)
            work.mark_other_phones(cursor, "households_household", "household_id")
            work.compare_facts(cursor, scope, FACT_TABLE, "household_id", work.from_payload(FACTS))
            self._mark_rest(cursor)
            work.apply_outcomes(cursor, scope)

    def write(self, scope: Scope, batch_id: int) -> None:
        with connection.cursor() as cursor:
            self._insert(cursor, batch_id)
            self._move(cursor, scope, batch_id)
            self._update(cursor, batch_id)
            work.write_facts(cursor, scope, FACT_TABLE, "household_id", FACTS, batch_id)
            bring_back(cursor, batch_id)
            work.raise_doubts(cursor)

    def _mark_repeated(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            """UPDATE work w SET outcome = 'repeated', first_row = d.first FROM (
                   SELECT id, first_value(id) OVER (PARTITION BY household_code ORDER BY row_number) AS first
                   FROM work WHERE NOT refused) d
               WHERE d.id = w.id AND d.first <> w.id"""
        )
        work.mark_spelt_differently(cursor, "first_row")

    def _keep_what_was_said_later(self, cursor: CursorWrapper, scope: Scope) -> None:
        """An export lags behind: a move or a new head of a later day stands, and who is gone stays gone."""
        cursor.execute(
            """UPDATE work w SET village = h.village, hamlet = h.hamlet FROM households_household h
               WHERE h.id = w.household_id AND EXISTS (
                   SELECT FROM households_householdmove m
                   WHERE m.household_id = h.id AND m.replaced_in_id IS NULL AND m.since > %s)""",
            [scope.as_of],
        )
        cursor.execute(
            """UPDATE work w SET head_name = h.head_name, head_pinyin = h.head_pinyin FROM households_household h
               WHERE h.id = w.household_id AND EXISTS (
                   SELECT FROM households_membership m JOIN households_evidencebatch b ON b.id = m.batch_id
                   WHERE m.household_id = h.id AND m.is_head AND m.replaced_in_id IS NULL AND m.since > %s
                     AND b.kind = 'desk')""",
            [scope.as_of],
        )
        cursor.execute(
            f"""UPDATE work w SET found = w.found || {work.literal("户编号", "household_gone")},
                    village = h.village
                FROM households_household h JOIN households_householdmove m ON m.household_id = h.id
                JOIN households_evidencebatch b ON b.id = m.batch_id
                WHERE h.id = w.household_id AND h.gone_on IS NOT NULL AND m.village IS NULL
                  AND m.replaced_in_id IS NULL AND b.kind = 'desk' AND m.since = h.gone_on"""
        )

    def _mark_rest(self, cursor: CursorWrapper) -> None:
        cursor.execute("UPDATE work SET outcome = 'new' WHERE outcome IS NULL AND household_id IS NULL")
        cursor.execute(
            f"""UPDATE work w SET outcome = CASE
                   WHEN w.fact_differs OR w.phone_differs OR (h.village, h.head_name, h.hamlet)
                        <> (w.village, w.head_name, {HAMLET})
                   THEN 'changed' ELSE 'same' END
               FROM households_household h WHERE h.id = w.household_id AND w.outcome IS NULL"""
        )

    def _insert(self, cursor: CursorWrapper, batch_id: int) -> None:
        cursor.execute(
            """WITH created AS (
                   INSERT INTO households_household (code, county, township, village, head_name, head_pinyin,
                                                     hamlet, phone_sealed, batch_id, row_number)
                   SELECT w.household_code, a.county, a.township, w.village, w.head_name, w.head_pinyin,
                          coalesce(w.hamlet, ''), s.phone_sealed, %s, w.row_number
                   FROM work w JOIN households_stagedrow s ON s.id = w.id
                   JOIN households_area a ON a.code = w.village
                   WHERE w.outcome = 'new' ORDER BY w.row_number
                   RETURNING id, row_number)
               UPDATE work w SET household_id = c.id FROM created c WHERE c.row_number = w.row_number""",
            [batch_id],
        )

    def _move(self, cursor: CursorWrapper, scope: Scope, batch_id: int) -> None:
        """Since when is known only as the day of the export; what was judged before lies in the former village."""
        cursor.execute(
            """INSERT INTO households_householdmove (batch_id, row_number, household_id, since, village_before,
                                                     village)
               SELECT %s, w.row_number, h.id, %s, h.village, w.village
               FROM work w JOIN households_household h ON h.id = w.household_id
               WHERE w.outcome = 'changed' AND h.village <> w.village ORDER BY w.row_number""",
            [batch_id, scope.as_of],
        )

    def _update(self, cursor: CursorWrapper, batch_id: int) -> None:
        cursor.execute(
            """SELECT h.id, h.village, w.village
               FROM work w JOIN households_household h ON h.id = w.household_id
               WHERE w.outcome = 'changed' AND h.village <> w.village ORDER BY h.id"""
        )
        moves = [Move(*row) for row in cursor.fetchall()]
        # Open alerts follow by their composite foreign key; what lies behind keeps the area of then.
        cursor.execute(
            f"""UPDATE households_household h
               SET county = a.county, township = a.township, village = a.code,
                   head_name = w.head_name, head_pinyin = w.head_pinyin, hamlet = {HAMLET},
                   phone_sealed = CASE WHEN w.phone_differs THEN s.phone_sealed ELSE h.phone_sealed END
               FROM work w JOIN households_stagedrow s ON s.id = w.id JOIN households_area a ON a.code = w.village
               WHERE h.id = w.household_id AND w.outcome = 'changed'
                 AND (w.phone_differs
                      OR (h.village, h.head_name, h.hamlet) <> (w.village, w.head_name, {HAMLET}))"""
        )
        actor = EvidenceBatch.objects.values_list("actor_id", flat=True).get(pk=batch_id)
        tell_moved(moves=moves, actor_id=actor)
