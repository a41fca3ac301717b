-- The bare baseline: the findings of every rule on indicators, over what indicators.sql wrote.
WITH month AS (
    SELECT * FROM monitoring_householdmonth WHERE run_id = %(run)s
), found (rule, household_id, county, township, village, level, values, threshold, zh, en) AS (
    SELECT 'INC01', household_id, county, township, village,
           CASE WHEN net < members * %(income_line)s * %(income_red_share)s THEN 'red' ELSE 'yellow' END,
           jsonb_build_object('net_per_head', round(net / members, 4), 'net', net, 'members', members), 'income_line',
           '人均纯收入 ' || to_char(round(net / members, 2), 'FM999G999G999G990D00'), 'Net income per head'
    FROM month WHERE net < members * %(income_line)s
    UNION ALL
    SELECT 'INC02', household_id, county, township, village, 'yellow',
           jsonb_build_object('reference_per_head', round((net + claims - self_pay) / members, 4), 'net', net,
                              'net_per_head', round(net / members, 4), 'self_pay', self_pay, 'claims', claims,
                              'members', members), 'income_line',
           '扣除自付后人均 ' || to_char(round((net + claims - self_pay) / members, 2), 'FM999G999G999G990D00'), 'After'
    FROM month WHERE net >= members * %(income_line)s AND net + claims - self_pay < members * %(income_line)s
    UNION ALL
    SELECT 'INC03', household_id, county, township, village, 'yellow',
           jsonb_build_object('net', net, 'previous_net', previous_net, 'share', round(net / previous_net, 4)),
           'income_fall_share', '近12个月 ' || to_char(net, 'FM999G999G999G990D00'), 'Net income of 12 months'
    FROM month WHERE previous_net > 0 AND net <= previous_net * %(income_fall_share)s
    UNION ALL
    SELECT 'MED01', household_id, county, township, village, 'yellow',
           jsonb_build_object('inpatient_year', inpatient_year), 'inpatient_year_lifted',
           '住院累计自付 ' || to_char(inpatient_year, 'FM999G999G999G990D00'), 'In-patient self-pay'
    FROM month WHERE (lifted OR monitored) AND inpatient_year >= %(inpatient_year_lifted)s
    UNION ALL
    SELECT 'MED02', household_id, county, township, village, 'red',
           jsonb_build_object('inpatient_year', inpatient_year), 'inpatient_year_other',
           '住院累计自付 ' || to_char(inpatient_year, 'FM999G999G999G990D00'), 'In-patient self-pay'
    FROM month WHERE NOT lifted AND NOT monitored AND inpatient_year >= %(inpatient_year_other)s
    UNION ALL
    SELECT 'MED03', household_id, county, township, village, 'blue',
           jsonb_build_object('outpatient_month', outpatient_month), 'outpatient_month_line',
           '门诊自付 ' || to_char(outpatient_month, 'FM999G999G999G990D00'), 'Out-patient self-pay'
    FROM month WHERE outpatient_month >= %(outpatient_month_line)s
    UNION ALL
    SELECT 'MED05', household_id, county, township, village, 'red', jsonb_build_object('paid_year', paid_year),
           'rural_income_last_year', '医疗自付 ' || to_char(paid_year, 'FM999G999G999G990D00'), 'Medical self-pay'
    FROM month WHERE NOT lifted AND NOT monitored AND paid_year > %(rural_income_last_year)s
    UNION ALL
    SELECT 'MED07', household_id, county, township, village, 'yellow',
           jsonb_build_object('largest_stay', largest_stay),
           CASE WHEN monitored_open THEN 'single_stay_monitored' ELSE 'single_stay_other' END,
           '一次住院自付 ' || to_char(largest_stay, 'FM999G999G999G990D00'), 'One stay'
    FROM month WHERE monitored_open AND largest_stay > %(single_stay_monitored)s
                  OR largest_stay > %(single_stay_other)s
    UNION ALL
    SELECT 'MED09', household_id, county, township, village, 'yellow',
           jsonb_build_object('uninsured_members', uninsured_members, 'members', members), '',
           uninsured_members || ' 名成员未参保', 'Without insurance'
    FROM month WHERE uninsured_members > 0
    UNION ALL
    SELECT 'EDU02', household_id, county, township, village, 'red',
           jsonb_build_object('dropouts_listed', dropouts_listed, 'dropouts_registered', dropouts_registered), '',
           '失学辍学', 'Out of school'
    FROM month WHERE dropouts_listed > 0 OR dropouts_registered > 0
    UNION ALL
    SELECT 'EDU03', household_id, county, township, village, 'blue',
           jsonb_build_object('students_above', students_above), 'students_above_line', '在读', 'Students'
    FROM month WHERE students_above >= %(students_above_line)s
    UNION ALL
    SELECT 'HOU01', household_id, county, township, village, CASE house_grade WHEN 'D' THEN 'red' ELSE 'yellow' END,
           jsonb_build_object('house_grade', house_grade), '', '住房鉴定为 ' || house_grade, 'House'
    FROM month WHERE house_grade IN ('C', 'D')
    UNION ALL
    SELECT 'WAT01', household_id, county, township, village,
           CASE WHEN NOT safe_water OR water_quality > 0 OR outage_days > %(outage_days_line)s
                THEN 'yellow' ELSE 'blue' END,
           jsonb_build_object('outage_days', outage_days, 'outages', outages, 'water_quality', water_quality,
                              'safe_water', safe_water), 'outage_days_line', '饮水安全有问题', 'Water'
    FROM month WHERE NOT safe_water OR water_quality > 0 OR outages > 0
    UNION ALL
    SELECT 'ACC01', household_id, county, township, village,
           CASE WHEN accidents_severe > 0 THEN 'red' ELSE 'yellow' END,
           jsonb_build_object('accidents', accidents, 'accidents_severe', accidents_severe), '', '交通事故', 'Accident'
    FROM month WHERE accidents > 0
    UNION ALL
    SELECT 'DIS01', household_id, county, township, village,
           CASE WHEN disasters_severe > 0 THEN 'red' ELSE 'yellow' END,
           jsonb_build_object('disasters', disasters, 'disasters_severe', disasters_severe), '', '受灾', 'Disaster'
    FROM month WHERE disasters > 0
    UNION ALL
    SELECT 'CIV01', household_id, county, township, village, 'blue', jsonb_build_object('civil_aid', civil_aid), '',
           '新增救助', 'Aid'
    FROM month WHERE NOT monitored AND civil_aid > 0
    UNION ALL
    SELECT 'DSB01', household_id, county, township, village, 'yellow',
           jsonb_build_object('severe_disabilities', severe_disabilities), '', '重度残疾', 'Disability'
    FROM month WHERE severe_disabilities > 0
    UNION ALL
    SELECT 'EMP01', household_id, county, township, village, 'yellow',
           jsonb_build_object('months_worked', months_worked, 'jobs_lost', jobs_lost), 'stable_work_months', '失业',
           'Job lost'
    FROM month WHERE jobs_lost > 0 AND months_worked >= %(stable_work_months)s
    UNION ALL
    SELECT 'SUG06', household_id, county, township, village, 'yellow',
           jsonb_build_object('youngest_age', youngest_age, 'without_labour', without_labour, 'members', members),
           'old_age', '老人失能', 'Old'
    FROM month WHERE youngest_age >= %(old_age)s AND without_labour > 0
    UNION ALL
    SELECT 'SUG08', household_id, county, township, village, 'blue',
           jsonb_build_object('days_unvisited', days_unvisited), 'visit_interval', '未走访', 'Not visited'
    FROM month WHERE days_unvisited > 2 * %(visit_interval)s
)
INSERT INTO monitoring_finding (run_id, household_id, county, township, village, month, rule, level, values, threshold,
                                sentence_zh, sentence_en)
SELECT %(run)s, household_id, county, township, village, %(month)s, rule, level, values,
       coalesce(%(thresholds)s::jsonb -> threshold, '{}'), zh, en
FROM found
