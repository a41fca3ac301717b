"""Households due and overdue, soonest first; and the forms to take along."""

import datetime as dt

import pytest
from django.urls import reverse

from households.models import AuditEntry, Household
from households.privacy.seal import seal
from monitoring.visiting import due_list, printing
from monitoring.visiting.due import due_of
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

URL = "/visits/due/"
D = dt.date
TODAY = D(2022, 7, 10)


def monitored(*, visited=None, **fields):
    household = factories.household(
        members=1, category="marginal", eliminated=fields.pop("eliminated", False),
        monitored_since=D(2021, 1, 1), **fields,
    )  # fmt: skip
    if visited:
        factories.visit(household=household, on=visited)
    return household.pk


def listed(client, **query) -> list[int]:
    response = client.get(URL, query)
    assert response.status_code == 200
    return [row.household.pk for row in response.context["rows"]]


def test_the_soonest_due_comes_first_and_who_has_time_is_left_out(sign_in):
    later, due, over = (monitored(visited=day) for day in (D(2022, 7, 5), D(2022, 6, 12), D(2022, 5, 1)))
    never = monitored()
    factories.household(members=1)
    client = sign_in("specialist")
    assert listed(client) == [never, over, due]
    assert listed(client, state="overdue") == [never, over]
    assert listed(client, state="due") == [due]
    assert listed(client, state="later") == [later]


def test_it_says_the_same_as_each_household_alone(sign_in):
    for day in (D(2022, 7, 5), D(2022, 6, 12), D(2022, 5, 1)):
        monitored(visited=day, eliminated=day.month == 5)
        factories.alert(household=Household.objects.get(pk=monitored(visited=day)), level="red")
    rows = due_list.read_due(level="county", codes=("420527",), today=TODAY).rows
    rows += due_list.read_due(level="county", codes=("420527",), today=TODAY, state="later").rows
    assert dict(rows) == due_of(Household.objects.all(), TODAY)


def test_why_narrows_the_list(sign_in):
    monitored(visited=D(2022, 5, 1))
    eliminated = monitored(visited=D(2021, 12, 1), eliminated=True)
    assert listed(sign_in("specialist"), level="eliminated") == [eliminated]


def test_pages_lead_on_and_back(sign_in, monkeypatch):
    monkeypatch.setattr(due_list, "PAGE_ROWS", 2)
    monkeypatch.setattr(due_list.read_due, "__kwdefaults__", due_list.read_due.__kwdefaults__ | {"rows": 2})
    soonest_first = [monitored(visited=D(2022, 5, day)) for day in (1, 1, 2, 3, 3)]
    client = sign_in("specialist")
    seen, url = [], URL
    while url:
        context = client.get(url).context
        seen += [[row.household.pk for row in context["rows"]]]
        back, url = context["previous_url"], context["next_url"] and URL + context["next_url"]
    assert seen == [soonest_first[:2], soonest_first[2:4], soonest_first[4:]]
    assert [row.household.pk for row in client.get(URL + back).context["rows"]] == soonest_first[2:4]


def test_each_sees_the_own_area_and_the_county_chooses_a_township(sign_in):
    here, there = monitored(), monitored(village=ELSEWHERE)
    assert listed(sign_in("specialist")) == listed(sign_in("township")) == [here]
    assert listed(sign_in("neighbour")) == [there]
    county = sign_in("admin")
    assert ELSEWHERE[:9] in dict(county.get(URL).context["townships"])
    assert listed(county, township=ELSEWHERE[:9]) == [there]
    assert sign_in("township").get(URL, {"village": ELSEWHERE}).status_code == 400


def test_the_township_around_a_village_shows_no_more_than_the_village(sign_in):
    here = monitored()
    beyond = "420527103205"
    monitored(village=beyond)
    client = sign_in("specialist")
    assert listed(client, township=VILLAGES[0][:9]) == [here]
    assert client.get(URL, {"village": beyond}).status_code == 400
    assert len(listed(sign_in("township"), township=VILLAGES[0][:9])) == 2


def test_the_list_costs_the_same_however_long(sign_in, django_assert_max_num_queries):
    for _time in range(5):
        monitored()
    client = sign_in("township")
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_the_form_knows_the_household_and_never_a_number_of_a_person(sign_in):
    pk = monitored(head_name="望山")
    household = Household.objects.get(pk=pk)
    person = factories.person(
        household=household,
        name="丽华",
        identity_sealed=seal("420527197005011234"),
        phone_sealed=seal("13812345678"),
    )
    factories.income(household=household, amount=3000)
    factories.alert(household=household, sentence_zh="自付较高")
    client = sign_in("specialist")
    text = client.get(reverse("visits:print", args=[pk])).content.decode()
    assert all(words in text for words in ("望山", person.name, "3000.00", "自付较高", "2021-01-31"))
    assert "19700501" not in text and "1381234" not in text
    assert AuditEntry.objects.filter(action="household_read", subject_id=str(pk)).exists()


def test_the_form_asks_everything_that_a_visit_may_say(sign_in):
    context = sign_in("specialist").get(reverse("visits:print", args=[monitored()])).context
    assert [section.label for section in context["sections"]] == [section.label for section in printing.SECTIONS]


def test_forms_of_a_village_are_those_of_the_households_due(sign_in, django_assert_max_num_queries):
    due = [monitored(visited=D(2022, 5, day)) for day in (1, 2, 3)]
    monitored(visited=D(2022, 7, 9))
    monitored(village=VILLAGES[1])
    client = sign_in("specialist")
    with django_assert_max_num_queries(24):
        response = client.get(reverse("visits:print-village", args=[VILLAGES[0]]))
    assert [form.household.pk for form in response.context["forms"]] == due
    assert AuditEntry.objects.get(action="visit_forms_printed").detail == {"rows": 3}
    assert client.get(reverse("visits:print-village", args=["420527"])).status_code == 404
