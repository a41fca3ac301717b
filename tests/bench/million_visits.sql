-- 250,000 households and a million visits of the last 1,000 days in the 179 villages of the demo's county. A fifth of
-- the households was lifted out of poverty, one in 25 is monitored, 200,000 have an open alert. Every fiftieth visit
-- contradicts the register, of which 2,000 wait; of 20,000 uploads 2,000 do. A campaign of the county runs.
-- Into a database of its own, migrated and still empty. See visit_lists.py.
\set ON_ERROR_STOP on
SELECT setseed(0.42);
INSERT INTO households_evidencebatch (kind, source, department, label, recorded_at, reason)
SELECT CASE WHEN i % 2 = 0 THEN 'tablet' ELSE 'desk' END, 'visit', '', '', now() - (50000 - i) * interval '29 minutes', ''
FROM generate_series(1, 50000) i;
INSERT INTO households_household (county, township, village, head_name, head_pinyin, batch_id, hamlet)
SELECT v.county, v.township, v.code, '户主' || i, '', b.id, (i % 8 + 1) || '组'
FROM generate_series(0, 249999) i
JOIN (SELECT code, county, township, row_number() OVER (ORDER BY code) - 1 AS n FROM households_area WHERE level = 'village') v ON v.n = i % 179
CROSS JOIN (SELECT min(id) id FROM households_evidencebatch) b;
CREATE TEMP TABLE hh AS SELECT id, county, township, village, row_number() OVER (ORDER BY id) AS n FROM households_household;
CREATE UNIQUE INDEX ON hh (n);
INSERT INTO households_householdfact (household_id, as_of, kind, category, monitored_since, risk_eliminated, eliminated_on, batch_id)
SELECT id, d, CASE WHEN n % 5 = 0 THEN 'lifted' ELSE 'ordinary' END, CASE WHEN n % 25 = 0 THEN 'marginal' ELSE '' END,
  CASE WHEN n % 25 = 0 THEN date '2023-01-01' END, CASE WHEN n % 25 = 0 THEN n % 75 = 0 END,
  CASE WHEN n % 75 = 0 THEN date '2024-06-01' END, (SELECT min(id) FROM households_evidencebatch)
FROM hh, (VALUES (date '2020-01-01'), (date '2025-01-01')) AS x(d) WHERE d = date '2020-01-01' OR n % 2 = 0;
CREATE TEMP TABLE bb AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM households_evidencebatch;
CREATE UNIQUE INDEX ON bb (n);
INSERT INTO households_visit (uid, household_id, county, township, village, visited_on, method, words, needs, risks, batch_id, form, clock_behind, unchanged)
SELECT gen_random_uuid(), hh.id, hh.county, hh.township, hh.village, current_date - ((1000000 - i) / 1000)::int,
  (ARRAY['home', 'home', 'home', 'phone', 'video'])[1 + i % 5], '一切如常', '', CASE WHEN i % 40 = 0 THEN ARRAY['illness'] ELSE '{}'::varchar[] END,
  bb.id, 1, CASE WHEN i % 5000 = 0 THEN 90000 WHEN i % 2 = 0 THEN 3 END, i % 3 <> 0
FROM generate_series(1, 1000000) i
JOIN hh ON hh.n = 1 + (i * 7919::bigint) % 250000
JOIN bb ON bb.n = 1 + (i - 1) / 20;
INSERT INTO households_visitanswer (visit_id, county, township, village, section, line, field, said, stood, seen, state, decided_by_id, decided_at, item, kind, decision)
SELECT id, county, township, village, 'house', 0, 'house_grade', '"C"', '"B"', '"B"',
  CASE WHEN id % 500 = 0 THEN 'asked' ELSE 'accepted' END, CASE WHEN id % 500 <> 0 THEN (SELECT max(id) FROM households_user) END,
  CASE WHEN id % 500 <> 0 THEN now() END, '', '', ''
FROM households_visit WHERE id % 50 = 0;
INSERT INTO monitoring_upload (uid, digest, sender_id, tablet, household_id, county, township, village, payload_sealed, received_at, state, held_for, answer, decision)
SELECT gen_random_uuid(), sha256(i::text::bytea), (SELECT max(id) FROM households_user), gen_random_uuid(), hh.id, hh.county, hh.township, hh.village, '\x00', now(),
  CASE WHEN i % 10 = 0 THEN 'held' ELSE 'stored' END, CASE WHEN i % 10 = 0 THEN 'posting' ELSE '' END, '{}', ''
FROM generate_series(1, 20000) i JOIN hh ON hh.n = 1 + (i * 7919::bigint) % 250000;
INSERT INTO alerts_alert (county, township, village, household_id, kind_id, level, status, values, threshold, sentence_zh, sentence_en, first_month, last_month, months_found, raised_at, changed_at)
SELECT hh.county, hh.township, hh.village, hh.id, (SELECT min(code) FROM alerts_alertkind), (ARRAY['red', 'yellow', 'blue'])[1 + i % 3], 'raised', '{}', '{}', '人均纯收入低于监测范围', '', date '2026-10-01', date '2026-10-01', 1,
  now() - (i % 100) * interval '1 day', now()
FROM generate_series(1, 200000) i JOIN hh ON hh.n = i;
INSERT INTO households_campaign (county, name, words, starts_on, ends_on, everybody, created_at, created_by_id)
SELECT '420527', '集中排查', '', current_date - 60, current_date + 30, true, now(), (SELECT max(id) FROM households_user);
DROP TABLE hh, bb;
VACUUM (ANALYZE) households_household;
VACUUM (ANALYZE) households_householdfact;
VACUUM (ANALYZE) households_visit;
VACUUM (ANALYZE) households_visitanswer;
VACUUM (ANALYZE) monitoring_upload;
VACUUM (ANALYZE) alerts_alert;
