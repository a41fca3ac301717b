"""Which households a batch touches: those whose evidence it wrote, corrected or took back."""

OF_HOUSEHOLD = (
    "households_incomeline",
    "households_householdfact",
    "households_householdmove",
    "households_visit",
    "households_membership",
)
OF_PERSON = ("households_medicalbill", "households_personfact", "households_listentry")

_WROTE = "SELECT {owner} FROM {table} WHERE batch_id = ANY(%(batches)s)"
_REPLACED = "SELECT {owner} FROM {table} WHERE replaced_in_id = ANY(%(batches)s)"


def _rows(tables: tuple[str, ...], owner: str) -> str:
    return " UNION ALL ".join(
        part.format(owner=owner, table=table) for table in tables for part in (_WROTE, _REPLACED)
    )


# A common table expression over ``%(batches)s``. A person's evidence touches every household he belongs to or did.
AFFECTED = f"""affected AS MATERIALIZED (
    {_rows(OF_HOUSEHOLD, "household_id")}
    UNION
    SELECT id FROM households_household WHERE batch_id = ANY(%(batches)s)
    UNION
    SELECT membership.household_id
    FROM ({_rows(OF_PERSON, "person_id")}) AS touched
    JOIN households_membership AS membership ON membership.person_id = touched.person_id
)"""
