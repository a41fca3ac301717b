"""A period is counted from the indexes of its moments alone; measured at a million alerts: docs/performance.md."""

import datetime as dt

import pytest
from django.db import connection

from alerts.travel.figures import MOMENTS, travel_figures
from alerts.travel.periods import Period
from households.areas.choices import ScopeAreas
from tests import factories

pytestmark = pytest.mark.django_db

# Forty alerts in each village of the county, over as many months.
FILL = """
    INSERT INTO households_household (code, county, township, village, head_name, head_pinyin, batch_id)
    SELECT code || '000001', county, township, village, '', '', %s FROM households_area WHERE level = 'village';
    INSERT INTO alerts_alert (household_id, county, township, village, kind_id, level, status, values, threshold,
                              sentence_zh, sentence_en, first_month, last_month, months_found, raised_at,
                              dispatched_at, verified_at, verdict, changed_at, closed_at)
    SELECT household.id, household.county, household.township, household.village, 'INC01', 'red', 'closed', '{}',
           '{}', '', '', month, month, 1, month, month, month, 'no_risk', now(), now()
    FROM households_household AS household,
         generate_series(date '2021-01-01', date '2024-04-01', interval '1 month') AS month;
    ANALYZE alerts_alert; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off
"""


@pytest.mark.parametrize(("name", "place"), [("staff", "county"), ("township", "township")])
def test_it_reads_no_row_of_the_table(cast, django_assert_num_queries, name, place):
    with connection.cursor() as cursor:
        cursor.execute(FILL, [factories.batch().pk])
    user, period = cast.members[name], Period(dt.date(2022, 3, 1), dt.date(2022, 3, 31))
    areas = ScopeAreas(user.scope)
    # Only the figures are counted.
    assert areas.areas
    with django_assert_num_queries(2) as captured:
        travel_figures(who=user, areas=areas, period=period)
    (statement,) = (query["sql"] for query in captured.captured_queries if "verified_at" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for moment in MOMENTS:
        assert f"Index Only Scan using alert_{place}_{moment}" in plan
