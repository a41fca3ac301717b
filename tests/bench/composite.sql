-- The bare baseline: the rules that read findings (no sealed months before), and clusters.
WITH base AS (
    SELECT finding.*, CASE level WHEN 'red' THEN 1 WHEN 'yellow' THEN 2 ELSE 3 END AS rank,
           CASE WHEN rule LIKE 'INC%%' THEN 'rural' WHEN rule LIKE 'MED%%' THEN 'medical'
                WHEN rule LIKE 'EDU%%' THEN 'education' WHEN rule IN ('CIV01', 'SUG06') THEN 'civil'
                ELSE rule END AS department
    FROM monitoring_finding AS finding WHERE run_id = %(run)s AND rule <> 'SUG08'
), of_household AS (
    SELECT household_id, min(county) AS county, min(township) AS township, min(village) AS village,
           count(*) AS findings, count(DISTINCT department) AS departments, min(rank) AS rank
    FROM base GROUP BY household_id
), of_village AS (
    SELECT base.rule, base.county, base.township, base.village, count(*) AS found, places.households
    FROM base JOIN (SELECT village, count(*) AS households FROM monitoring_householdmonth WHERE run_id = %(run)s
                    GROUP BY village) AS places ON places.village = base.village
    GROUP BY base.rule, base.county, base.township, base.village, places.households
), found (rule, household_id, county, township, village, level, values, threshold, zh, en) AS (
    SELECT 'SUG12', household_id, county, township, village, CASE rank WHEN 3 THEN 'yellow' ELSE 'red' END,
           jsonb_build_object('departments', departments, 'findings', findings), 'composite_departments',
           findings || ' 项发现', findings || ' findings'
    FROM of_household WHERE departments >= %(composite_departments)s
    UNION ALL
    SELECT 'SUG13', of_household.household_id, of_household.county, of_household.township, of_household.village, 'red',
           jsonb_build_object('months_since_elimination', months_since_elimination, 'findings', findings),
           'relapse_months', findings || ' 项发现', findings || ' findings'
    FROM of_household
    JOIN monitoring_householdmonth AS month ON month.household_id = of_household.household_id
    WHERE month.run_id = %(run)s AND months_since_elimination BETWEEN 0 AND %(relapse_months)s
      AND NOT monitored_open
    UNION ALL
    SELECT 'CLU01.' || rule, NULL::bigint, county, township, village, 'red',
           jsonb_build_object('found', found, 'households', households, 'share', round(found * 1.0 / households, 4)),
           'cluster_households', found || ' 户', found || ' households'
    FROM of_village
    WHERE found >= %(cluster_households)s OR found >= %(cluster_least)s AND found >= households * %(cluster_share)s
)
INSERT INTO monitoring_finding (run_id, household_id, county, township, village, month, rule, level, values, threshold,
                                sentence_zh, sentence_en)
SELECT %(run)s, household_id, county, township, village, %(month)s, rule, level, values,
       coalesce(%(thresholds)s::jsonb -> threshold, '{}'), zh, en
FROM found
