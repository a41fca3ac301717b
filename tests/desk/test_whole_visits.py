"""A whole visit from paper: every section of the form, and each mistake said at its field."""

import datetime as dt

import pytest
from django.urls import reverse

from households.models import Membership, Visit
from households.visits.declaration import SECTIONS
from tests import factories
from tests.desk.sending import problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

WAGE = {"income_0_month": "2022-06", "income_0_kind": "wage", "income_0_item": "务工"}
BILL = {"illness_0_treatment": "inpatient", "illness_0_month": "2022-07", "illness_0_self_pay": "1"}
VISIT = {"on": "2022-07-08", "method": "home", "words": "屋顶漏水"}


@pytest.fixture
def household():
    return factories.household(members=2, house_grade="B")


@pytest.fixture
def client(sign_in):
    return sign_in("specialist")


def said() -> dict[tuple[str, str], tuple[object, str]]:
    """(section, field) → what was said and what became of it."""
    rows = Visit.objects.get().answers.order_by("id")
    return {(row.section, row.field): (row.said, row.state) for row in rows}


def test_every_section_and_field_of_the_form_is_asked(client):
    household = factories.household()
    factories.person(household=household, born_on=dt.date(2012, 5, 1))
    form = client.get(reverse("pages:visit", args=[household.pk])).context["form"]
    asked = {
        (part.section.name, field.name.rsplit("_0_")[-1])
        for part in form.sections
        for field, _known in part.rows[0].cells
    }
    assert asked >= {(section.name, one.name) for section in SECTIONS for one in section.fields}


def test_what_was_said_stands_beside_the_register(client, household):
    head, other = Membership.objects.filter(household=household).order_by("id")
    response = send(
        client, "visit", household.pk, **VISIT, needs="想修房",
        income_0_month="2022-06", income_0_kind="wage", income_0_item="务工", income_0_amount="3000",
        work_1_work_place="省外", work_1_work_months="6",
        illness_2_person=head.person_id, illness_2_treatment="inpatient", illness_2_month="2022-07",
        illness_2_self_pay="5200.5",
        house_0_house_grade="C", water_0_safe_water="no",
        disaster_0_happened="火灾", disaster_0_happened_on="2022-07-01",
    )  # fmt: skip
    assert response.status_code == 302
    answers = said()
    assert answers["income", "amount"] == ("3000.00", "added")
    assert answers["work", "work_months"] == (6, "added")
    assert answers["house", "house_grade"] == ("C", "asked")
    assert answers["water", "safe_water"] == (False, "added")
    assert answers["illness", "self_pay"] == ("5200.50", "noted")
    assert answers["disaster", "happened_on"] == ("2022-07-01", "noted")
    visit = Visit.objects.get()
    assert (visit.needs, visit.form, visit.began_at) == ("想修房", 1, None)
    assert {row.person_id for row in visit.answers.filter(section="work")} == {other.person_id}


def test_nothing_has_changed_is_a_visit_too(client, household):
    send(client, "visit", household.pk, **VISIT, unchanged="on")
    visit = Visit.objects.get()
    assert visit.unchanged and not visit.answers.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"income_3_kind": "wage", "income_3_item": "务工", "income_3_amount": "1"}, "income_3_month"),
        (WAGE | {"income_0_amount": "x"}, "income_0_amount"),
        ({"work_1_work_months": "13"}, "work_1_work_months"),
        ({"work_1_work_months": "half"}, "work_1_work_months"),
        ({"work_0_work_place": "火星"}, "work_0_work_place"),
        (BILL, "illness_0_person"),
        ({"water_0_safe_water": "maybe"}, "water_0_safe_water"),
        ({"disaster_1_happened": "火灾", "disaster_1_happened_on": "2022-02-30"}, "disaster_1_happened_on"),
        ({"needs": "想" * 301}, "needs"),
        ({"risks": ["illness"], "words": ""}, "words"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_at_its_field_and_nothing_is_written(client, household, changed, field):
    assert list(problems(send(client, "visit", household.pk, **VISIT | changed))) == [field]
    assert not Visit.objects.exists()


def test_unchanged_and_changed_contradict_each_other(client, household):
    response = send(client, "visit", household.pk, **VISIT, unchanged="on", house_0_house_grade="C")
    assert list(problems(response)) == ["unchanged"]


def test_what_was_written_stands_there_still_when_something_is_wrong(client, household):
    response = send(client, "visit", household.pk, **VISIT, house_0_house_grade="C", work_0_work_months="x")
    assert response.context["form"]["house_0_house_grade"].value() == "C"


def test_a_line_of_a_stranger_is_refused(client, household):
    stranger = factories.person(household=factories.household())
    response = send(client, "visit", household.pk, **VISIT, **BILL, illness_0_person=stranger.pk)
    assert list(problems(response)) == ["illness_0_person"]
    assert not Visit.objects.exists()


def test_what_the_register_says_now_stands_beside_the_question(client, household):
    page = client.get(reverse("pages:visit", args=[household.pk])).context["form"]
    known = {field.name: now for part in page.sections for row in part.rows for field, now in row.cells}
    assert known["house_0_house_grade"] is not None
    assert known["water_0_safe_water"] is None


def test_school_is_asked_of_those_of_school_age_and_of_whom_a_school_is_known(client):
    household = factories.household()
    for name, born, facts in [
        ("屈老", dt.date(1943, 5, 1), {"labour": "无劳动力"}),
        ("屈学", dt.date(1990, 5, 1), {"schooling": "硕士研究生及以上"}),
        ("屈幼", dt.date(2020, 5, 1), {}),
        ("屈小", dt.date(2012, 5, 1), {}),
        ("屈未", None, {}),
    ]:
        factories.person(household=household, name=name, born_on=born, facts=facts)
    form = client.get(reverse("pages:visit", args=[household.pk])).context["form"]
    asked = {part.section.name: [row.title for row in part.rows] for part in form.sections}
    assert asked["schooling"] == ["屈学", "屈小", "屈未"]
    assert len(asked["work"]) == 5


def test_the_page_costs_the_same_however_many_members(client, django_assert_max_num_queries):
    household = factories.household(members=9)
    with django_assert_max_num_queries(18):
        client.get(reverse("pages:visit", args=[household.pk]))


def test_the_day_lies_in_the_past(client, household):
    assert list(problems(send(client, "visit", household.pk, **VISIT | {"on": "2022-07-11"}))) == ["on"]
    assert dt.date(2022, 7, 11) not in set(Visit.objects.values_list("visited_on", flat=True))
