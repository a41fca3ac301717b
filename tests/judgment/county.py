"""A county made in the database itself, large enough that a judgment takes a while. Nobody in it exists."""

from django.db import connection

HOUSEHOLDS = """
INSERT INTO households_household (code, county, township, village, head_name, head_pinyin, batch_id)
SELECT village.code || lpad(n::text, 6, '0'), village.county, village.township, village.code, '户' || n, '',
       %(batch)s
FROM generate_series(1, %(count)s) AS n
JOIN LATERAL (
    SELECT * FROM households_area WHERE level = 'village' ORDER BY code OFFSET n %% 179 LIMIT 1
) AS village ON true;

INSERT INTO households_householdfact (household_id, as_of, batch_id, kind, category, risk_eliminated)
SELECT id, '2020-01-01', %(batch)s, CASE WHEN id %% 4 = 0 THEN 'lifted' ELSE 'ordinary' END,
       CASE WHEN id %% 50 = 0 THEN 'marginal' ELSE '' END, id %% 100 = 0
FROM households_household;

INSERT INTO households_person (name, pinyin, born_on, batch_id, code)
SELECT '人' || id || '-' || m, '', '1980-01-01', %(batch)s, code || lpad(m::text, 2, '0')
FROM households_household, generate_series(1, 3) AS m;

-- Without statistics the next join would go through all households for each person.
ANALYZE households_household, households_person;

INSERT INTO households_membership (person_id, household_id, relation, is_head, batch_id)
SELECT person.id, household.id, '其他', false, %(batch)s
FROM households_person AS person JOIN households_household AS household ON household.code = left(person.code, 18);

INSERT INTO households_personfact (person_id, as_of, born_on, batch_id, resident_insurance, employee_insurance,
                                   education, schooling, dropout_reason, labour, health, disability, work_place,
                                   other)
SELECT id, '2020-01-01', born_on, %(batch)s, id %% 400 <> 0, false, '', '', '', '', '{}', '', '', '{}'
FROM households_person;

INSERT INTO households_incomeline (household_id, month, kind, item, amount, batch_id)
SELECT id, month, 'wage', '务工', 900 + (id * 7919 + extract(month FROM month)::int * 104729) %% 2400, %(batch)s
FROM households_household, generate_series(date '2020-07-01', date '2022-06-01', interval '1 month') AS month;

INSERT INTO households_medicalbill (person_id, settled_on, visit_kind, self_pay, batch_id)
SELECT id, date '2022-01-05' + (id %% 170)::int, 'inpatient', (id * 6007) %% 24000, %(batch)s
FROM households_person WHERE id %% 20 = 0;

ANALYZE;
"""


def make_county(*, households: int, batch_id: int) -> None:
    """Households with three members, 24 months of wages, facts, and some bills."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, {"count": households, "batch": batch_id})
