"""A county for the bench: that of the tests, with lists of nine departments, visits, and people of all ages."""

import datetime as dt

from django.db import connection, transaction

from households.models import BatchKind, EvidenceBatch, Standing, Threshold
from monitoring.judgment.lists import DEPARTMENT_LISTS
from tests.judgment.county import make_county

JUNE = dt.date(2022, 6, 1)

# One row in fifty persons, spread over the lists; a visit now and then; ages, schools and labour by the id.
MORE = """
INSERT INTO households_listentry (person_id, list, month, happened_on, kind, grade, days, detail, batch_id)
SELECT person.id, listed.list, '2022-06-01', date '2022-06-01' + (person.id %% 30)::int, listed.kind, listed.grade,
       CASE WHEN listed.list = 'water' THEN person.id %% 60 END, '', %(batch)s
FROM households_person AS person
JOIN (VALUES (0, 'education', 'dropout', ''), (1, 'disability', 'physical', '2'), (2, 'housing', 'appraisal', 'C'),
             (3, 'water', 'outage', ''), (4, 'traffic', 'serious', ''), (5, 'emergency', '暴雨洪涝', 'crop_lost'),
             (6, 'civil', 'relief', ''), (7, 'employment', 'returned', '')) AS listed (n, list, kind, grade)
  ON listed.n = person.id / 50 %% 8
WHERE person.id %% 50 = 0;

INSERT INTO households_personfact (person_id, as_of, born_on, batch_id, resident_insurance, employee_insurance,
                                   education, schooling, dropout_reason, labour, health, disability, work_place,
                                   work_months, other)
SELECT id, '2021-06-01', date '1935-01-01' + (id * 7919 %% 31000)::int, %(batch)s, id %% 400 <> 0, false, '',
       CASE WHEN id * 7919 %% 31000 BETWEEN 24000 AND 26000 THEN '普通高中二年级'
            WHEN id * 7919 %% 31000 > 26000 THEN '小学' ELSE '' END, '',
       CASE WHEN id * 7919 %% 31000 < 6000 THEN '无劳动力' ELSE '普通劳动力' END, '{}', '', '', id %% 13, '{}'
FROM households_person;

INSERT INTO households_visit (uid, household_id, county, township, village, visited_on, method, words, risks,
                              batch_id)
SELECT gen_random_uuid(), household.id, county, township, village,
       date '2021-01-01' + n * 30 + (household.id %% 150)::int, 'home', '', '{}', %(batch)s
FROM households_householdfact AS fact
JOIN households_household AS household ON household.id = fact.household_id, generate_series(1, 12) AS n
WHERE category <> '' AND household.id %% 3 <> 0;

ANALYZE;
"""


@transaction.atomic
def fill(households: int) -> None:
    """Three persons, 24 ledger lines and some bills a household; every list of June 2022 received."""
    batch = EvidenceBatch.objects.create(kind=BatchKind.DESK)
    make_county(households=households, batch_id=batch.pk)
    for source in DEPARTMENT_LISTS:
        EvidenceBatch.objects.create(kind=BatchKind.IMPORT, source=source, month=JUNE)
    Threshold.objects.get_or_create(
        code="rural_income_last_year",
        area_id="420527",
        defaults={
            "value": 18000,
            "unit": "元/人·年",
            "valid_from": dt.date(2022, 1, 1),
            "standing": Standing.DEMO,
            "document": "bench",
        },
    )
    with connection.cursor() as cursor:
        cursor.execute(MORE, {"batch": batch.pk})
