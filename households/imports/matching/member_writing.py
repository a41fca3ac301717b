"""Writing members: persons, to which household they belong, and what is known of them."""

from django.db.backends.utils import CursorWrapper

from households.imports.declaration import Scope
from households.imports.matching import work
from households.imports.matching.numbers import bring_lines_along, take_from_owners

FACT_TABLE = "households_personfact"
FACTS = {
    "born_on": "date",
    "resident_insurance": "boolean",
    "employee_insurance": "boolean",
    "education": "text",
    "schooling": "text",
    "dropout_reason": "text",
    "labour": "text",
    "disability": "text",
    "work_place": "text",
    "work_months": "smallint",
    "dibao": "boolean",
    "tekun": "boolean",
}
GOES_IN = "w.outcome IN ('new', 'changed')"


def write_members(cursor: CursorWrapper, scope: Scope, batch_id: int) -> None:
    """New and changed rows of the work table, as evidence of a batch."""
    take_from_owners(cursor, scope)
    _insert_persons(cursor, batch_id)
    _update_persons(cursor)
    bring_lines_along(cursor, batch_id)
    _end_memberships(cursor, scope, batch_id)
    _step_down_heads(cursor, batch_id)
    _insert_memberships(cursor, scope, batch_id)
    work.write_facts(cursor, scope, FACT_TABLE, "person_id", [*FACTS, "health", "other"], batch_id)
    work.raise_doubts(cursor)


def _insert_persons(cursor: CursorWrapper, batch_id: int) -> None:
    """A number that is somebody else's is kept as the file said it, sealed, and never matched."""
    cursor.execute(
        """WITH created AS (
               INSERT INTO households_person (code, name, pinyin, sex, born_on, identity_sealed, identity_hash,
                                              phone_sealed, batch_id, row_number)
               SELECT w.person_code, w.name, s.payload ->> 'pinyin', w.sex, w.born_on, s.identity_sealed,
                      CASE WHEN NOT w.number_taken THEN w.identity_hash END, s.phone_sealed, %s, w.row_number
               FROM work w JOIN households_stagedrow s ON s.id = w.id
               WHERE w.outcome = 'new' ORDER BY w.row_number
               RETURNING id, row_number)
           UPDATE work w SET person_id = c.id FROM created c WHERE c.row_number = w.row_number""",
        [batch_id],
    )


def _update_persons(cursor: CursorWrapper) -> None:
    """What a file leaves blank, or says unreadably, takes nothing away from what the register knows."""
    cursor.execute(
        """UPDATE households_person p SET
               code = coalesce(w.person_code, p.code), name = w.name, pinyin = s.payload ->> 'pinyin',
               sex = coalesce(w.sex, p.sex), born_on = coalesce(w.born_on, p.born_on),
               identity_hash = CASE WHEN w.number_taken THEN p.identity_hash
                   ELSE coalesce(w.identity_hash, p.identity_hash) END,
               identity_sealed = CASE WHEN w.identity_hash IS NOT NULL AND NOT w.number_taken
                   OR p.identity_hash IS NULL THEN coalesce(s.identity_sealed, p.identity_sealed)
                   ELSE p.identity_sealed END,
               phone_sealed = CASE WHEN w.phone_differs THEN s.phone_sealed ELSE p.phone_sealed END
           FROM work w JOIN households_stagedrow s ON s.id = w.id
           WHERE p.id = w.person_id AND w.outcome = 'changed' AND (w.person_differs OR w.phone_differs)"""
    )


def _end_memberships(cursor: CursorWrapper, scope: Scope, batch_id: int) -> None:
    """The old row is stamped before the new one comes: the exclusion constraint waits for nobody.

    Whoever moves (a row matched by hand) belonged to the former household until the day before.
    """
    cursor.execute(
        f"""UPDATE households_membership m SET replaced_in_id = %s FROM work w
            WHERE m.id = w.membership_id AND w.membership_differs AND {GOES_IN}""",
        [batch_id],
    )
    cursor.execute(
        f"""INSERT INTO households_membership (batch_id, row_number, person_id, household_id, relation, is_head,
                                               since, until)
            SELECT %(batch)s, w.row_number, m.person_id, m.household_id, m.relation, m.is_head, m.since,
                   %(day)s::date - 1
            FROM work w JOIN households_membership m ON m.id = w.membership_id
            WHERE w.moving AND {GOES_IN} AND (m.since IS NULL OR m.since < %(day)s::date)""",
        {"batch": batch_id, "day": scope.as_of},
    )


def _step_down_heads(cursor: CursorWrapper, batch_id: int) -> None:
    """A household whose file names another head: the former one, not in the file, stays as a member."""
    cursor.execute(
        f"""WITH former AS (
                UPDATE households_membership m SET replaced_in_id = %(batch)s
                FROM work w
                WHERE w.is_head AND w.membership_differs AND {GOES_IN} AND m.household_id = w.household_id
                  AND m.is_head AND m.until IS NULL AND m.replaced_in_id IS NULL AND m.person_id <> w.person_id
                RETURNING m.*)
            INSERT INTO households_membership (batch_id, row_number, person_id, household_id, relation, is_head,
                                               since, until)
            SELECT %(batch)s, row_number, person_id, household_id, relation, false, since, until FROM former""",
        {"batch": batch_id},
    )


def _insert_memberships(cursor: CursorWrapper, scope: Scope, batch_id: int) -> None:
    """Since when is known only of somebody who moved or came back; of everybody else nothing before is known."""
    cursor.execute(
        f"""INSERT INTO households_membership (batch_id, row_number, person_id, household_id, relation, is_head,
                                               since, until)
            SELECT %s, w.row_number, w.person_id, w.household_id, w.relation, w.is_head,
                   CASE WHEN w.moving OR w.left_until IS NOT NULL THEN greatest(%s::date, w.left_until + 1)
                        ELSE m.since END,
                   CASE WHEN NOT w.moving THEN m.until END
            FROM work w LEFT JOIN households_membership m ON m.id = w.membership_id
            WHERE w.membership_differs AND {GOES_IN} ORDER BY w.row_number""",
        [batch_id, scope.as_of],
    )
