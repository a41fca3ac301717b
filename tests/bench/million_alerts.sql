-- 250,000 households and a million alerts over 60 months in the 179 villages of the demo's county, and an event each.
-- About a fifth is open, most of it recent; the township 420527103 has no alert that is open and red. Each open one is
-- held by the level that its status says, and due within a month before or after today.
-- Into a database of its own, migrated and still empty. Two minutes. See lists.py.
\set ON_ERROR_STOP on
SELECT setseed(0.42);
INSERT INTO households_evidencebatch (kind, source, department, label, reason, recorded_at)
SELECT 'desk','','','measure','',now();
INSERT INTO households_household (code, county, township, village, head_name, head_pinyin, batch_id)
SELECT v.code || lpad((i/179)::text, 6, '0'), v.county, v.township, v.code, '户主' || i, '', b.id
FROM generate_series(0, 249999) i
JOIN (SELECT code, county, township, row_number() OVER (ORDER BY code) - 1 AS n FROM households_area WHERE level='village') v ON v.n = i % 179
CROSS JOIN (SELECT min(id) id FROM households_evidencebatch) b;
ANALYZE households_household;
CREATE TEMP TABLE raw AS
SELECT i, date '2021-01-01' + ((i * 60 / 1000000) || ' month')::interval AS first_month,
  1 + floor(random()*250000)::int AS household_n,
  random() AS k, random() AS lv, random() AS op, random() AS st, floor(random()*6)::int AS dur, random() AS nf
FROM generate_series(0, 999999) i;
CREATE TEMP TABLE hh AS SELECT id, county, township, village, row_number() OVER (ORDER BY id) AS n FROM households_household;
CREATE TEMP TABLE made AS
SELECT r.*, hh.id AS household_id, hh.county, hh.township, hh.village,
  CASE WHEN k<.05 THEN 'INC01' WHEN k<.2 THEN 'INC02' WHEN k<.45 THEN 'INC03' WHEN k<.65 THEN 'MED01' WHEN k<.68 THEN 'MED02' WHEN k<.75 THEN 'MED07' ELSE 'MED09' END AS kind,
  CASE WHEN lv<.08 THEN 'red' WHEN lv<.98 THEN 'yellow' ELSE 'blue' END AS level,
  CASE WHEN i > 850000 THEN op < .75 ELSE op < .12 END AS wants_open
FROM raw r JOIN hh ON hh.n = r.household_n;
CREATE TEMP TABLE ready AS
SELECT *, wants_open AND NOT (township='420527103' AND level='red') AND row_number() OVER (PARTITION BY household_id, kind, wants_open ORDER BY i DESC) = 1 AS is_open FROM made;
INSERT INTO alerts_alert (household_id, county, township, village, kind_id, level, status, values, threshold, sentence_zh, sentence_en,
  first_month, last_month, months_found, not_found_month, first_run, last_run, raised_at, changed_at, closed_at,
  holder, due_on, verify_by, dispatched_at, verified_at, verdict, reason, outcome)
SELECT household_id, county, township, village, kind, level,
  CASE WHEN is_open THEN (CASE WHEN st<.6 THEN 'raised' WHEN st<.85 THEN 'dispatched' WHEN st<.97 THEN 'acknowledged' ELSE 'verified' END)
       ELSE (CASE WHEN st<.9 THEN 'closed' ELSE 'withdrawn' END) END,
  '{"net": 21345.5, "members": 4, "net_per_head": 5336.375}', '{"code": "income_line", "unit": "yuan", "value": "6900.0000", "document": "鄂乡振发〔2022〕1号", "standing": "inferred", "valid_from": "2022-01-01"}',
  '人均纯收入 5,336.38 元，低于 2022 年监测范围 6,900.00 元', 'Net income per head 5,336.38 yuan, below the 2022 line of 6,900.00 yuan',
  first_month, LEAST(first_month + (dur || ' month')::interval, date '2025-12-01'), dur+1,
  CASE WHEN is_open AND nf<.1 AND first_month + ((dur+1) || ' month')::interval <= date '2025-12-01' THEN (first_month + ((dur+1) || ' month')::interval)::date END,
  1, 1, first_month + interval '1 month', now(), CASE WHEN is_open THEN NULL ELSE now() END,
  CASE WHEN NOT is_open OR st<.6 THEN 'county' WHEN st<.65 OR st>=.97 THEN 'township' ELSE 'village' END,
  CASE WHEN is_open THEN current_date + (dur - 2 + (i % 11) * (i % 5) - 10) END, CASE WHEN is_open AND st>=.6 THEN current_date + (i % 15) END,
  CASE WHEN st>=.6 OR NOT is_open THEN first_month + interval '1 month 1 day' END,
  CASE WHEN st>=.97 OR NOT is_open THEN first_month + interval '1 month 6 days' END,
  CASE WHEN is_open AND st<.97 THEN '' WHEN k<.3 THEN 'confirmed' ELSE 'no_risk' END,
  CASE WHEN is_open AND st<.97 OR k<.3 THEN '' WHEN k<.5 THEN 'data_wrong' ELSE 'able' END,
  CASE WHEN is_open THEN '' WHEN k<.1 THEN 'to_identify' WHEN k<.3 THEN 'measures' ELSE 'no_risk' END
FROM ready ORDER BY first_month, township, household_id;
VACUUM ANALYZE alerts_alert;
INSERT INTO households_event (number, at, kind, subject, subject_id, status_before, status_after, level_before, level_after, county, township, village, run_id)
SELECT row_number() OVER (ORDER BY id), now(), 'alert_raised', 'alert', id, '', 'raised', '', level, county, township, village, 1
FROM alerts_alert ORDER BY id;
VACUUM ANALYZE households_event;
