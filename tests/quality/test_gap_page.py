"""The work list: exact counts, in the own area only, page by page, with the lists that are missing."""

import pytest

from households.models import Household
from monitoring.judgment.models import JudgmentRun
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.quality.conftest import ADULT, JUNE, complete

pytestmark = pytest.mark.django_db

NEXT_VILLAGE = "420527103203"


@pytest.fixture
def households(db):
    return {
        "complete": complete(),
        "no grade": complete(house_grade=None),
        "no grade, no water": complete(village=VILLAGES[1], house_grade=None, safe_water=None),
        "next": complete(village=NEXT_VILLAGE, person={"insured": None}),
        "elsewhere": complete(village=ELSEWHERE, house_grade=None),
    }


def counted(response) -> dict[str, int]:
    return {row.gap.code: row.count for row in response.context["gaps"] if row.count}


def listed(response) -> list[int]:
    return [row.household.pk for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("name", "counts", "any_count", "judged"),
    [
        ("admin", {"house": 3, "water": 1, "insurance": 1}, 4, 5),
        ("auditor", {"house": 3, "water": 1, "insurance": 1}, 4, 5),
        ("township", {"house": 2, "water": 1, "insurance": 1}, 3, 4),
        ("specialist", {"house": 2, "water": 1}, 2, 3),
        ("neighbour", {"house": 1}, 1, 1),
    ],
)
def test_it_counts_exactly_in_the_own_area(sign_in, households, judge, lists, name, counts, any_count, judged):
    judge()

    response = sign_in(name).get("/gaps/")

    assert counted(response) == counts
    assert (response.context["any_count"], response.context["all_count"]) == (any_count, judged)
    assert len(listed(response)) == response.context["total"] == any_count


def test_it_counts_by_township_for_the_county_and_by_village_below(sign_in, households, judge, lists):
    judge()

    def places(name, query=""):
        rows = sign_in(name).get(f"/gaps/{query}").context["places"]
        return {row.url.rpartition("=")[2]: (row.count, row.all) for row in rows if row.all}

    assert places("staff", "?gap=house") == {TOWNSHIP: (2, 4), ELSEWHERE[:9]: (1, 1)}
    assert places("township") == {NEXT_VILLAGE: (1, 1), VILLAGES[0]: (1, 2), VILLAGES[1]: (1, 1)}
    assert places("specialist") == {}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["elsewhere", "next", "no grade", "no grade, no water"]),
        ("?gap=house", ["elsewhere", "no grade", "no grade, no water"]),
        ("?gap=water", ["no grade, no water"]),
        ("?gap=members", []),
        (f"?gap=house&township={TOWNSHIP}", ["no grade", "no grade, no water"]),
        (f"?village={VILLAGES[0]}", ["no grade"]),
        (f"?township={ELSEWHERE[:9]}&village={VILLAGES[0]}", []),
    ],
)
def test_it_lists_what_is_chosen_village_by_village(sign_in, households, judge, lists, query, names):
    judge()

    response = sign_in("admin").get(f"/gaps/{query}")

    assert listed(response) == [households[name].pk for name in names]
    assert response.context["total"] == len(names)


def test_a_row_says_everything_that_is_missing_and_which_rules_waited(sign_in, judge, lists):
    household = complete(house_grade=None, months=[*range(9), *range(12, 24)])
    factories.person(household=household, name="参保不明", insured=None, facts=ADULT)
    judge()

    (row,) = sign_in("specialist").get("/gaps/?gap=insurance").context["rows"]

    assert [(missing.which, missing.is_chosen) for missing in row.missing] == [
        ("2021-07 – 2021-09", False),
        ("参保不明", True),
        ("", False),
    ]
    assert row.rules == ["HOU01", "MED09"]


def test_it_leafs_to_the_end_and_back(sign_in, judge, lists):
    made = [
        complete(village=village, house_grade=None, months=range(1)).pk
        for village in (NEXT_VILLAGE, VILLAGES[0], VILLAGES[1])
        for _number in range(40)
    ]
    judge()
    client, url, pages = sign_in("township"), "/gaps/?gap=house", []
    while url:
        context = client.get(url).context
        pages.append([row.household.pk for row in context["rows"]])
        url = context["next_url"] and f"/gaps/{context['next_url']}"
    assert pages == [made[:50], made[50:100], made[100:]]

    back = client.get(f"/gaps/{context['previous_url']}").context
    assert [row.household.pk for row in back["rows"]] == made[50:100]
    first = client.get(f"/gaps/{back['previous_url']}").context
    assert [row.household.pk for row in first["rows"]] == made[:50]
    assert not first["previous_url"]


@pytest.mark.parametrize(
    "query",
    [
        "?gap=grade",
        "?gap=house&gap=water",
        "?figure=house",
        "?village=420527101201",
        "?after=17",
        "?after=420527103204-1&before=420527103204-9",
    ],
)
def test_what_it_does_not_know_is_refused(sign_in, households, judge, query):
    judge()

    response = sign_in("specialist").get(f"/gaps/{query}")

    assert response.status_code == 400
    assert "rows" not in response.context


def test_a_list_that_was_not_received_is_named_with_its_department_and_rules(sign_in, households, judge):
    for source in ("education", "disability", "housing", "traffic", "emergency", "civil", "employment"):
        factories.batch(kind="import", source=source, month=JUNE)
    judge()

    missing = {row.source: row for row in sign_in("admin").get("/gaps/").context["missing_lists"]}

    assert set(missing) == {"medical", "water"}
    assert [rule.code for rule in missing["water"].rules] == ["WAT01"]
    assert {rule.code for rule in missing["medical"].rules} == {
        "INC02", "MED01", "MED02", "MED03", "MED05", "MED07",
    }  # fmt: skip
    assert not missing["water"].received_since


def test_sums_of_the_year_are_known_by_the_lists_of_its_other_months(sign_in, households, judge):
    factories.medical_list(JUNE.replace(month=3))
    judge()

    missing = {row.source: row for row in sign_in("admin").get("/gaps/").context["missing_lists"]}

    assert [rule.code for rule in missing["medical"].rules] == ["MED03", "MED07"]


def test_a_list_that_came_since_asks_for_the_month_to_be_judged_again(sign_in, households, judge):
    judge()
    factories.batch(kind="import", source="water", month=JUNE)

    missing = {row.source: row for row in sign_in("admin").get("/gaps/").context["missing_lists"]}

    assert missing["water"].received_since
    assert not missing["traffic"].received_since


def test_a_list_that_was_taken_back_has_not_come(sign_in, households, judge):
    judge()
    batch = factories.batch(kind="import", source="water", month=JUNE)
    factories.batch(kind="retraction", retracts=batch)

    missing = {row.source: row for row in sign_in("admin").get("/gaps/").context["missing_lists"]}

    assert not missing["water"].received_since


def test_the_way_to_upload_is_shown_to_those_who_may(sign_in, households, judge):
    judge()
    for name, may in (("admin", True), ("auditor", False), ("township", False)):
        assert ('href="/imports/new/"' in sign_in(name).get("/gaps/").content.decode()) is may


def test_it_speaks_of_the_newest_finished_month(sign_in, households, judge, lists):
    judge(JUNE.replace(month=5))
    newest = judge()
    JudgmentRun.objects.create(
        month=JUNE.replace(month=7), event_month=JUNE.replace(month=7), revision=1, county="420527", cutoff=0
    )

    assert sign_in("admin").get("/gaps/").context["run"].pk == newest.pk


def test_before_any_month_is_judged_it_says_so(sign_in):
    client = sign_in("admin")
    client.cookies["django_language"] = "en"
    assert "No month has been judged yet" in client.get("/gaps/").content.decode()


def test_an_htmx_request_gets_the_part_that_it_replaces(sign_in, households, judge):
    judge()
    client = sign_in("admin")

    def part(target):
        return client.get("/gaps/", headers={"HX-Request": "true", "HX-Target": target}).content.decode().strip()

    assert part("gaps").startswith('<div id="gaps"')
    assert part("results").startswith('<section class="panel" id="results"')


@pytest.mark.parametrize("name", ["admin", "township", "specialist"])
@pytest.mark.parametrize("query", ["", "?gap=house", "?gap=house&village=420527103204"])
def test_it_needs_few_queries(sign_in, households, judge, django_assert_max_num_queries, name, query):
    judge()
    client = sign_in(name)
    with django_assert_max_num_queries(12):
        assert client.get(f"/gaps/{query}").status_code == 200


def test_a_household_that_moved_out_of_sight_is_counted_and_not_named(sign_in, households, judge, lists):
    judge()
    place = {"village": ELSEWHERE, "township": ELSEWHERE[:9]}
    Household.objects.filter(pk=households["no grade"].pk).update(**place)

    response = sign_in("specialist").get(f"/gaps/?village={VILLAGES[0]}")

    assert [row.household for row in response.context["rows"]] == [None]
    assert households["no grade"].head_name not in response.content.decode()
