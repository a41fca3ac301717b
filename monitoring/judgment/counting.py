"""What counts for a run, as SQL: rows up to the cut-off, and the newest of several facts."""

# A row counts when its batch has a position up to the cut-off and what replaced it, if anything, has not.
# IS TRUE keeps this a hashed look-up: as a join, a planner that believes in two batches goes through the
# whole township once for each of ten thousand.
COUNTS = (
    "({row}.batch_id IN (SELECT id FROM visible)) IS TRUE"
    " AND ({row}.replaced_in_id IN (SELECT id FROM visible)) IS NOT TRUE"
)

# The one recorded last first. By its own number: the batch's position would be looked up for every fact.
RECORDED = "fact.id DESC"

# The newest fact of the month; what was first known later stands for the time before.
NEWEST = f"""
    (fact.as_of <= %(month_end)s) DESC,
    CASE WHEN fact.as_of <= %(month_end)s THEN fact.as_of END DESC,
    fact.as_of, {RECORDED}
"""


def counts(row: str) -> str:
    """The condition that a row (an alias in the statement) counts."""
    return COUNTS.format(row=row)
