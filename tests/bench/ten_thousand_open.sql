-- Of the million alerts ten thousand stay open, one in twenty of each level, village and deadline. After million_alerts.sql.
UPDATE alerts_alert SET status = 'closed', closed_at = now(), holder = 'county', due_on = NULL, verify_by = NULL,
                        verdict = 'no_risk', reason = 'able', outcome = 'no_risk', verified_at = now()
WHERE closed_at IS NULL AND id % 20 <> 0;
VACUUM FULL alerts_alert;
VACUUM ANALYZE alerts_alert;
