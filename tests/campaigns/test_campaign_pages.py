"""The pages of a campaign: figures of the whole area only, the households left, and the list to take along."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import AuditEntry, Campaign
from households.paging import COUNT_UP_TO
from households.visits import campaign_listing
from tests import factories
from tests.campaigns.conftest import DAY
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES

pytestmark = pytest.mark.django_db


def url(name, campaign, *args, **query):
    return reverse(f"campaigns:{name}", args=[campaign.pk, *args], query=query)


def names(response) -> list[str]:
    return [listed.row.household.head_name for listed in response.context["rows"]]


@pytest.fixture
def form(today):
    return {
        "name": "冬季集中排查",
        "area": TOWNSHIP,
        "starts_on": f"{today}",
        "ends_on": f"{today + 9 * DAY}",
        "everybody": "no",
        "words": "看住房和饮水",
    }


def test_the_township_opens_one_for_itself(sign_in, form, cast):
    response = sign_in("township").post(reverse("campaigns:new"), form)

    campaign = Campaign.objects.get()
    assert response.url == url("detail", campaign)
    assert (campaign.county, campaign.township, campaign.village) == ("420527", TOWNSHIP, None)
    assert (campaign.everybody, campaign.words, campaign.created_by) == (False, "看住房和饮水", cast.township)


@pytest.mark.parametrize(
    ("field", "value"),
    [("area", "420527"), ("area", ELSEWHERE), ("ends_on", "2020-01-01"), ("name", ""), ("starts_on", "gestern")],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(sign_in, form, field, value):
    response = sign_in("township").post(reverse("campaigns:new"), form | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert "看住房和饮水" in response.content.decode()
    assert not Campaign.objects.exists()


def test_the_figures_are_those_of_the_whole_area_whoever_looks(begin, sign_in, today):
    campaign = begin(area="420527")
    for village in (VILLAGES[0], VILLAGES[0], ELSEWHERE):
        factories.household(village=village)
    factories.visit(household=factories.household(village=ELSEWHERE), on=today)

    for member in ("staff", "township", "specialist", "neighbour"):
        response = sign_in(member).get(url("detail", campaign))
        assert response.context["figures"] == (1, 3)
    assert len(names(sign_in("specialist").get(url("detail", campaign)))) == 2


def test_the_list_tells_no_figure_of_a_village(begin, sign_in):
    campaign = begin(area="420527")
    for _number in range(3):
        factories.household()
    factories.household(village=ELSEWHERE)

    content = sign_in("staff").get(url("detail", campaign, done="no", village=VILLAGES[0])).content.decode()
    results = content[content.index('id="results"') :]
    assert "3 户" not in results
    assert "3 households" not in results


def test_the_list_goes_by_village_hamlet_and_name_page_by_page_and_back(begin, sign_in, monkeypatch):
    monkeypatch.setattr(campaign_listing, "PAGE_ROWS", 2)
    campaign = begin()
    for village, hamlet, pinyin, name in (
        (VILLAGES[1], "1组", "a", "五"),
        (VILLAGES[0], "2组", "a", "四"),
        (VILLAGES[0], "1组", "b", "三"),
        (VILLAGES[0], "1组", "a", "一"),
        (VILLAGES[0], "1组", "a", "二"),
    ):
        household = factories.household(village=village, head_name=name)
        type(household).objects.filter(pk=household.pk).update(hamlet=hamlet, head_pinyin=pinyin)
    client = sign_in("township")

    first = client.get(url("detail", campaign))
    second = client.get(url("detail", campaign) + first.context["next_url"])
    third = client.get(url("detail", campaign) + second.context["next_url"])
    assert (names(first), names(second), names(third)) == (["一", "二"], ["三", "四"], ["五"])
    assert not first.context["previous_url"]
    assert not third.context["next_url"]
    back = client.get(url("detail", campaign) + third.context["previous_url"])
    assert names(back) == ["三", "四"]
    assert names(client.get(url("detail", campaign) + back.context["previous_url"])) == ["一", "二"]


def test_hamlets_stand_in_the_order_of_their_numbers(begin, sign_in):
    campaign = begin()
    counted = [
        "1组",
        "第2组",
        "三组",
        "9组",
        "十组",
        "十一组",
        "20组",
        "二十一组",
        "30组",
        "三十五组",
        "九十九组",
        "100组",
        "上坪",
        "",
    ]
    for hamlet in reversed(counted):
        household = factories.household(head_name=hamlet or "无")
        type(household).objects.filter(pk=household.pk).update(hamlet=hamlet)

    assert names(sign_in("township").get(url("detail", campaign))) == [*counted[:-2], "无", "上坪"]


def test_by_state_and_village(begin, sign_in, today):
    campaign = begin()
    left, made = factories.household(head_name="没走"), factories.household(head_name="走过")
    other = factories.household(head_name="邻村", village=VILLAGES[1])
    factories.household(head_name="外乡", village=ELSEWHERE)
    visit = factories.visit(household=made, on=today)
    client = sign_in("staff")

    assert names(client.get(url("detail", campaign))) == [left.head_name, other.head_name]
    response = client.get(url("detail", campaign, done="yes"))
    assert names(response) == [made.head_name]
    assert reverse("visits:detail", args=[visit.pk]) in response.content.decode()
    assert names(client.get(url("detail", campaign, done="", village=VILLAGES[0]))) == ["没走", "走过"]
    assert client.get(url("detail", campaign, done="maybe")).status_code == 400
    assert client.get(url("detail", campaign, after="x")).status_code == 400
    assert client.get(url("detail", campaign, village=ELSEWHERE)).status_code == 400


def test_a_household_of_elsewhere_is_no_place_in_the_list(begin, sign_in):
    campaign = begin(area="420527")
    household = factories.household(village=ELSEWHERE)
    assert sign_in("township").get(url("detail", campaign, after=household.pk)).status_code == 400


def test_a_large_county_is_counted_after_the_page_and_listed_by_township(begin, sign_in, monkeypatch):
    monkeypatch.setattr(campaign_listing, "COUNT_UP_TO", 1)
    campaign = begin(area="420527")
    for _number in range(2):
        factories.household()
    client = sign_in("staff")

    response = client.get(url("detail", campaign))
    assert response.context["too_wide"]
    assert response.context["figures"] is None
    assert url("figures", campaign) in response.content.decode()
    assert client.get(url("figures", campaign)).context["figures"] == (0, 2)
    assert len(names(client.get(url("detail", campaign, township=TOWNSHIP)))) == 2
    assert COUNT_UP_TO > 1


def test_ending_it_asks_why_and_shows_who_did(begin, sign_in):
    campaign = begin()
    client = sign_in("township")

    assert client.post(url("end", campaign), {"reason": " "}).status_code == 422
    assert client.post(url("end", campaign), {"reason": "大雪封山"}).status_code == 302
    content = client.get(url("detail", campaign)).content.decode()
    assert "大雪封山" in content
    assert url("end", campaign) not in content
    twice = client.post(url("end", campaign), {"reason": "再来一次"})
    assert twice.status_code == 422


def test_a_township_ends_no_campaign_of_the_county(begin, sign_in):
    campaign = begin(area="420527")
    client = sign_in("township")
    assert url("end", campaign) not in client.get(url("detail", campaign)).content.decode()
    assert client.post(url("end", campaign), {"reason": "不归我管"}).status_code == 404


def test_the_sheet_holds_what_the_page_lists_as_text_and_is_noted(begin, sign_in, today):
    campaign = begin()
    household = factories.household(members=2, category="marginal", head_name="=1+1")
    other = factories.household(village=VILLAGES[1])
    factories.visit(household=factories.household(), on=today)
    factories.household(village=ELSEWHERE)

    response = sign_in("township").get(url("sheet", campaign, done="no"))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)
    assert [row[3] for row in rows[2:]] == [household.code, other.code]
    assert rows[2][4:6] == ("=1+1", "2")
    entry = AuditEntry.objects.get(action="campaign_downloaded")
    assert (entry.subject_id, entry.detail) == (str(campaign.pk), {"rows": 2, "filters": "done=no"})


def test_the_sheet_follows_the_filters_also_when_only_the_list_is_fetched(begin, sign_in):
    campaign = begin()
    factories.household()
    response = sign_in("township").get(
        url("detail", campaign, done="", village=VILLAGES[0]), headers={"HX-Request": "true"}
    )
    content = response.content.decode()
    assert "<html" not in content
    assert f"{url('sheet', campaign)}?done=&amp;village={VILLAGES[0]}" in content
    assert url("village", campaign, VILLAGES[0]) in content


def test_the_list_on_paper_is_one_village_and_no_other(begin, sign_in, today):
    campaign = begin(area="420527")
    left, made = factories.household(), factories.household()
    factories.visit(household=made, on=today)
    factories.household(village=ELSEWHERE)
    client = sign_in("specialist")

    assert names(client.get(url("village", campaign, VILLAGES[0]))) == [left.head_name, made.head_name]
    assert names(client.get(url("village", campaign, VILLAGES[0], done="no"))) == [left.head_name]
    assert client.get(url("village", campaign, ELSEWHERE)).status_code == 404
    assert client.get(url("village", campaign, TOWNSHIP)).status_code == 404
    assert client.get(url("village", campaign, VILLAGES[0], done="x")).status_code == 400
    small = begin(name="本村", area=VILLAGES[1])
    assert client.get(url("village", small, VILLAGES[0])).status_code == 404


def test_a_page_costs_the_same_however_many_households_it_lists(begin, sign_in, today):
    campaign = begin()
    client = sign_in("township")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("detail", campaign, done="")).status_code == 200
        return len(queries)

    factories.household(members=1)
    one = cost()
    for _number in range(9):
        factories.visit(household=factories.household(members=1), on=today)
    assert cost() == one <= 20
