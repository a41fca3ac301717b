"""家庭成员 against the register: who is who, whose number it is, who is head, and what changed."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.imports.declaration import Scope
from households.imports.matching import work
from households.imports.matching.member_writing import FACT_TABLE, FACTS, write_members
from households.imports.matching.numbers import AGREEMENT, award_numbers

PERSON = {"name": "text", "sex": "text", "born_on": "date", "number_born_on": "date"}
PLACE = {"relation": "text", "is_head": "boolean", "head_claim": "smallint"}
# Texts are never null: an empty one is unknown. What no rule reads is added to what was known of it.
FACT_VALUES = (
    work.from_payload(FACTS)
    | {name: f"coalesce(s.payload ->> '{name}', '')" for name, kind in FACTS.items() if kind == "text"}
    | {
        # A blank takes no birth date away.
        "born_on": "coalesce((s.payload ->> 'born_on')::date, f.born_on)",
        "health": "ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(s.payload -> 'health')"
        " WHEN 'array' THEN s.payload -> 'health' ELSE '[]' END))::varchar(20)[]",
        "other": "coalesce(f.other, '{}') || coalesce(s.payload -> 'other', '{}')",
    }
)
STATE = {
    "first_row": "NULL::bigint",
    "membership_id": "NULL::bigint",
    "current_household_id": "NULL::bigint",
    "fact_id": "NULL::bigint",
    "number_taken": "false",
    # Who has the number in the register and loses it.
    "number_from": "NULL::bigint",
    "moving": "false",
    # The last day in any household, of somebody who belongs to none on the day of the export.
    "left_until": "NULL::date",
    "died": "false",
    "person_differs": "true",
    "membership_differs": "true",
    "fact_differs": "true",
}
ELSEWHERE = work.literal("户编号", "member_elsewhere")


class MemberPlan:
    """People are found by 人口编号, else by number, else by household, name and birth date."""

    tables = ("households_person", "households_membership", FACT_TABLE)

    def match(self, scope: Scope) -> None:
        with connection.cursor() as cursor:
            self._open(cursor, scope)
            work.find_households(cursor, scope)
            self._find_by_code(cursor, scope)
            work.analyse(cursor)
            self._mark_twice(cursor, "person_code", "person_code IS NOT NULL", "'[]'::jsonb")
            work.mark_spelt_differently(cursor, "first_row")
            self._find_by_number(cursor)
            twice = work.literal("", "person_twice")
            self._mark_twice(cursor, "identity_hash, name, born_on", "identity_hash IS NOT NULL", twice)
            self._find_by_name(cursor)
            self._mark_nameless_twice(cursor, twice)
            self._find_memberships(cursor, scope)
            self._mark_twice(cursor, "person_id", "person_id IS NOT NULL", twice)
            self._mark_died_and_left(cursor, scope)
            self._mark_waiting(cursor, scope)
            work.analyse(cursor)
            award_numbers(cursor)
            self._choose_heads(cursor, scope)
            self._compare(cursor, scope)
            work.apply_outcomes(cursor, scope)

    def write(self, scope: Scope, batch_id: int) -> None:
        with connection.cursor() as cursor:
            write_members(cursor, scope, batch_id)

    def _open(self, cursor: CursorWrapper, scope: Scope) -> None:
        work.open_work(cursor, scope, work.from_payload(PERSON | PLACE) | STATE)

    def _find_by_code(self, cursor: CursorWrapper, scope: Scope) -> None:
        if scope.person_id is None:
            cursor.execute(
                """UPDATE work w SET person_id =
                       (SELECT p.id FROM households_person p WHERE p.code = w.person_code)
                   WHERE w.person_code IS NOT NULL"""
            )
        self._find_memberships(cursor, scope)

    def _find_memberships(self, cursor: CursorWrapper, scope: Scope) -> None:
        """Where a person found belongs on the day of the export."""
        cursor.execute(
            """UPDATE work u SET membership_id = f.membership_id, current_household_id = f.household_id
               FROM (SELECT w.id, m.id AS membership_id, m.household_id FROM work w CROSS JOIN LATERAL (
                         SELECT m.id, m.household_id FROM households_membership m
                         WHERE m.person_id = w.person_id AND m.replaced_in_id IS NULL
                           AND (m.until IS NULL OR m.until >= %s)
                         ORDER BY m.since DESC NULLS LAST, m.id DESC LIMIT 1) m
                     WHERE w.person_id IS NOT NULL AND w.membership_id IS NULL) f
               WHERE f.id = u.id""",
            [scope.as_of],
        )

    def _mark_twice(self, cursor: CursorWrapper, partition: str, condition: str, doubt: str) -> None:
        """One person in several rows: the row of the household where the person belongs counts, else the first.

        In the same household the others are repetitions; in another one a person must be asked which is right.
        """
        cursor.execute(
            f"""UPDATE work u SET
                    outcome = CASE WHEN d.same_household THEN 'repeated' ELSE 'waiting' END,
                    reasons = CASE WHEN d.same_household THEN u.reasons ELSE {ELSEWHERE} END,
                    found = CASE WHEN d.same_household THEN u.found || {doubt} ELSE u.found END,
                    first_row = d.first
                FROM (SELECT id, first_value(id) OVER one AS first,
                             household_code = first_value(household_code) OVER one AS same_household
                      FROM work WHERE outcome IS NULL AND {condition}
                      WINDOW one AS (PARTITION BY {partition} ORDER BY household_id IS NULL,
                          household_id IS NOT DISTINCT FROM current_household_id DESC, row_number)) d
                WHERE d.id = u.id AND d.first <> u.id"""
        )

    def _find_by_number(self, cursor: CursorWrapper) -> None:
        """The owner of the number, unless both have a 人口编号 or neither name nor birth date speaks for it."""
        cursor.execute(
            f"""UPDATE work w SET person_id = (
                    SELECT p.id FROM households_person p
                    WHERE p.identity_hash = w.identity_hash
                      AND (p.name = w.name AND p.born_on IS NOT DISTINCT FROM w.born_on
                           OR (p.code IS NULL OR w.person_code IS NULL) AND (p.name = w.name OR {AGREEMENT} > 0)))
                WHERE w.outcome IS NULL AND w.person_id IS NULL AND w.identity_hash IS NOT NULL"""
        )

    def _find_by_name(self, cursor: CursorWrapper) -> None:
        """A member of the household with the same name and birth date whose codes do not speak against it.

        OFFSET 0 keeps the members of one household the first step, whatever the planner thinks of fresh tables.
        """
        cursor.execute(
            """UPDATE work u SET person_id = f.person_id FROM (
                   SELECT w.id, min(p.id) AS person_id FROM work w
                   CROSS JOIN LATERAL (
                       SELECT m.person_id, m.until FROM households_membership m
                       WHERE m.household_id = w.household_id AND m.replaced_in_id IS NULL
                       OFFSET 0) m
                   CROSS JOIN LATERAL (
                       SELECT p.* FROM households_person p WHERE p.id = m.person_id OFFSET 0) p
                   WHERE w.outcome IS NULL AND w.person_id IS NULL AND p.name = w.name
                     AND (m.until IS NULL OR p.died_on IS NOT NULL)
                     AND p.born_on IS NOT DISTINCT FROM w.born_on
                     AND (p.code IS NULL OR w.person_code IS NULL)
                     AND (p.identity_hash IS NULL OR w.identity_hash IS NULL)
                   GROUP BY w.id) f
               WHERE f.id = u.id AND NOT EXISTS (SELECT FROM work o WHERE o.person_id = f.person_id)"""
        )

    def _mark_nameless_twice(self, cursor: CursorWrapper, twice: str) -> None:
        """A row with neither 人口编号 nor number beside one of the same household, name and birth date."""
        cursor.execute(
            f"""UPDATE work u SET outcome = 'repeated', first_row = d.first, found = u.found || {twice}
                FROM (SELECT id, first_value(id) OVER (PARTITION BY household_code, name, born_on
                             ORDER BY person_code IS NULL AND identity_hash IS NULL, row_number) AS first
                      FROM work WHERE outcome IS NULL) d
                WHERE d.id = u.id AND d.first <> u.id AND u.person_code IS NULL AND u.identity_hash IS NULL"""
        )

    def _mark_died_and_left(self, cursor: CursorWrapper, scope: Scope) -> None:
        """An export lags behind the desk: it brings nobody back to life, and nobody home without asking."""
        cursor.execute(
            f"""UPDATE work w SET died = true, outcome = 'same', reasons = {work.literal("姓名", "person_died")}
                FROM households_person p
                WHERE p.id = w.person_id AND w.outcome IS NULL AND p.died_on <= %s""",
            [scope.as_of],
        )
        cursor.execute(
            """UPDATE work u SET left_until = f.until
               FROM (SELECT w.id, m.until FROM work w CROSS JOIN LATERAL (
                         SELECT max(m.until) AS until FROM households_membership m
                         WHERE m.person_id = w.person_id AND m.replaced_in_id IS NULL) m
                     WHERE w.outcome IS NULL AND w.person_id IS NOT NULL AND w.membership_id IS NULL) f
               WHERE f.id = u.id"""
        )
        if scope.row_id is None:
            cursor.execute(
                f"""UPDATE work SET outcome = 'waiting', reasons = {work.literal("户编号", "member_left")}
                    WHERE outcome IS NULL AND left_until IS NOT NULL AND household_id IS NOT NULL"""
            )

    def _mark_waiting(self, cursor: CursorWrapper, scope: Scope) -> None:
        cursor.execute(
            f"""UPDATE work SET outcome = 'waiting', reasons = {work.literal("户编号", "household_unknown")}
                WHERE outcome IS NULL AND household_id IS NULL"""
        )
        elsewhere = "outcome IS NULL AND current_household_id IS NOT NULL AND current_household_id <> household_id"
        if scope.row_id is None:
            cursor.execute(f"UPDATE work SET outcome = 'waiting', reasons = {ELSEWHERE} WHERE {elsewhere}")
        else:
            cursor.execute(f"UPDATE work SET moving = true WHERE {elsewhere}")
        if scope.is_narrowed:
            return
        # What an earlier file put into the queue is not put there again.
        cursor.execute(
            f"""UPDATE work w SET outcome = 'same', reasons = {work.literal("户编号", "waiting_already")}
                FROM households_import i
                JOIN households_stagedrow q ON q.import_file_id = i.id
                JOIN households_stagedrow r ON r.import_file_id = %(id)s
                WHERE w.outcome = 'waiting' AND q.outcome = 'waiting' AND i.state = 'committed' AND i.id <> %(id)s
                  AND i.form = 'member' AND q.household_code = w.household_code AND r.id = w.id
                  AND (q.person_code, q.identity_hash, q.payload) IS NOT DISTINCT FROM
                      (r.person_code, r.identity_hash, r.payload)""",
            {"id": scope.import_id},
        )

    def _choose_heads(self, cursor: CursorWrapper, scope: Scope) -> None:
        """One head a household: the row that fits 户主姓名 and 户主证件号码 best, else the first."""
        doubt = work.literal("与户主关系", "two_heads")
        cursor.execute(
            f"""UPDATE work u SET is_head = false, found = u.found || {doubt}
                FROM (SELECT id, row_number() OVER (PARTITION BY household_id
                          ORDER BY coalesce(head_claim, 0) DESC, row_number) AS nth
                      FROM work WHERE outcome IS NULL AND is_head) d
                WHERE d.id = u.id AND d.nth > 1"""
        )
        if scope.is_narrowed:
            cursor.execute(
                f"""UPDATE work w SET is_head = false, found = w.found || {doubt}
                    WHERE w.outcome IS NULL AND w.is_head AND EXISTS (
                        SELECT FROM households_membership m
                        WHERE m.household_id = w.household_id AND m.is_head AND m.until IS NULL
                          AND m.replaced_in_id IS NULL AND m.person_id IS DISTINCT FROM w.person_id)"""
            )

    def _compare(self, cursor: CursorWrapper, scope: Scope) -> None:
        work.compare_facts(cursor, scope, FACT_TABLE, "person_id", FACT_VALUES)
        cursor.execute(
            """UPDATE work w SET membership_differs = false FROM households_membership m
               WHERE m.id = w.membership_id AND NOT w.moving
                 AND ((m.relation, m.is_head) = (w.relation, w.is_head)
                      -- What they are to each other was said later, as it was where one of them has died since.
                      OR m.since > %s OR w.household_id IN (SELECT o.household_id FROM work o WHERE o.died))""",
            [scope.as_of],
        )
        cursor.execute(
            """UPDATE work w SET person_differs = false FROM households_person p
               WHERE p.id = w.person_id AND p.name = w.name
                 AND (w.sex IS NULL OR p.sex IS NOT DISTINCT FROM w.sex)
                 AND (w.born_on IS NULL OR p.born_on IS NOT DISTINCT FROM w.born_on)
                 AND (w.person_code IS NULL OR p.code IS NOT DISTINCT FROM w.person_code)
                 AND (w.identity_hash IS NULL OR w.number_taken
                      OR p.identity_hash IS NOT DISTINCT FROM w.identity_hash)"""
        )
        work.mark_other_phones(cursor, "households_person", "person_id")
        cursor.execute(
            """UPDATE work SET outcome = CASE WHEN person_id IS NULL THEN 'new'
                   WHEN person_differs OR phone_differs OR membership_differs OR fact_differs THEN 'changed'
                   ELSE 'same' END
               WHERE outcome IS NULL"""
        )
