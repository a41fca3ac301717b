"""Walls of the judgment that Django's models cannot express: a sealed month never changes. Used by a migration."""

# A trigger "OF columns" fires only when one of them is set: linking findings with their alerts costs nothing.
FROZEN_FINDING = (
    'id, run_id, household_id, county, township, village, month, rule, level, "values", threshold, sentence_zh,'
    " sentence_en"
)

SEALED = f"""
CREATE FUNCTION sealed_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a sealed month never changes (%)', TG_TABLE_NAME;
END $$;
CREATE FUNCTION row_of_sealed_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM monitoring_judgmentrun AS run
               WHERE run.sealed_at IS NOT NULL AND run.id IN (OLD.run_id, NEW.run_id)) THEN
        RAISE EXCEPTION 'a sealed month never changes (%)', TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION sealed_run_gets_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM monitoring_judgmentrun AS run
               WHERE run.sealed_at IS NOT NULL AND run.id IN (SELECT run_id FROM added)) THEN
        RAISE EXCEPTION 'a sealed month never changes (%)', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON monitoring_judgmentrun
    FOR EACH ROW WHEN (OLD.sealed_at IS NOT NULL) EXECUTE FUNCTION sealed_run_stays();
CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON monitoring_runshard
    FOR EACH ROW EXECUTE FUNCTION row_of_sealed_run_stays();
CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON monitoring_householdmonth
    FOR EACH ROW EXECUTE FUNCTION row_of_sealed_run_stays();
CREATE TRIGGER sealed BEFORE UPDATE OF {FROZEN_FINDING} OR DELETE ON monitoring_finding
    FOR EACH ROW EXECUTE FUNCTION row_of_sealed_run_stays();
CREATE TRIGGER sealed_added AFTER INSERT ON monitoring_householdmonth REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sealed_run_gets_no_more();
CREATE TRIGGER sealed_added AFTER INSERT ON monitoring_finding REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sealed_run_gets_no_more();
"""
DROP_SEALED = """
DROP TRIGGER sealed_added ON monitoring_finding;
DROP TRIGGER sealed_added ON monitoring_householdmonth;
DROP TRIGGER sealed ON monitoring_finding;
DROP TRIGGER sealed ON monitoring_householdmonth;
DROP TRIGGER sealed ON monitoring_runshard;
DROP TRIGGER sealed ON monitoring_judgmentrun;
DROP FUNCTION sealed_run_gets_no_more();
DROP FUNCTION row_of_sealed_run_stays();
DROP FUNCTION sealed_run_stays();
"""
