"""A cluster is an alert about a whole village: in the list, on its page, in the feed, within the own area."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.models import Alert
from households.models import Household
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.explain.conftest import explain, poor_household
from tests.feeds.conftest import pull  # noqa: F401

pytestmark = pytest.mark.django_db
CODE = "CLU01.INC01"


@pytest.fixture
def households(db) -> list[Household]:
    return [poor_household(name) for name in ("望一", "望二", "望三", "望四", "望五")]


@pytest.fixture
def cluster(households, judge) -> Alert:
    judge()
    return Alert.objects.get(kind_id=CODE)


def test_the_list_names_the_village_and_what_it_is_a_cluster_of(sign_in, cluster):
    page = sign_in("specialist").get("/alerts/?kind=CLU01").content.decode()

    for words in (f'href="/alerts/{cluster.pk}/"', "长江村", "规模性返贫苗头：人均纯收入低于监测范围", CODE):
        assert words in page


@pytest.mark.parametrize("name", ["specialist", "township", "staff", "admin"])
def test_whoever_stands_over_the_village_sees_it(sign_in, cluster, name):
    client = sign_in(name)

    assert cluster.pk in [alert.pk for alert in client.get("/alerts/?kind=CLU01").context["alerts"]]
    assert client.get(f"/alerts/{cluster.pk}/").status_code == 200


def test_the_neighbour_does_not_know_of_it(sign_in, cluster):
    client = sign_in("neighbour")

    assert client.get("/alerts/?kind=CLU01").context["alerts"] == []
    assert client.get(f"/alerts/{cluster.pk}/").status_code == 404


def test_the_list_costs_no_more_with_a_cluster(sign_in, cluster, django_assert_max_num_queries):
    client = sign_in("specialist")
    with django_assert_max_num_queries(12):
        client.get("/alerts/")


def test_the_filter_offers_all_clusters_as_one_kind_and_takes_a_single_one(sign_in, cluster):
    client = sign_in("township")

    def offered(query):
        field = client.get(f"/alerts/{query}").context["filters"].form.fields["kind"]
        return [value for value, _label in field.choices if value.startswith("CLU01")]

    def found(query):
        return [alert.kind_id for alert in client.get(f"/alerts/?{query}").context["alerts"]]

    assert offered("") == ["CLU01"]
    assert offered(f"?kind={CODE}") == ["CLU01", CODE]
    assert found("kind=CLU01") == found(f"kind={CODE}") == [CODE]
    assert found("kind=CLU01.MED09") == []
    assert set(found("kind=INC01")) == {"INC01"}


def test_the_filter_does_not_take_what_only_begins_like_a_kind(sign_in, cluster):
    response = sign_in("township").get("/alerts/?kind=CLU")

    assert response.status_code == 400
    assert any("CLU01" in problem for problem in response.context["problems"])


def test_its_page_shows_the_share_and_links_each_household(sign_in, cluster, django_assert_max_num_queries):
    client = sign_in("specialist")
    with django_assert_max_num_queries(20):
        response = client.get(f"/alerts/{cluster.pk}/")

    page = response.content.decode()
    assert [(value.name, value.shown) for value in response.context["values"]] == [
        ("found", "5"), ("households", "5"), ("share", "100.0%"),
    ]  # fmt: skip
    for alert in Alert.objects.filter(kind_id="INC01"):
        assert f'href="/alerts/{alert.pk}/"' in page
        assert alert.household.head_name in page


def test_who_has_moved_out_of_sight_is_only_counted(sign_in, cluster, households):
    Household.objects.filter(pk=households[0].pk).update(
        village=ELSEWHERE, township=ELSEWHERE[:9], county=ELSEWHERE[:6]
    )

    seen = sign_in("specialist").get(f"/alerts/{cluster.pk}/")

    assert "望一" not in seen.content.decode()
    (section,) = seen.context["derivation"].sections
    assert (len(section.rows), section.note != "") == (4, True)


def test_the_home_page_of_the_village_names_it(sign_in, cluster):
    page = sign_in("specialist").get("/").content.decode()

    assert f'href="/alerts/{cluster.pk}/"' in page


def test_the_feed_gives_the_village_and_no_household(pull, cluster):  # noqa: F811
    row = pull(TOWNSHIP).get(f"/api/v1/alerts/{cluster.pk}/").json()

    assert (row["kind"]["code"], row["household"], row["place"]["village"]) == (CODE, None, VILLAGES[0])
    assert row["place"]["name"] == "长江村村民委员会"
    assert row["values"] == {"found": 5.0, "households": 5.0, "share": 1.0}


@pytest.mark.parametrize("kind", ["CLU01", CODE])
def test_the_feed_is_asked_for_clusters_of_whatever_rule_or_of_one(pull, cluster, kind):  # noqa: F811
    rows = pull(TOWNSHIP).get(f"/api/v1/alerts/?kind={kind}").json()["results"]

    assert [row["id"] for row in rows] == [cluster.pk]


def test_the_feed_keeps_the_village_of_another_to_itself(pull, cluster):  # noqa: F811
    assert pull(ELSEWHERE).get("/api/v1/alerts/?kind=CLU01").json()["results"] == []
    assert pull(ELSEWHERE).get(f"/api/v1/alerts/{cluster.pk}/").status_code == 404


def test_a_page_of_the_feed_costs_no_more_with_clusters(pull, cluster):  # noqa: F811
    with CaptureQueriesContext(connection) as captured:
        pull(TOWNSHIP).get("/api/v1/alerts/?kind=CLU01")

    assert len([query for query in captured if "alerts_alert" in query["sql"]]) <= 2


def test_the_command_explains_it_by_village_and_by_household(cluster, households):
    by_village = explain(VILLAGES[0], "2022-06", CODE)
    by_household = explain(households[2].code, "2022-06", CODE)
    of_all = explain(households[2].code, "2022-06", "clu01")

    assert by_village == by_household
    assert by_household.splitlines()[2] in of_all
    for words in (cluster.sentence_zh, cluster.sentence_en, "望一", "望五"):
        assert words in by_village


def test_two_households_are_no_cluster_and_the_command_says_why(judge):
    first, _second = poor_household("一户"), poor_household("二户")
    judge()

    printed = explain(first.code, "2022-06", CODE, language="en")

    assert "Households with this finding 2 households" in printed
    assert "The condition is not met" in printed
    assert "Not found: no rule found enough households" in explain(first.code, "2022-06", language="en")
