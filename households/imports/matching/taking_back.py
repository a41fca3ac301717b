"""Taking the rows of an import back, in sets: one batch stamps what the import wrote and writes again what it had
corrected.

Evidence only grows, so a row that comes back is a copy of the one that the import replaced. Three kinds of rows
stay as they are: those of households that are kept, those that a later file says too, and what somebody corrected
since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from households.evidence.models import Evidence, IncomeLine, ListEntry, MedicalBill
from households.imports.declaration import Plan
from households.imports.matching import visited
from households.imports.matching.lines import SUBJECT_KEY, LinePlan
from households.imports.matching.work import from_payload
from households.registry.models import HouseholdFact, HouseholdMove, Membership, PersonFact


@dataclass(frozen=True)
class Table:
    """One table of evidence that imports write.

    ``key``: what names the thing a row speaks of. ``together``: the rows of one owner stand or go as one.
    """

    model: type[Evidence]
    owner: str
    key: tuple[str, ...]
    together: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def copied(self) -> list[str]:
        """Columns of a row that are its own."""
        of_batch = ("id", "batch_id", "replaced_in_id")
        columns = [str(field.column) for field in self.model._meta.concrete_fields]
        return [column for column in columns if column not in of_batch]


# Before anything that is judged: since when a household is no more that only a file taken back had named.
FIRST_DAY = date(1900, 1, 1)

# Moves come last: whether such a household is back depends on what is said of it.
TABLES = (
    Table(IncomeLine, "household_id", ("household_id", "month", "kind", "item")),
    Table(MedicalBill, "person_id", ("person_id", "settled_on", "visit_kind", "total_cost")),
    Table(ListEntry, "person_id", ("person_id", "list", "happened_on", "kind")),
    Table(HouseholdFact, "household_id", ("household_id", "as_of")),
    Table(PersonFact, "person_id", ("person_id", "as_of")),
    Table(Membership, "person_id", ("person_id",), together=True),
    Table(HouseholdMove, "household_id", ("household_id",), together=True),
)


@dataclass(frozen=True)
class Taking:
    """What is taken back: an import of a form, its batch and those of its matched rows, in which batch."""

    import_id: int
    form: str
    plan: Plan
    batch_id: int
    batches: list[int]
    retraction_id: int

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "import": self.import_id,
            "form": self.form,
            "batch": self.batch_id,
            "batches": self.batches,
            "retraction": self.retraction_id,
        }


# Whether the batch ``{b}`` (or the import whose waiting rows it wrote) was taken back before.
_TAKEN = (
    "EXISTS (SELECT FROM households_evidencebatch r"
    " WHERE r.retracts_id = coalesce({b}.origin_id, {b}.id) AND r.id <> %(retraction)s)"
)
# Whether a batch is somebody else's word, later than the import's and still standing.
_STANDS = f"({{b}}.id <> ALL(%(batches)s) AND {{b}}.kind <> 'retraction' AND NOT {_TAKEN})"

KEPT = """
DROP TABLE IF EXISTS undo_kept, undo_kept_persons;
CREATE TEMP TABLE undo_kept ON COMMIT DROP AS SELECT unnest(%(kept)s::bigint[]) AS household_id;
CREATE TEMP TABLE undo_kept_persons ON COMMIT DROP AS
SELECT DISTINCT m.person_id FROM households_membership m JOIN undo_kept k ON k.household_id = m.household_id;
"""

# What committed files say without having written it: it stood in the register already.
SAID = """
SELECT {by_this} AS by_this, i.batch_id AS said_in, i.as_of, s.household_id, s.person_id{values}
FROM households_stagedrow s JOIN households_import i ON i.id = s.import_file_id
WHERE i.form = %(form)s AND i.state = 'committed' AND s.{owner} IS NOT NULL AND {same} AND {which}
"""
_BY_THIS = "i.id = %(import)s"
_BY_LATER = "i.batch_id > %(batch)s AND s.{owner} IN (SELECT owner FROM undo_rows)"

# Rows of the import, and those that are its word although another batch holds them: copies that an undo made of
# them, and rows of a file taken back that stayed because this one says them too.
FIND = """
CREATE TEMP TABLE undo_rows ON COMMIT DROP AS
WITH RECURSIVE ours AS (
    SELECT t.id, t.{owner} AS owner, t.replaced_in_id FROM {table} t WHERE t.batch_id = ANY(%(batches)s)
    UNION ALL
    SELECT c.id, c.{owner}, c.replaced_in_id
    FROM ours
    JOIN households_evidencebatch replacing ON replacing.id = ours.replaced_in_id
    JOIN households_evidencebatch undone
        ON undone.retracts_id = coalesce(replacing.origin_id, replacing.id) AND undone.id <> %(retraction)s
    JOIN {table} t ON t.id = ours.id
    JOIN {table} c ON c.batch_id = undone.id AND {is_copy}
)
SELECT id, owner, false AS spared FROM ours
UNION
SELECT t.id, t.{owner}, false
FROM undo_said said
JOIN {table} t ON {says} AND t.replaced_in_id IS NULL
JOIN households_evidencebatch b ON b.id = t.batch_id
WHERE said.by_this AND b.id <> ALL(%(batches)s) AND (b.kind = 'retraction' OR {taken}) AND NOT EXISTS (
    SELECT FROM {table} c
    JOIN households_evidencebatch replacing ON replacing.id = c.replaced_in_id
    JOIN households_evidencebatch source ON source.id = c.batch_id
    WHERE b.retracts_id = coalesce(replacing.origin_id, replacing.id) AND {is_copy} AND NOT {source_taken});
ALTER TABLE undo_rows ADD PRIMARY KEY (id);
CREATE INDEX ON undo_rows (owner);
ANALYZE undo_rows;
"""

SPARE = """
UPDATE undo_rows u SET spared = true FROM {table} t
WHERE t.id = u.id AND t.replaced_in_id IS NULL
  AND ({kept} OR EXISTS (SELECT FROM undo_said said WHERE NOT said.by_this AND {says}));
"""
# Where the rows of an owner are one story, somebody's later word on it lets the whole story stand.
SPARE_TOGETHER = """
UPDATE undo_rows u SET spared = true
WHERE EXISTS (SELECT FROM undo_rows o WHERE o.owner = u.owner AND o.spared)
   OR EXISTS (SELECT FROM {table} t JOIN undo_rows o ON o.id = t.id
              JOIN households_evidencebatch b ON b.id = t.replaced_in_id WHERE o.owner = u.owner AND {stands})
   OR EXISTS (SELECT FROM {table} t JOIN households_evidencebatch b ON b.id = t.batch_id
              WHERE t.{owner} = u.owner AND b.id > %(batch)s AND {stands});
"""

STAMP = """
UPDATE {table} t SET replaced_in_id = %(retraction)s FROM undo_rows u
WHERE u.id = t.id AND NOT u.spared AND t.replaced_in_id IS NULL
"""

# An event that a later list tells too was told first by the file taken back: now it belongs to that later month.
RETELL = """
INSERT INTO {table} (batch_id, {owner}, list, {names})
SELECT DISTINCT ON (t.id) %(retraction)s, t.{owner}, t.list, {said}
FROM {table} t JOIN undo_said said ON NOT said.by_this AND {told}
WHERE t.replaced_in_id = %(retraction)s ORDER BY t.id, said.month
"""

# The last word before the import's on what it had corrected, unless somebody has spoken since.
RESTORED = """
FROM {table} t JOIN households_evidencebatch b ON b.id = t.batch_id
WHERE t.replaced_in_id = ANY(%(batches)s) AND NOT EXISTS (SELECT FROM undo_rows u WHERE u.id = t.id)
  AND NOT {taken}
  AND NOT EXISTS (
    SELECT FROM {table} c
    JOIN households_evidencebatch replacing ON replacing.id = c.replaced_in_id
    JOIN households_evidencebatch source ON source.id = c.batch_id
    WHERE b.retracts_id = coalesce(replacing.origin_id, replacing.id) AND {is_copy} AND {source_taken})
  AND NOT EXISTS (
    SELECT FROM {table} y LEFT JOIN undo_rows u ON u.id = y.id
    JOIN households_evidencebatch yb ON yb.id = y.batch_id
    LEFT JOIN households_evidencebatch b2 ON b2.id = y.replaced_in_id
    WHERE {same_key} AND y.id > t.id AND CASE
        WHEN u.id IS NULL THEN y.batch_id > %(batch)s AND NOT {later_taken}
        ELSE y.replaced_in_id IS NULL OR {corrected} END)
"""
RESTORE = "INSERT INTO {table} (batch_id, {copied}) SELECT %(retraction)s, {values} " + RESTORED
# The walls of the table hold meanwhile: one household at a time, one head.
RESTORE_MEMBERS = """
WITH back AS (SELECT t.* {restored} AND NOT EXISTS (
    SELECT FROM {table} o WHERE o.person_id = t.person_id AND o.replaced_in_id IS NULL
      AND daterange(o.since, o.until, '[]') && daterange(t.since, t.until, '[]')))
INSERT INTO {table} (batch_id, {copied})
SELECT %(retraction)s, {values} FROM (
    SELECT k.*, k.is_head AND (k.until IS NOT NULL OR
        row_number() OVER (PARTITION BY k.household_id, k.is_head, k.until IS NULL ORDER BY k.id DESC) = 1
        AND NOT EXISTS (SELECT FROM {table} o WHERE o.household_id = k.household_id AND o.is_head
                          AND o.until IS NULL AND o.replaced_in_id IS NULL)) AS head_again
    FROM back k) t
"""


# A later file's row was not put into the queue because this import's row waited there already: now it is.
WAIT_AGAIN = """
UPDATE households_stagedrow s SET outcome = 'waiting', reasons = again.reasons
FROM (
    SELECT DISTINCT ON (q.id) l.id, q.reasons
    FROM households_stagedrow q
    JOIN households_import this ON this.id = q.import_file_id
    JOIN households_import i ON i.form = this.form AND i.state = 'committed' AND i.id <> this.id
    JOIN households_stagedrow l ON l.import_file_id = i.id AND l.outcome = 'same' AND l.{subject} = q.{subject}
    WHERE q.import_file_id = %(import)s AND q.outcome = 'waiting'
      AND (q.resolved_at IS NULL OR q.person_id IS NOT NULL OR q.household_id IS NOT NULL)
      AND l.reasons @> '[{{"code": "waiting_already"}}]' AND {same}
    ORDER BY q.id, l.id) again
WHERE s.id = again.id
"""


def take_back(taking: Taking, *, kept: set[int]) -> None:
    """Stamps and restores in every table. ``kept``: households whose rows stay."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, {"kept": sorted(kept)})
        for table in TABLES:
            _take_table(cursor, taking, table)
            if table.model in (HouseholdFact, PersonFact):
                visited.follow_undo(cursor, table.model, table.owner, taking.retraction_id)


def wait_again(taking: Taking) -> None:
    """What only waited in the queue of the import, and stands in a later file too, waits there from now on."""
    plan = taking.plan
    if not isinstance(plan, LinePlan):
        return
    names = [name for name in (*plan.key, *plan.compared) if name != "month" or not plan.list_name]
    same = [f"l.payload -> '{name}' IS NOT DISTINCT FROM q.payload -> '{name}'" for name in names]
    if plan.list_name and "month" in plan.key:
        same.append("i.month = this.month")
    with connection.cursor() as cursor:
        cursor.execute(
            WAIT_AGAIN.format(subject=SUBJECT_KEY[plan.subject], same=" AND ".join(same)), taking.parameters
        )


def _take_table(cursor: CursorWrapper, taking: Taking, table: Table) -> None:
    says, told = _says(taking, table), _told(taking, table)
    values = _said_values(taking, table)
    of_this = _BY_THIS
    if values is None:
        # The form of this import does not write here.
        says, values, of_this = "false", {}, "false"
    words = _words(table) | {"says": says, "told": told}
    listed = "".join(f", {sql} AS {name}" for name, sql in values.items())
    same = _outcomes(taking)
    cursor.execute("DROP TABLE IF EXISTS undo_rows, undo_said")
    this = SAID.format(by_this="true", values=listed, owner=table.owner, same=same, which=of_this)
    cursor.execute(f"CREATE TEMP TABLE undo_said ON COMMIT DROP AS {this}", taking.parameters)
    cursor.execute(f"CREATE INDEX ON undo_said ({table.owner}); ANALYZE undo_said")
    cursor.execute(FIND.format(**words), taking.parameters)
    later = _BY_LATER.format(owner=table.owner) if of_this == _BY_THIS else "false"
    others = SAID.format(by_this="false", values=listed, owner=table.owner, same=same, which=later)
    cursor.execute(f"INSERT INTO undo_said {others}; ANALYZE undo_said", taking.parameters)
    cursor.execute(SPARE.format(**words), taking.parameters)
    if table.together:
        cursor.execute(SPARE_TOGETHER.format(**words), taking.parameters)
    cursor.execute(STAMP.format(**words), taking.parameters)
    if told:
        names = [name for name in values if name not in ("list", table.owner)]
        words |= {"names": ", ".join(names), "said": ", ".join(f"said.{name}" for name in names)}
        cursor.execute(RETELL.format(**words), taking.parameters)
    _restore(cursor, taking, table, words)


def _restore(cursor: CursorWrapper, taking: Taking, table: Table, words: Mapping[str, str]) -> None:
    words = {**words, "same_key": _equal(_key(taking, table), "y", "t"), "copied": ", ".join(table.copied)}
    if table.model is Membership:
        values = ", ".join("t.head_again" if name == "is_head" else f"t.{name}" for name in table.copied)
        words |= {"restored": RESTORED.format(**words), "values": values}
        cursor.execute(RESTORE_MEMBERS.format(**words), taking.parameters)
    else:
        words["values"] = ", ".join(f"t.{name}" for name in table.copied)
        cursor.execute(RESTORE.format(**words), taking.parameters)


def _words(table: Table) -> dict[str, str]:
    return {
        "table": table.name,
        "owner": table.owner,
        "is_copy": _equal((table.owner, *table.copied), "c", "t"),
        "kept": _is_kept(table),
        "taken": _TAKEN.format(b="b"),
        "source_taken": _TAKEN.format(b="source"),
        "later_taken": _TAKEN.format(b="yb"),
        "stands": _STANDS.format(b="b"),
        "corrected": _STANDS.format(b="b2"),
    }


def _equal(names: tuple[str, ...], left: str, right: str) -> str:
    """SQL: two rows agree. The first name is never null, so an index is used."""
    first, *rest = names
    tests = [f"{left}.{first} = {right}.{first}"]
    return " AND ".join(tests + [f"{left}.{name} IS NOT DISTINCT FROM {right}.{name}" for name in rest])


def _is_kept(table: Table) -> str:
    household = "t.household_id IN (SELECT household_id FROM undo_kept)"
    person = "t.person_id IN (SELECT person_id FROM undo_kept_persons)"
    if table.model is HouseholdMove:
        return f"{household} OR t.since = '{FIRST_DAY}' AND {spoken_of('t.household_id')}"
    if table.model is Membership:
        return f"{household} OR {person}"
    return household if table.owner == "household_id" else person


def _writes(taking: Taking, table: Table) -> LinePlan | None:
    """The plan of lines that fills a table, if this import's is one."""
    plan = taking.plan
    return plan if isinstance(plan, LinePlan) and plan.table == table.name else None


def _key(taking: Taking, table: Table) -> tuple[str, ...]:
    plan = _writes(taking, table)
    if plan is None:
        return table.key
    return (table.owner, *(["list"] if plan.list_name else []), *plan.key)


def _outcomes(taking: Taking) -> str:
    """Staged rows that wrote nothing because the register said it already."""
    if isinstance(taking.plan, LinePlan):
        return "(s.outcome = 'same' OR s.outcome = 'waiting' AND s.resolved_at IS NOT NULL)"
    return "s.outcome IN ('same', 'changed')"


def _said_values(taking: Taking, table: Table) -> dict[str, str] | None:
    """Name → SQL of what a staged row says of a table; ``None`` when the form does not write there."""
    plan = _writes(taking, table)
    if plan is not None:
        columns = {**plan.key, **plan.compared, **plan.carried}
        of_file = {"list": f"'{plan.list_name}'", "month": "i.month"} if plan.list_name else {}
        return from_payload({name: kind for name, kind in columns.items() if name not in of_file}) | of_file
    if isinstance(taking.plan, LinePlan) or table.name not in taking.plan.tables:
        return None
    return {"village": "s.payload ->> 'village'"} if table.model is HouseholdMove else {}


def _says(taking: Taking, table: Table) -> str:
    """SQL: what is said in ``said`` is the row ``t``, on whose word alone it would stand as well."""
    plan = _writes(taking, table)
    if plan is not None:
        names = [*plan.key, *plan.compared, *plan.carried, *(["list", "month"] if plan.list_name else [])]
        return _equal((table.owner, *dict.fromkeys(names)), "said", "t")
    own = (
        f"EXISTS (SELECT FROM {table.name} o JOIN households_evidencebatch ob ON ob.id = o.batch_id"
        f" WHERE o.{table.owner} = t.{table.owner} AND said.said_in IN (ob.id, ob.origin_id))"
    )
    if table.model is HouseholdMove:
        return f"said.household_id = t.household_id AND said.village = t.village AND NOT {own}"
    if table.model is Membership:
        return f"said.person_id = t.person_id AND said.household_id = t.household_id AND NOT {own}"
    newer = (
        f"EXISTS (SELECT FROM {table.name} g WHERE g.{table.owner} = t.{table.owner} AND g.replaced_in_id IS NULL"
        " AND g.as_of > t.as_of AND g.as_of <= said.as_of)"
    )
    return f"said.{table.owner} = t.{table.owner} AND said.as_of >= t.as_of AND NOT {newer} AND NOT {own}"


def _told(taking: Taking, table: Table) -> str:
    """SQL: ``said`` tells the event ``t`` in a later month. Empty where nothing is told twice."""
    plan = _writes(taking, table)
    if plan is None or not plan.list_name or "month" in plan.key:
        return ""
    names = (table.owner, "list", *plan.key, *plan.compared)
    return f"{_equal(names, 'said', 't')} AND said.month > t.month"


def spoken_of(household: str) -> str:
    """SQL: some evidence speaks of a household."""
    tables = [IncomeLine, HouseholdFact, Membership]
    names = [model._meta.db_table for model in tables] + ["households_visit"]
    return (
        "("
        + " OR ".join(
            f"EXISTS (SELECT FROM {name} e WHERE e.household_id = {household} AND e.replaced_in_id IS NULL)"
            for name in names
        )
        + ")"
    )
