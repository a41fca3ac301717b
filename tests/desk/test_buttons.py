"""The household page offers the forms to whoever may fill them in, and shows what was corrected."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import factories
from tests.desk.sending import REASON, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]


@pytest.fixture
def household():
    row = factories.household(members=1)
    factories.income(household=row, amount=1000)
    factories.bill(person=row.memberships.get().person, self_pay=50)
    return row


def urls(household) -> dict[str, str]:
    person = household.memberships.current().get().person_id
    line = household.income_lines.current().get().pk
    bill = household.memberships.current().get().person.medical_bills.get().pk
    own = {name: [household.pk] for name in ("birth", "marriage", "line-add", "bill-add")}
    own |= {"death": [household.pk, person], "marriage-out": [household.pk, person]}
    own |= {"line-correct": [household.pk, line], "bill-correct": [household.pk, bill]}
    return {name: reverse(f"desk:{name}", args=pks) for name, pks in own.items()}


def offered(client, household) -> set[str]:
    page = client.get(reverse("pages:household", args=[household.pk])).content.decode()
    visit = {"visit": reverse("pages:visit", args=[household.pk])}
    return {name for name, url in (urls(household) | visit).items() if f'href="{url}"' in page}


@pytest.mark.parametrize("member", ["admin", "staff", "township"])
def test_who_keeps_the_register_finds_every_form(sign_in, household, member):
    assert offered(sign_in(member), household) == {*urls(household), "visit"}


@pytest.mark.parametrize(("member", "names"), [("specialist", {"visit"}), ("auditor", set())])
def test_the_others_find_what_they_may_do(sign_in, household, member, names):
    assert offered(sign_in(member), household) == names


@pytest.mark.parametrize(
    "name", ["birth", "marriage", "line-add", "bill-add", "death", "line-correct", "bill-correct"]
)
def test_every_form_opens_and_leads_back(sign_in, household, name):
    page = sign_in("township").get(urls(household)[name])
    assert page.status_code == 200
    assert f'href="{reverse("pages:household", args=[household.pk])}"' in page.content.decode()


def test_what_stood_there_before_is_said_beside_the_line_and_in_the_history(sign_in, household):
    client = sign_in("township")
    line = household.income_lines.get()
    values = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "1200.5"}
    send(client, "line-correct", household.pk, line.pk, **values)
    page = client.get(reverse("pages:household", args=[household.pk])).content.decode()
    said = "2022-06 工资性收入 务工 1,000.00 → 1,200.50"
    assert page.count(said) == 2
    assert REASON in page


def test_who_has_died_is_no_member_of_the_page(sign_in, household):
    other = factories.person(household=household, name="屈五六")
    client = sign_in("township")
    send(client, "death", household.pk, other.pk, on=dt.date(2022, 7, 10))
    members = client.get(reverse("pages:household", args=[household.pk])).context["members"]
    assert "屈五六" not in {row.person.name for row in members}
