"""Walls that Django's models cannot express: composite keys, and tables that only grow. Used by migrations."""

COMPOSITE_KEYS = """
ALTER TABLE households_household ADD CONSTRAINT household_lies_in_area
    FOREIGN KEY (village, township, county) REFERENCES households_area (village, township, county)
    ON UPDATE CASCADE;
"""
DROP_COMPOSITE_KEYS = "ALTER TABLE households_household DROP CONSTRAINT household_lies_in_area;"

EVIDENCE_TABLES = (
    "households_incomeline",
    "households_medicalbill",
    "households_householdfact",
    "households_personfact",
    "households_membership",
)

APPEND_ONLY = """
CREATE FUNCTION evidence_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'evidence is never deleted (%)', TG_TABLE_NAME;
    END IF;
    IF OLD.replaced_in_id IS NOT NULL
       OR to_jsonb(NEW) - 'replaced_in_id' IS DISTINCT FROM to_jsonb(OLD) - 'replaced_in_id' THEN
        RAISE EXCEPTION 'evidence is corrected by a new row (%)', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION evidence_append_only();\n"
    for table in EVIDENCE_TABLES
)
DROP_APPEND_ONLY = (
    "".join(f"DROP TRIGGER append_only ON {table};\n" for table in EVIDENCE_TABLES)
    + "DROP FUNCTION evidence_append_only();"
)

MORE_EVIDENCE_TABLES = ("households_listentry", "households_householdmove", "households_visit")
APPEND_ONLY_MORE = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION evidence_append_only();\n"
    for table in MORE_EVIDENCE_TABLES
)
DROP_APPEND_ONLY_MORE = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in MORE_EVIDENCE_TABLES)

# Facts written before birth dates were evidence get the one that is known.
KEEP_BIRTH_DATES = """
ALTER TABLE households_personfact DISABLE TRIGGER append_only;
UPDATE households_personfact AS fact SET born_on = person.born_on
FROM households_person AS person WHERE person.id = fact.person_id;
ALTER TABLE households_personfact ENABLE TRIGGER append_only;
"""

# Visits written before they carried a place get the one where the household lives.
PLACE_VISITS = """
ALTER TABLE households_visit DISABLE TRIGGER append_only;
UPDATE households_visit AS visit SET county = household.county, township = household.township,
    village = household.village
FROM households_household AS household WHERE household.id = visit.household_id;
ALTER TABLE households_visit ENABLE TRIGGER append_only;
"""

# The publisher gives an event its number, the chain gives an audit row its number and digest, once.
LEDGER = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.number IS NOT NULL
       OR to_jsonb(NEW) - 'number' - 'digest' IS DISTINCT FROM to_jsonb(OLD) - 'number' - 'digest' THEN
        RAISE EXCEPTION 'the ledger only grows (%)', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON households_event
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON households_auditentry
    FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""
DROP_LEDGER = """
DROP TRIGGER append_only ON households_event;
DROP TRIGGER append_only ON households_auditentry;
DROP FUNCTION ledger_append_only();
"""
