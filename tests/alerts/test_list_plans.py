"""The list is answered from its indexes alone, whatever the filter finds: held here by the plans.

A test's rows are so few that PostgreSQL would rather read them all; told not to, it does what a million rows make
it do. Measured at a million alerts: docs/performance.md.
"""

import re

import pytest
from django.db import connection
from django.http import QueryDict

from alerts.travel.filtersets import AlertFilterSet
from households.paging import Cursor, read_page
from tests import factories

# Filters with an index of their own. A village has so few alerts that it reads them all, a township its own ones.
OWN_INDEX = {
    "household": ("alert_household",),
    "area_event": ("alert_area_event",),
    "assignee": ("alert_assignee",),
    "holder": ("alert_county_due", "alert_township_due", "alert_village_due"),
    "waiting": ("alert_county_due", "alert_township_due"),
    "due": ("alert_county_due", "alert_township_due", "alert_village_due"),
    "verdict": ("alert_county_verdict",),
    "reason": ("alert_county_reason",),
    "outcome": ("alert_county_outcome",),
    "raised_from": ("alert_county_raised", "alert_township_raised"),
    "raised_until": ("alert_county_raised", "alert_township_raised"),
    "dispatched_from": ("alert_county_dispatched", "alert_township_dispatched"),
    "dispatched_until": ("alert_county_dispatched", "alert_township_dispatched"),
    "verified_from": ("alert_county_verified", "alert_township_verified"),
    "verified_until": ("alert_county_verified", "alert_township_verified"),
}
OF_OPEN_ALERTS = set(AlertFilterSet.base_filters) - {"open", "township", "village"} - set(OWN_INDEX)
VALUES = {
    "open": "true", "level": "red", "kind": "INC01", "department": "rural", "risk": "income", "status": "raised",
    "township": "420527103", "village": "420527103204", "household": "1", "area_event": "1", "assignee": "me",
    "holder": "village", "waiting": "me", "due": "today", "verdict": "confirmed", "reason": "able",
    "outcome": "watch", "channel": "rule",
}  # fmt: skip
MEMBERS = {"staff": "county", "township": "township"}

# Twenty alerts in each village of the county, over 24 months; most are closed.
FILL = """
    INSERT INTO alerts_alert (household_id, county, township, village, kind_id, level, status, values, threshold,
                              sentence_zh, sentence_en, first_month, last_month, months_found, raised_at,
                              changed_at, closed_at, dispatched_at, verified_at)
    SELECT household.id, household.county, household.township, household.village,
           (array['INC01', 'INC02', 'MED01', 'MED09'])[1 + n %% 4], (array['red', 'blue'])[1 + n %% 2],
           CASE WHEN n < 4 THEN 'raised' ELSE 'closed' END, '{}', '{}', '', '',
           date '2021-01-01' + n * interval '1 month', date '2021-01-01' + n * interval '1 month', 1, now(), now(),
           CASE WHEN n < 4 THEN NULL ELSE now() END,
           CASE WHEN n < 4 THEN NULL ELSE date '2021-01-02' + n * interval '1 month' END,
           CASE WHEN n < 4 THEN NULL ELSE date '2021-01-09' + n * interval '1 month' END
    FROM households_household AS household, generate_series(0, 19) AS n
"""
HOUSEHOLDS = """
    INSERT INTO households_household (code, county, township, village, head_name, head_pinyin, batch_id)
    SELECT code || '000001', county, township, village, '', '', %s FROM households_area WHERE level = 'village'
"""


@pytest.fixture
def plan_of(cast):
    with connection.cursor() as cursor:
        cursor.execute(HOUSEHOLDS, [factories.batch().pk])
        cursor.execute(FILL, [])
        cursor.execute("ANALYZE alerts_alert; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")

    def _plan_of(name: str, query: str) -> str:
        matching = AlertFilterSet(QueryDict(query), who=cast.members[name]).qs
        return matching.order_by("-pk").values_list("pk", flat=True)[:51].explain()

    return _plan_of


def _columns_of(index: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [index])
        return {name for (name,) in cursor.fetchall()}


def _columns_read(name: str, cast, also: str = "") -> set[str]:
    """What the query of the list reads of an alert when this filter is set."""
    month_or_day = "2022-06-01" if name.endswith(("_from", "_until")) else "2022-06"
    query = QueryDict(f"{name}={VALUES.get(name, month_or_day)}&{also}")
    sql = str(AlertFilterSet(query, who=cast.staff).qs.values_list("pk").query)
    return set(re.findall(r'"alerts_alert"\."(\w+)"', sql))


@pytest.mark.parametrize("name", sorted(OF_OPEN_ALERTS | {"open"}))
@pytest.mark.parametrize("level", ["county", "township", "village"])
def test_what_a_filter_reads_stands_in_the_index_of_the_list(cast, name, level):
    """A filter that finds next to nothing walks the whole index; that must not be the whole table."""
    assert _columns_read(name, cast) <= _columns_of(f"alert_{level}")


@pytest.mark.parametrize("name", sorted(OF_OPEN_ALERTS))
@pytest.mark.parametrize("level", ["county", "township", "village"])
def test_what_a_filter_of_open_alerts_reads_stands_in_their_index(cast, name, level):
    read = _columns_read(name, cast, also="open=true") - {"closed_at"}

    assert read <= _columns_of(f"alert_{level}_open")


@pytest.mark.parametrize(("name", "index"), [(name, index) for name, own in OWN_INDEX.items() for index in own])
def test_what_has_an_index_of_its_own_is_found_in_it(cast, name, index):
    """The place is the index's first column, and what is open is its condition."""
    read = _columns_read(name, cast) - {"closed_at", "county", "id"}

    assert read and read <= _columns_of(index)


@pytest.mark.parametrize("name", ["township", "village"])
def test_a_place_within_the_county_has_its_own_index(cast, name):
    assert _columns_read(name, cast) <= _columns_of(f"alert_{name}")


@pytest.mark.parametrize(("name", "level"), MEMBERS.items())
def test_open_and_red_is_one_probe(plan_of, name, level):
    plan = plan_of(name, "open=true&level=red")

    assert f"Index Only Scan using alert_{level}_open" in plan
    assert "Filter" not in plan


def test_a_village_is_two_probes_its_own_and_what_was_handed_over_to_it(plan_of):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = on")
    plan = plan_of("neighbour", "open=true&level=red")

    assert "BitmapOr" in plan
    assert "alert_village" in plan
    assert "alert_handled_in" in plan


@pytest.mark.parametrize("name", ["staff", "township"])
@pytest.mark.parametrize("query", ["village=420527103204", "village=420527103204&status=raised"])
def test_a_village_of_the_own_area_is_read_along_its_own_index(plan_of, name, query):
    assert re.search(r"Index (Only )?Scan using alert_village", plan_of(name, query))


@pytest.mark.parametrize("query", ["", "open=true", "open=true&level=red", "waiting=me"])
def test_a_village_reads_its_own_and_what_was_handed_over_to_it(plan_of, query):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_bitmapscan = on; SET LOCAL enable_indexscan = off")

    plan = plan_of("neighbour", query)

    assert "Bitmap Index Scan on alert_handled_in" in plan
    assert "Bitmap Index Scan on alert_village" in plan


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("verdict=unclear", "alert_county_verdict"),
        ("reason=not_here", "alert_county_reason"),
        ("outcome=duplicate", "alert_county_outcome"),
        ("due=today", "alert_county_due"),
        ("holder=village", "alert_county_due"),
        ("raised_from=2030-01-01", "alert_county_raised"),
        ("dispatched_from=2030-01-01", "alert_county_dispatched"),
        ("verified_from=2030-01-01", "alert_county_verified"),
    ],
)
def test_what_is_rare_is_found_without_reading_the_rest(plan_of, query, index):
    assert f"using {index}" in plan_of("staff", query)


def test_no_page_is_found_by_counting_rows(cast, django_assert_max_num_queries):
    matching = AlertFilterSet(QueryDict(""), who=cast.staff).qs
    with django_assert_max_num_queries(2) as captured:
        read_page(matching=matching, showing=matching, cursor=Cursor(50, before=10**6))

    assert not [query for query in captured.captured_queries if "OFFSET" in query["sql"]]
