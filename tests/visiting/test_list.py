"""The list of visits: scoped, newest day first, narrowed by its address."""

import datetime as dt

import pytest
from django.urls import reverse

from households.models import AuditEntry, Household
from monitoring.visiting import listing
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

URL = "/visits/"
D = dt.date


@pytest.fixture
def household():
    return factories.household(members=1, head_name="望山")


def listed(client, **query) -> list[int]:
    response = client.get(URL, query)
    assert response.status_code == 200
    return [row.visit.pk for row in response.context["rows"]]


def test_the_list_shows_the_first_words_of_what_was_found_and_notes_who_read_them(cast, sign_in, household):
    told = visit_of(household, words="屋顶漏水，\n已报村委会。" + "很长" * 40, on=D(2022, 7, 9))
    visit_of(household, words="", unchanged=True, on=D(2022, 7, 8))

    rows = sign_in("specialist").get(URL).context["rows"]

    assert rows[0].words.startswith("屋顶漏水， 已报村委会。很长") and rows[0].words.endswith("...")
    assert len(rows[0].words) == listing.LONGEST_WORDS
    assert rows[1].words == ""
    entry = AuditEntry.objects.get(action="visit_words_read")
    assert (entry.actor, entry.detail) == (cast.specialist, {"visits": [told]})


def test_visits_are_listed_by_their_day_and_not_by_when_they_came_in(sign_in, household):
    days = [D(2022, 6, 20), D(2022, 7, 1), D(2022, 6, 25), D(2022, 7, 1)]
    a, b, c, d = (factories.visit(household=household, on=day).pk for day in days)
    assert listed(sign_in("specialist")) == [d, b, c, a]


def test_everybody_sees_the_visits_of_the_own_area(sign_in, household):
    here = factories.visit(household=household).pk
    there = factories.visit(household=factories.household(village=ELSEWHERE)).pk
    assert listed(sign_in("specialist")) == listed(sign_in("township")) == [here]
    assert listed(sign_in("neighbour")) == [there]
    assert listed(sign_in("admin")) == [there, here]


def test_pages_lead_on_and_back_through_all_visits(sign_in, household, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)
    days = [D(2022, 7, 1), D(2022, 7, 1), D(2022, 7, 2), D(2022, 7, 2), D(2022, 7, 3)]
    newest_first = [factories.visit(household=household, on=day).pk for day in days][::-1]
    client = sign_in("specialist")
    seen, url = [], URL
    while url:
        context = client.get(url).context
        seen += [[row.visit.pk for row in context["rows"]]]
        back, url = context["previous_url"], context["next_url"] and URL + context["next_url"]
    assert seen == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    assert [row.visit.pk for row in client.get(URL + back).context["rows"]] == newest_first[2:4]


def visit_of(household, **changed):
    return factories.visit(household=household, **changed).pk


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ({"method": "phone"}, {"method": "phone"}),
        ({"found": "risk"}, {"risks": ["illness"]}),
        ({"found": "unchanged"}, {"unchanged": True}),
        ({"since": "2022-07-02", "until": "2022-07-02"}, {"on": D(2022, 7, 2)}),
        ({"doubt": "clock"}, {"clock_behind": 3600}),
        ({"doubt": "clock"}, {"clock_behind": -3600}),
        ({"doubt": "clock"}, {"tablet_day": D(2022, 6, 1)}),
        ({"doubt": "late"}, {"on": D(2022, 7, 6), "form": 1}),
    ],
)
def test_the_address_narrows_the_list(sign_in, household, query, changed):
    visit_of(household, on=D(2022, 7, 9), clock_behind=3, form=1)
    found = visit_of(household, **{"on": D(2022, 7, 9)} | changed)
    assert listed(sign_in("specialist"), **query) == [found]


def test_a_visit_from_a_tablet_is_told_from_one_of_the_desk(sign_in, household):
    tablet = visit_of(household, batch=factories.batch(kind="tablet"))
    desk = visit_of(household)
    client = sign_in("specialist")
    assert listed(client, source="tablet") == [tablet]
    assert listed(client, source="desk") == [desk]


def test_doubts_are_looked_for_a_month_back_unless_a_period_is_asked_for(sign_in, household):
    old = visit_of(household, on=D(2022, 1, 5), clock_behind=3600)
    client = sign_in("specialist")
    assert listed(client, doubt="clock") == []
    assert listed(client, doubt="clock", since="2022-01-01") == [old]


def test_a_village_is_chosen_among_the_own_ones(sign_in, household):
    here = visit_of(household)
    visit_of(factories.household(village=VILLAGES[1]))
    client = sign_in("township")
    assert listed(client, village=VILLAGES[0]) == [here]
    assert client.get(URL, {"village": ELSEWHERE}).status_code == 400


def test_all_visits_of_a_household_stay_with_it_when_it_moves(sign_in, household):
    before = visit_of(household)
    Household.objects.filter(pk=household.pk).update(village=ELSEWHERE, township=ELSEWHERE[:9])
    assert listed(sign_in("neighbour"), household=household.pk) == [before]
    assert listed(sign_in("neighbour")) == []
    assert listed(sign_in("specialist"), household=household.pk) == []


def test_what_was_taken_back_is_not_listed(sign_in, household):
    visit_of(household, replaced_in=factories.batch())
    assert listed(sign_in("specialist")) == []


@pytest.mark.parametrize(
    "query", ["before=x", "after=2022-07-01", "before=2022-07-01.1&after=2022-07-01.1", "who=1"]
)
def test_a_wrong_address_is_said_to_be_wrong(sign_in, query):
    assert sign_in("specialist").get(f"{URL}?{query}").status_code == 400


def test_fifty_visits_cost_as_many_queries_as_one(sign_in, household, django_assert_max_num_queries):
    for _time in range(5):
        visit = factories.visit(household=factories.household(), visitor=None)
        visit.answers.create(
            section="water", field="safe_water", said=False, state="asked",
            county=visit.county, township=visit.township, village=visit.village,
        )  # fmt: skip
    client = sign_in("township")
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_a_part_of_the_page_is_answered_alone(sign_in, household):
    visit_of(household)
    response = sign_in("specialist").get(URL, headers={"HX-Request": "true"})
    assert response.content.strip().startswith(b'<div id="results">')


def test_the_calendar_counts_visits_and_households_of_each_day(sign_in, household):
    other = factories.household(head_name="丽华")
    for home in (household, household, other):
        visit_of(home, on=D(2022, 7, 4))
    visit_of(household, on=D(2022, 6, 30))
    month = sign_in("specialist").get(reverse("visits:calendar")).context["month"]
    days = {cell.day: cell for week in month.weeks for cell in week if cell}
    fourth = days[D(2022, 7, 4)]
    assert (month.visits, fourth.visits, fourth.households) == (3, 3, 2)
    assert [name for _pk, name in fourth.names] == ["望山", "丽华"]
    assert days[D(2022, 7, 2)].kind == "weekend"
    assert len(days) == 31


def test_the_calendar_of_a_township_names_nobody(sign_in, household):
    visit_of(household, on=D(2022, 7, 4))
    client = sign_in("township")
    assert "望山" not in client.get(reverse("visits:calendar")).content.decode()
    assert "望山" in client.get(reverse("visits:calendar"), {"village": VILLAGES[0]}).content.decode()


def test_the_calendar_shows_the_month_that_was_asked_for(sign_in, household):
    visit_of(household, on=D(2022, 2, 3))
    month = sign_in("specialist").get(reverse("visits:calendar"), {"month": "2022-02"}).context["month"]
    days = {cell.day: cell for week in month.weeks for cell in week if cell}
    assert (month.first, days[D(2022, 2, 3)].visits) == (D(2022, 2, 1), 1)
    # The Spring Festival is a day off by the work calendar.
    assert days[D(2022, 2, 3)].kind == "off"


def test_a_span_that_ends_before_it_begins_is_a_mistake_and_no_empty_list(sign_in, household):
    factories.visit(household=household)
    response = sign_in("specialist").get(URL, {"since": "2022-07-02", "until": "2022-07-01"})
    assert response.status_code == 400
    assert "≥ 2022-07-02" in response.content.decode()
    assert sign_in("specialist").get(URL, {"since": "2022-07-02", "until": "2022-07-02"}).status_code == 200


def test_verdicts_given_at_the_door_are_counted(sign_in, cast, household):
    visit = factories.visit(household=household)
    told = [{"alert": 1, "moved": True, "sentence": ""}, {"alert": 2, "moved": False, "sentence": "已由他人核实"}]
    factories.upload(
        household=household, visit=visit, sender=cast.specialist, state="stored", answer={"verdicts": told}
    )
    (row,) = sign_in("specialist").get(URL).context["rows"]
    assert row.verdicts == 1
