"""What a worklist costs: how many queries, and that it is read along the index of open alerts.

Measured at a million alerts: docs/performance.md.
"""

import re

import pytest
from django.db import connection
from django.http import QueryDict

from alerts.travel.worklist import POSITIONS, WorkFilterSet, in_order, mine_of, next_in_work
from tests import factories
from tests.conftest import VILLAGES

WORK = "/work/"
HOUSEHOLDS = """
    INSERT INTO households_household (code, county, township, village, head_name, head_pinyin, batch_id)
    SELECT code || '000001', county, township, village, '', '', %s FROM households_area WHERE level = 'village'
"""
# In every village of the county five open alerts in everybody's hands, and closed ones.
FILL = """
    INSERT INTO alerts_alert (household_id, county, township, village, kind_id, level, status, values, threshold,
                              sentence_zh, sentence_en, first_month, last_month, months_found, raised_at,
                              changed_at, closed_at, holder, due_on)
    SELECT household.id, household.county, household.township, household.village,
           (array['INC01', 'INC02', 'MED01', 'MED09', 'INC03'])[1 + n %% 5], (array['red', 'blue'])[1 + n %% 2],
           CASE WHEN n < 5 THEN 'dispatched' ELSE 'closed' END, '{}', '{}', '', '', date '2022-06-01',
           date '2022-06-01', 1, now(), now(), CASE WHEN n >= 5 THEN now() END,
           (array['village', 'village', 'village', 'township', 'county'])[1 + n %% 5], current_date + n
    FROM households_household AS household, generate_series(0, 39) AS n
"""


@pytest.fixture
def filled(cast):
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, [factories.batch().pk])
        cursor.execute(FILL, [])


@pytest.fixture
def plan_of(cast, filled):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE alerts_alert; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")

    def _plan_of(name: str, tab: str) -> str:
        filters = WorkFilterSet(QueryDict(f"tab={tab}"), who=cast.members[name], also=POSITIONS)
        return in_order(filters.listed)[:51].values_list("pk").explain()

    return _plan_of


@pytest.mark.parametrize("name", ["staff", "township", "specialist"])
@pytest.mark.parametrize("tab", ["mine", "others"])
def test_a_page_takes_at_most_twelve_queries_however_many_rows(sign_in, filled, count_queries, name, tab):
    client = sign_in(name)
    url = f"{WORK}?tab={tab}"
    client.get(url)

    page, queries = count_queries(lambda: client.get(url))

    assert len(page.context["rows"]) > 1
    assert queries <= 12


def test_more_rows_cost_no_more_queries(sign_in, ways, count_queries):
    client = sign_in("specialist")
    _page, few = count_queries(lambda: client.get(f"{WORK}?level=red"))
    for _number in range(20):
        home = factories.household(village=VILLAGES[0])
        factories.alert(household=home, level="red", holder="village", status="dispatched")

    page, many = count_queries(lambda: client.get(f"{WORK}?level=red"))

    assert len(page.context["rows"]) == 20
    # The rows, the work calendar and the names of places, which an empty page does not ask for.
    assert many <= few + 3


@pytest.mark.parametrize(("name", "index"), [("staff", "alert_county_due"), ("township", "alert_township_due")])
@pytest.mark.parametrize("tab", ["mine", "today", "overdue"])
def test_a_tab_is_read_along_the_index_of_open_alerts_alone(plan_of, name, index, tab):
    plan = plan_of(name, tab)

    # Rows of this test are all in the heap's newest pages, which an index-only scan would have to look up.
    assert re.search(rf"Index (Only )?Scan using {index}", plan)
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("name", ["staff", "township"])
def test_what_waits_for_others_is_found_among_open_alerts_alone(plan_of, name):
    """All alerts of this test lie in one county, so any index that holds nothing but open ones serves."""
    used = re.findall(r"Scan using (alert_\w+)", plan_of(name, "others"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [used[0]])
        assert "WHERE (closed_at IS NULL)" in cursor.fetchone()[0]


def test_a_village_reads_its_open_alerts_and_what_was_handed_over(plan_of):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = on; SET LOCAL enable_indexscan = off")

    plan = plan_of("neighbour", "mine")

    assert "Bitmap Index Scan on alert_handled_in" in plan
    assert "Seq Scan on alerts_alert" not in plan


def test_the_next_one_and_the_number_of_the_menu_are_few_statements(cast, ways, count_queries):
    cast.specialist.scope  # noqa: B018 the posting is read once a request
    _url, queries = count_queries(lambda: next_in_work(cast.specialist, "at=2020-01-01.0.1", ways["free"].pk))
    assert queries <= 2

    count, queries = count_queries(lambda: mine_of(cast.specialist)[:1000].count())
    assert (count, queries) == (4, 1)
