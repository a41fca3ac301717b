"""Whose village looks into an open alert may open its household, as long as it is open, and nothing else there."""

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.models import Alert
from households.models import Visit
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import send

pytestmark = pytest.mark.django_db
# In the specialist's township, and not one of the own villages.
OTHER_VILLAGE = "420527103208"
OPENED = ["pages:household", "pages:visit", "visits:print"]


@pytest.fixture
def alert(db) -> Alert:
    household = factories.household(village=OTHER_VILLAGE, members=1)
    return factories.alert(household=household, status="acknowledged", holder="village", handled_in=VILLAGES[0])


def opened(client, alert) -> list[int]:
    return [client.get(reverse(name, args=[alert.household_id])).status_code for name in OPENED]


def close(alert):
    Alert.objects.filter(pk=alert.pk).update(status="closed", holder="county", closed_at=timezone.now())


def test_the_page_the_visit_form_and_its_print_open(sign_in, alert):
    assert opened(sign_in("specialist"), alert) == [200, 200, 200]


def test_they_are_shut_once_the_alert_is_closed_and_the_alert_leads_there_no_more(sign_in, alert):
    client, page = sign_in("specialist"), reverse("pages:alert", args=[alert.pk])
    link = f'href="{reverse("pages:household", args=[alert.household_id])}"'
    assert link in client.get(page).content.decode()

    close(alert)

    assert opened(client, alert) == [404, 404, 404]
    assert link not in client.get(page).content.decode()


@pytest.mark.parametrize("handled_in", [None, ELSEWHERE])
def test_they_stay_shut_where_it_was_not_handed_over_to(sign_in, alert, handled_in):
    Alert.objects.filter(pk=alert.pk).update(handled_in=handled_in)

    assert opened(sign_in("specialist"), alert) == [404, 404, 404]


def test_another_household_of_that_village_stays_shut(sign_in, alert):
    other = factories.alert(household=factories.household(village=OTHER_VILLAGE, members=1))

    assert opened(sign_in("specialist"), other) == [404, 404, 404]


def test_a_visit_can_be_written_down_and_comes_back_to_the_page(sign_in, alert, cast):
    said = {"on": timezone.localdate().isoformat(), "method": "home", "words": "已入户"}
    response = send(sign_in("specialist"), "visit", alert.household_id, **said)

    assert response.url == reverse("pages:household", args=[alert.household_id])
    visit = Visit.objects.get()
    assert (visit.household_id, visit.visitor, visit.village) == (
        alert.household_id,
        cast.specialist,
        OTHER_VILLAGE,
    )


def test_it_stands_in_no_list_of_the_other_village_and_its_visits_stay_there(sign_in, alert):
    visit = factories.visit(household=alert.household, on=timezone.localdate())
    client = sign_in("specialist")

    assert alert.household.head_name not in client.get(reverse("registry:list")).content.decode()
    assert client.get(reverse("visits:detail", args=[visit.pk])).status_code == 404
    page = client.get(reverse("pages:household", args=[alert.household_id])).content.decode()
    assert reverse("visits:detail", args=[visit.pk]) not in page


def test_the_printed_form_says_in_which_village_it_lives(sign_in, alert):
    page = sign_in("specialist").get(reverse("visits:print", args=[alert.household_id]))

    assert page.context["forms"][0].place == "屈原村"
