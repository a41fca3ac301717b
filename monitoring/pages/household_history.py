"""What was said of a household and when: each batch of evidence that touched it, newest first."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from households.desk.changes import Cause
from households.imports.readers import READERS
from households.models import BatchKind, EvidenceBatch, Household

SHOWN = 100
OWN = {
    "households_householdfact": "row.as_of",
    "households_householdmove": "row.since",
    "households_visit": "row.visited_on",
    "households_incomeline": "NULL::date",
}
# Rows about a person count while the person belongs to the household.
OF_PERSON = {
    "households_personfact": "row.as_of",
    "households_medicalbill": "row.settled_on",
    "households_listentry": "row.happened_on",
}


def _both(select: str, table: str, where: str) -> str:
    """Rows that a batch wrote, and rows that it replaced or took back."""
    return (
        select.format(batch="row.batch_id") + f" FROM {table} AS row {where}"
        f" UNION ALL {select.format(batch='row.replaced_in_id')} FROM {table} AS row {where}"
        " AND row.replaced_in_id IS NOT NULL"
    )


def _touched() -> str:
    parts = [
        "SELECT batch_id AS batch, NULL::date AS day, NULL::bigint AS person"
        " FROM households_household WHERE id = %(household)s"
    ]
    parts += [
        _both(f"SELECT {{batch}}, {day}, NULL::bigint", table, "WHERE row.household_id = %(household)s")
        for table, day in OWN.items()
    ]
    parts.append(
        _both(
            "SELECT {batch}, row.since, row.person_id",
            "households_membership",
            "WHERE row.household_id = %(household)s",
        )
    )
    parts += [
        _both(
            "SELECT {batch}, NULL::date, row.person_id",
            table,
            "JOIN members ON members.person_id = row.person_id"
            f" WHERE {day} BETWEEN coalesce(members.since, '-infinity') AND coalesce(members.until, 'infinity')",
        )
        for table, day in OF_PERSON.items()
    ]
    return " UNION ALL ".join(parts)


# One statement for whatever the household consists of; a probe of an index a member and table. A number that is
# given has no row of evidence: changes of the desk are told by their audit entries as well, with their day.
BATCHES = f"""
WITH members AS MATERIALIZED (
    SELECT person_id, since, until FROM households_membership
    WHERE household_id = %(household)s AND replaced_in_id IS NULL
),
desk AS MATERIALIZED (
    SELECT (detail ->> 'batch')::bigint AS batch, nullif(detail ->> 'day', '')::date AS day
    FROM households_auditentry
    WHERE subject = 'household' AND subject_id = %(household)s::text AND action = ANY(%(actions)s)
),
places AS MATERIALIZED (
    SELECT move.batch_id AS batch, former.name AS former, present.name AS present
    FROM households_householdmove AS move
    LEFT JOIN households_area AS former ON former.code = move.village_before
    LEFT JOIN households_area AS present ON present.code = move.village
    WHERE move.household_id = %(household)s
),
touched AS MATERIALIZED (
    SELECT rows.batch, max(rows.day) AS day, array_remove(array_agg(DISTINCT person.name), NULL) AS names
    FROM ({_touched()} UNION ALL SELECT batch, NULL, NULL FROM desk) AS rows
    LEFT JOIN households_person AS person ON person.id = rows.person
    GROUP BY rows.batch
)
SELECT batch.*, actor.name AS actor_name, former.source AS former_source, former.label AS former_label,
       touched.day AS day_of_rows, desk.day AS day_of_desk, touched.names, places.former AS village_before,
       places.present AS village
FROM touched
JOIN households_evidencebatch AS batch ON batch.id = touched.batch
LEFT JOIN households_user AS actor ON actor.id = batch.actor_id
LEFT JOIN households_evidencebatch AS former ON former.id = batch.retracts_id
LEFT JOIN desk ON desk.batch = batch.id
LEFT JOIN places ON places.batch = batch.id
ORDER BY batch.id DESC LIMIT {SHOWN}
"""


@dataclass(frozen=True)
class Happening:
    """One line of the history. ``on``: from when it holds, None where it speaks of no single day."""

    title: str
    text: str
    on: date | None
    recorded_at: datetime
    actor: str
    reason: str


def household_history(household: Household) -> list[Happening]:
    """The newest ``SHOWN`` batches that wrote, corrected or took back something of it. One query."""
    actions = [cause.action for cause in Cause]
    return [
        _happening(batch)
        for batch in EvidenceBatch.objects.raw(BATCHES, {"household": household.pk, "actions": actions})
    ]


def _happening(batch) -> Happening:
    """``batch``: an EvidenceBatch with the other columns of ``BATCHES``."""
    return Happening(
        title=_title(batch),
        text=_text(batch),
        on=batch.day_of_desk or batch.month or batch.day_of_rows,
        recorded_at=timezone.localtime(batch.recorded_at),
        actor=batch.actor_name or "",
        reason=batch.reason,
    )


def _title(batch) -> str:
    if batch.kind == BatchKind.DESK and batch.source in Cause.values:
        return str(Cause(batch.source).label)
    form = batch.former_source or batch.source
    if form in READERS:
        return _("%(kind)s: %(form)s") % {"kind": batch.get_kind_display(), "form": READERS[form].title}
    return batch.get_kind_display()


def _text(batch) -> str:
    """The file, the move, the persons: whatever says of what the line speaks."""
    parts = [batch.former_label or batch.label]
    if batch.village_before or batch.village:
        parts.append(f"{_short(batch.village_before) or '—'} → {_short(batch.village) or _('gone')}")
    if batch.kind != BatchKind.IMPORT:
        parts.append(_(", ").join(batch.names))
    return " · ".join(part for part in parts if part)


def _short(name: str | None) -> str:
    return (name or "").removesuffix("村民委员会").removesuffix("居民委员会")
