"""Whose number it is when two people claim one: in one file, or across files in whatever order they come."""

from django.db.backends.utils import CursorWrapper

from households.evidence.announcing import announce
from households.evidence.models import BatchKind, EvidenceBatch, ListEntry, MedicalBill
from households.evidence.services import open_batch
from households.imports.declaration import Scope
from households.imports.matching import work
from households.imports.models import Import

_FITS = "CASE WHEN {row}.born_on IS NULL THEN 1 WHEN {row}.born_on = w.number_born_on THEN 2 ELSE 0 END"
# How well a number fits the row that claims it: same birth date, none to compare, another one.
AGREEMENT = _FITS.format(row="w")
TAKEN = work.literal("证件号码", "identity_unverified", "number_twice")

# The owner in the register is a claimant too: as the file says it, or, when it is not in the file, as it stands.
AWARD = f"""
UPDATE work u SET
    number_taken = NOT d.takes_over,
    number_from = CASE WHEN d.takes_over THEN d.owner END,
    found = CASE WHEN d.takes_over THEN u.found ELSE u.found || {TAKEN} END
FROM (
    SELECT c.*, c.id = c.winner AND c.agreement > coalesce(c.owner_says, c.owner_stands) AS takes_over
    FROM (
        SELECT w.id, w.person_id, o.id AS owner, {AGREEMENT} AS agreement,
               {_FITS.format(row="o")} AS owner_stands,
               max({AGREEMENT}) FILTER (WHERE w.person_id = o.id)
                   OVER (PARTITION BY w.identity_hash) AS owner_says,
               first_value(w.id) OVER (
                   PARTITION BY w.identity_hash
                   ORDER BY {AGREEMENT} DESC, coalesce(w.person_id = o.id, false) DESC,
                       w.outcome IS NOT NULL, w.row_number) AS winner
        FROM work w
        LEFT JOIN LATERAL (SELECT p.id, p.born_on FROM households_person p
                           WHERE p.identity_hash = w.identity_hash OFFSET 0) o ON true
        WHERE w.identity_hash IS NOT NULL AND w.first_row IS NULL) c) d
WHERE d.id = u.id AND u.outcome IS NULL
  AND (d.winner <> u.id OR d.owner IS NOT NULL AND d.owner IS DISTINCT FROM u.person_id)
"""

LOSE = """
WITH former AS (
    UPDATE households_person p SET identity_hash = NULL FROM work w
    WHERE p.id = w.number_from AND w.outcome IN ('new', 'changed') RETURNING p.id)
INSERT INTO households_doubt (import_file_id, code, household_id, person_id)
SELECT %s, 'identity_unverified', m.household_id, former.id
FROM former
LEFT JOIN households_membership m
    ON m.person_id = former.id AND m.replaced_in_id IS NULL AND m.until IS NULL
WHERE NOT EXISTS (SELECT FROM households_doubt o
                  WHERE o.code = 'identity_unverified' AND o.resolved_at IS NULL AND o.person_id = former.id)
"""

# What came to the former owner by the number, not what somebody matched by hand with another one.
LINES = """
SELECT i.id, l.id, s.id, w.person_id
FROM work w
JOIN {table} l ON l.person_id = w.number_from AND l.replaced_in_id IS NULL
JOIN households_evidencebatch b ON b.id = l.batch_id
JOIN households_import i ON i.batch_id = coalesce(b.origin_id, b.id)
JOIN households_stagedrow s
    ON s.import_file_id = i.id AND s.row_number = l.row_number AND s.identity_hash = w.identity_hash
WHERE w.outcome IN ('new', 'changed') ORDER BY i.id, l.id
"""


def award_numbers(cursor: CursorWrapper) -> None:
    """A number belongs to whom it fits by birth date; of several to the owner in the register, else the first row.

    Refused and waiting rows take part: what a row says about its number is true also where it cannot go in. Where
    they fit no better than a row that goes in, they stand back: it may be the same person written twice. Who
    takes a number over from its owner in the register is marked with it (``number_from``).
    """
    cursor.execute(AWARD)


def take_from_owners(cursor: CursorWrapper, scope: Scope) -> None:
    """Who loses the number stays as a member whose identity is not verified. Before the numbers are written."""
    cursor.execute("SELECT count(number_from) FROM work")
    if cursor.fetchone()[0]:
        cursor.execute(LOSE, [scope.import_id])


def bring_lines_along(cursor: CursorWrapper, batch_id: int) -> None:
    """Bills and list entries that had come to the former owner by the number go to the person whose it is.

    Each file's in a batch of its own that belongs to the file, as when a waiting row finds its person.
    """
    actor = EvidenceBatch.objects.select_related("actor").get(pk=batch_id).actor
    for model in (MedicalBill, ListEntry):
        cursor.execute(LINES.format(table=model._meta.db_table))
        lines = cursor.fetchall()
        for import_id in dict.fromkeys(line[0] for line in lines):
            _bring(cursor, model, import_id, [line[1:] for line in lines if line[0] == import_id], actor)


def _bring(
    cursor: CursorWrapper,
    model: type[MedicalBill | ListEntry],
    import_id: int,
    lines: list[tuple[int, int, int]],
    actor,
) -> None:
    source = Import.objects.select_related("batch").get(pk=import_id)
    batch = open_batch(
        kind=BatchKind.MATCH,
        source=source.form,
        department=source.department,
        month=source.month,
        label=source.file_name,
        origin=source.batch,
        by=actor,
    )
    ids, rows, persons = (list(column) for column in zip(*lines, strict=True))
    ours = {"id", "batch_id", "replaced_in_id", "person_id"}
    kept = ", ".join(f.column for f in model._meta.concrete_fields if f.column not in ours)
    table = model._meta.db_table
    cursor.execute(f"UPDATE {table} SET replaced_in_id = %s WHERE id = ANY(%s)", [batch.pk, ids])
    cursor.execute(
        f"""INSERT INTO {table} (batch_id, person_id, {kept})
            SELECT %s, moved.person, {", ".join(f"l.{name.strip()}" for name in kept.split(","))}
            FROM unnest(%s::bigint[], %s::bigint[]) AS moved (line, person) JOIN {table} l ON l.id = moved.line""",
        [batch.pk, ids, persons],
    )
    cursor.execute(
        """UPDATE households_stagedrow s SET person_id = moved.person
           FROM unnest(%s::bigint[], %s::bigint[]) AS moved (row_id, person) WHERE s.id = moved.row_id""",
        [rows, persons],
    )
    announce(batch)
