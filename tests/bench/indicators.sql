-- The bare baseline: indicators of a whole county as one would write them by hand, sources aggregated and joined.
-- The same cut-off, null and write rules as monitoring/judgment/building.py; a county in which nobody moved.
WITH visible AS MATERIALIZED (
    SELECT id, position FROM households_evidencebatch WHERE position <= %(cutoff)s
), fact AS (
    SELECT DISTINCT ON (fact.household_id) fact.*
    FROM households_householdfact AS fact JOIN visible ON visible.id = fact.batch_id
    WHERE fact.replaced_in_id IS NULL OR fact.replaced_in_id NOT IN (SELECT id FROM visible)
    ORDER BY fact.household_id, (fact.as_of <= %(month_end)s) DESC,
             CASE WHEN fact.as_of <= %(month_end)s THEN fact.as_of END DESC, fact.as_of, visible.position DESC,
             fact.id DESC
), person AS (
    SELECT DISTINCT ON (fact.person_id) fact.*
    FROM households_personfact AS fact JOIN visible ON visible.id = fact.batch_id
    WHERE fact.replaced_in_id IS NULL OR fact.replaced_in_id NOT IN (SELECT id FROM visible)
    ORDER BY fact.person_id, (fact.as_of <= %(month_end)s) DESC,
             CASE WHEN fact.as_of <= %(month_end)s THEN fact.as_of END DESC, fact.as_of, visible.position DESC,
             fact.id DESC
), bills AS (
    SELECT person_id, sum(self_pay) AS paid,
           sum(self_pay) FILTER (WHERE settled_on >= %(year_start)s) AS all_year,
           sum(self_pay) FILTER (WHERE settled_on >= %(year_start)s AND visit_kind = 'inpatient') AS inpatient_year,
           sum(self_pay) FILTER (WHERE settled_on >= %(month)s
                                   AND visit_kind IN ('outpatient_pool', 'chronic')) AS outpatient,
           max(self_pay) FILTER (WHERE settled_on >= %(month)s AND visit_kind = 'inpatient') AS stay
    FROM households_medicalbill AS bill JOIN visible ON visible.id = bill.batch_id
    WHERE settled_on BETWEEN %(window_start)s AND %(month_end)s
      AND (bill.replaced_in_id IS NULL OR bill.replaced_in_id NOT IN (SELECT id FROM visible))
    GROUP BY person_id
), entries AS (
    SELECT person_id,
           count(*) FILTER (WHERE list = 'education' AND month = %(month)s AND kind <> 'illness') AS dropouts,
           count(*) FILTER (WHERE list = 'traffic' AND month = %(month)s) AS accidents,
           count(*) FILTER (WHERE list = 'traffic' AND month = %(month)s AND kind = 'death') AS deaths,
           count(*) FILTER (WHERE list = 'emergency' AND month = %(month)s) AS disasters,
           count(*) FILTER (WHERE list = 'emergency' AND month = %(month)s
                              AND grade IN ('house_collapsed', 'crop_lost')) AS disasters_severe,
           count(*) FILTER (WHERE list = 'civil' AND month = %(month)s) AS civil_aid,
           count(*) FILTER (WHERE list = 'disability' AND month = %(month)s
                              AND (grade IN ('1', '2') OR grade IN ('3', '4') AND kind IN ('intellectual', 'mental'))
                           ) AS severe_disabilities,
           count(*) FILTER (WHERE list = 'employment' AND month = %(month)s) AS jobs_lost,
           count(*) FILTER (WHERE list = 'water' AND month = %(month)s AND kind <> 'outage') AS water_quality,
           count(*) FILTER (WHERE list = 'water' AND month = %(month)s AND kind = 'outage') AS outages,
           CASE WHEN count(*) FILTER (WHERE list = 'water' AND month = %(month)s AND kind = 'outage') > 0
                THEN sum(days) FILTER (WHERE list = 'water' AND month >= %(year_start)s AND kind = 'outage')
           END AS outage_days,
           max(happened_on) FILTER (WHERE list = 'housing' AND happened_on <= %(month_end)s) AS appraised_on,
           (array_agg(grade ORDER BY happened_on DESC, grade DESC)
               FILTER (WHERE list = 'housing' AND happened_on <= %(month_end)s))[1] AS grade
    FROM households_listentry AS entry JOIN visible ON visible.id = entry.batch_id
    WHERE month <= %(month)s
      AND (entry.replaced_in_id IS NULL OR entry.replaced_in_id NOT IN (SELECT id FROM visible))
    GROUP BY person_id
), member AS (
    SELECT membership.household_id, person.*, bills.*, entries.*,
           extract(year FROM age(%(month_end)s::date, person.born_on))::int AS age,
           membership.is_head OR membership.relation IN ('户主', '配偶') AS head_or_spouse,
           person.labour IN ('丧失劳动力', '无劳动力') AS without_labour,
           person.labour IN ('普通劳动力', '技能劳动力') AS main_labour,
           person.schooling ~ '高中|中职|中专|职高|技校|技工|技师|高职|大专|专科|大学|本科|研究生|硕士|博士' AS above
    FROM households_membership AS membership
    JOIN visible ON visible.id = membership.batch_id
    LEFT JOIN person ON person.person_id = membership.person_id
    LEFT JOIN bills ON bills.person_id = membership.person_id
    LEFT JOIN entries ON entries.person_id = membership.person_id
    WHERE (membership.replaced_in_id IS NULL OR membership.replaced_in_id NOT IN (SELECT id FROM visible))
      AND (membership.since IS NULL OR membership.since <= %(month_end)s)
      AND (membership.until IS NULL OR membership.until >= %(month_end)s)
      AND (person.born_on IS NULL OR person.born_on <= %(month_end)s)
), members AS (
    SELECT household_id, count(*) AS members, sum(paid) AS self_pay, max(inpatient_year) AS inpatient_year,
           max(stay) AS largest_stay, max(outpatient) AS outpatient_month, max(all_year) AS paid_year,
           CASE WHEN bool_or(NOT resident_insurance AND NOT employee_insurance)
                  OR bool_and((resident_insurance OR employee_insurance
                               OR NOT resident_insurance AND NOT employee_insurance) IS NOT NULL)
                THEN count(*) FILTER (WHERE NOT resident_insurance AND NOT employee_insurance) END AS uninsured,
           count(*) FILTER (WHERE (resident_insurance OR employee_insurance
                                   OR NOT resident_insurance AND NOT employee_insurance) IS NULL) AS unknown_cover,
           nullif(count(*) FILTER (WHERE age BETWEEN 6 AND 15 AND dropouts > 0), 0) AS dropouts_listed,
           count(*) FILTER (WHERE age BETWEEN 6 AND 15 AND schooling = '' AND dropout_reason <> ''
                              AND NOT dropout_reason ~ '病|身体|健康') AS dropped_out,
           count(*) FILTER (WHERE age BETWEEN 6 AND 15
                              AND (schooling IS NULL OR schooling = '' AND dropout_reason = '')) AS schooling_unknown,
           CASE WHEN count(schooling) > 0 THEN count(*) FILTER (WHERE above AND NOT head_or_spouse) END AS students,
           nullif(sum(water_quality), 0) AS water_quality, nullif(sum(outages), 0) AS outages,
           sum(outage_days) AS outage_days, nullif(sum(accidents), 0) AS accidents,
           nullif(sum(CASE WHEN main_labour THEN accidents ELSE deaths END), 0) AS accidents_severe,
           nullif(sum(disasters), 0) AS disasters, nullif(sum(disasters_severe), 0) AS disasters_severe,
           nullif(sum(civil_aid), 0) AS civil_aid, nullif(sum(severe_disabilities), 0) AS severe_disabilities,
           nullif(sum(jobs_lost), 0) AS jobs_lost, max(work_months) FILTER (WHERE jobs_lost > 0) AS months_worked,
           CASE WHEN count(age) = count(*) THEN min(age) END AS youngest_age,
           CASE WHEN count(*) FILTER (WHERE without_labour) > 0 OR count(nullif(labour, '')) = count(*)
                THEN count(*) FILTER (WHERE without_labour) END AS without_labour,
           max(appraised_on) AS appraised_on,
           (array_agg(grade ORDER BY appraised_on DESC NULLS LAST, grade DESC))[1] AS grade
    FROM member GROUP BY household_id
), ledger AS (
    SELECT household_id,
           coalesce(sum(amount) FILTER (WHERE kind = 'wage' AND month >= %(window_start)s), 0) AS wage,
           coalesce(sum(amount) FILTER (WHERE kind = 'business' AND month >= %(window_start)s), 0) AS business,
           coalesce(sum(amount) FILTER (WHERE kind = 'property' AND month >= %(window_start)s), 0) AS property,
           coalesce(sum(amount) FILTER (WHERE kind = 'transfer' AND month >= %(window_start)s), 0) AS transfer,
           coalesce(sum(amount) FILTER (WHERE kind = 'cost' AND month >= %(window_start)s), 0) AS cost,
           coalesce(sum(amount) FILTER (WHERE kind = 'claim' AND month >= %(window_start)s), 0) AS claims,
           sum(CASE kind WHEN 'cost' THEN -amount ELSE amount END)
               FILTER (WHERE kind <> 'claim' AND month >= %(window_start)s) AS net,
           sum(CASE kind WHEN 'cost' THEN -amount ELSE amount END)
               FILTER (WHERE kind <> 'claim' AND month < %(window_start)s) AS previous_net,
           count(DISTINCT (extract(year FROM month)::int * 12 + extract(month FROM month)::int - %(window_index)s) / 3)
               FILTER (WHERE kind <> 'claim' AND month >= %(window_start)s) AS quarters
    FROM households_incomeline AS line JOIN visible ON visible.id = line.batch_id
    WHERE month BETWEEN %(previous_start)s AND %(month)s
      AND (line.replaced_in_id IS NULL OR line.replaced_in_id NOT IN (SELECT id FROM visible))
    GROUP BY household_id
), visits AS (
    SELECT household_id, max(visited_on) AS last_visit
    FROM households_visit AS visit JOIN visible ON visible.id = visit.batch_id
    WHERE visited_on <= %(month_end)s
      AND (visit.replaced_in_id IS NULL OR visit.replaced_in_id NOT IN (SELECT id FROM visible))
    GROUP BY household_id
), known AS (
    SELECT fact.*, category <> '' AND (monitored_since IS NULL OR monitored_since <= %(month_end)s) AS monitored,
           risk_eliminated AND (eliminated_on IS NULL OR eliminated_on <= %(month_end)s) AS eliminated
    FROM fact
)
INSERT INTO monitoring_householdmonth (
    run_id, household_id, month, county, township, village, members, lifted, monitored, monitored_open, wage,
    business, property, transfer, cost, claims, net, previous_net, income_quarters, self_pay, inpatient_year,
    largest_stay, outpatient_month, paid_year, uninsured_members, insurance_unknown, dropouts_listed,
    dropouts_registered, students_above, house_grade, safe_water, water_quality, outages, outage_days, accidents,
    accidents_severe, disasters, disasters_severe, civil_aid, severe_disabilities, jobs_lost, months_worked,
    youngest_age, without_labour, days_unvisited, months_since_elimination)
SELECT %(run)s, household.id, %(month)s, household.county, household.township, household.village,
       members.members, known.kind = 'lifted', known.monitored, known.monitored AND NOT known.eliminated,
       CASE WHEN net IS NOT NULL THEN wage END, CASE WHEN net IS NOT NULL THEN business END,
       CASE WHEN net IS NOT NULL THEN property END, CASE WHEN net IS NOT NULL THEN transfer END,
       CASE WHEN net IS NOT NULL THEN cost END, CASE WHEN net IS NOT NULL THEN claims END,
       net, previous_net, CASE WHEN net IS NOT NULL THEN quarters END,
       coalesce(members.self_pay, CASE WHEN %(list_medical_window)s THEN 0 END),
       coalesce(members.inpatient_year, CASE WHEN %(list_medical_year)s THEN 0 END),
       coalesce(members.largest_stay, CASE WHEN %(list_medical)s THEN 0 END),
       coalesce(members.outpatient_month, CASE WHEN %(list_medical)s THEN 0 END),
       coalesce(members.paid_year, CASE WHEN %(list_medical_year)s THEN 0 END),
       members.uninsured, coalesce(members.unknown_cover, 0),
       coalesce(members.dropouts_listed, CASE WHEN %(list_education)s THEN 0 END),
       CASE WHEN dropped_out > 0 OR schooling_unknown = 0 THEN dropped_out END,
       members.students, coalesce(members.grade, known.house_grade), known.safe_water,
       coalesce(members.water_quality, CASE WHEN %(list_water)s THEN 0 END),
       coalesce(members.outages, CASE WHEN %(list_water)s THEN 0 END),
       coalesce(members.outage_days, CASE WHEN %(list_water)s THEN 0 END),
       coalesce(members.accidents, CASE WHEN %(list_traffic)s THEN 0 END),
       coalesce(members.accidents_severe, CASE WHEN %(list_traffic)s THEN 0 END),
       coalesce(members.disasters, CASE WHEN %(list_emergency)s THEN 0 END),
       coalesce(members.disasters_severe, CASE WHEN %(list_emergency)s THEN 0 END),
       coalesce(members.civil_aid, CASE WHEN %(list_civil)s THEN 0 END),
       coalesce(members.severe_disabilities, CASE WHEN %(list_disability)s THEN 0 END),
       coalesce(members.jobs_lost, CASE WHEN %(list_employment)s THEN 0 END),
       members.months_worked, members.youngest_age, members.without_labour,
       CASE WHEN known.monitored AND NOT known.eliminated
            THEN %(month_end)s::date - coalesce(last_visit, monitored_since) END,
       CASE WHEN known.monitored AND known.eliminated
            THEN %(event_index)s - (extract(year FROM eliminated_on)::int * 12
                                    + extract(month FROM eliminated_on)::int) END
FROM households_household AS household
JOIN visible ON visible.id = household.batch_id
LEFT JOIN known ON known.household_id = household.id
LEFT JOIN members ON members.household_id = household.id
LEFT JOIN ledger ON ledger.household_id = household.id
LEFT JOIN visits ON visits.household_id = household.id
