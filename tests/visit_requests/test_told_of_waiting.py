"""Whoever decides is told of what waits: by the bell once a working day, and on the home page."""

import datetime as dt

import pytest
from django.urls import reverse

from alerts.models import Notice
from households.models import VisitAnswer
from monitoring.tablet.reminding import remind_of_visits
from tests import factories
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES

pytestmark = pytest.mark.django_db
MONDAY, SUNDAY = dt.date(2026, 11, 30), dt.date(2026, 11, 29)


@pytest.fixture
def waiting(cast):
    """Two change requests and one upload in 屈原镇."""
    household = factories.household(head_name="望山")
    visit = factories.visit(household=household)
    factories.visit_answer(visit=visit)
    factories.visit_answer(visit=visit, section="water", field="safe_water", said=False, stood=True)
    factories.visit_answer(visit=visit, state="added")
    factories.upload(household=factories.household(village=VILLAGES[1]), sender=cast.specialist)
    return household


def test_the_township_is_told_once_a_day_how_much_waits_and_nothing_of_anybody(waiting, cast):
    assert remind_of_visits(today=MONDAY) == 3
    remind_of_visits(today=MONDAY)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind) == (cast.township, "visits_waiting")
    assert notice.values == {"count": 3, "place": TOWNSHIP}
    assert notice.path == reverse("visits:requests")
    remind_of_visits(today=MONDAY + dt.timedelta(days=1))
    assert Notice.objects.count() == 2


def test_on_a_day_off_and_without_anything_nobody_is_told(waiting):
    assert remind_of_visits(today=SUNDAY) == 0
    VisitAnswer.objects.all().delete()
    assert remind_of_visits(today=MONDAY) == 1
    assert Notice.objects.get().path == reverse("uploads:list")


def test_of_a_township_where_nobody_is_posted_the_county_is_told(cast):
    factories.visit_answer(visit=factories.visit(household=factories.household(village=ELSEWHERE)))
    remind_of_visits(today=MONDAY)

    told = {notice.recipient.username for notice in Notice.objects.all()}
    assert told == {"admin", "staff"}
    assert {notice.values["place"] for notice in Notice.objects.all()} == {ELSEWHERE[:9]}


def test_the_home_page_counts_what_waits_for_whoever_decides(waiting, sign_in):
    factories.visit_answer(visit=factories.visit(household=factories.household(village=ELSEWHERE)))

    assert [row.count for row in sign_in("township").get("/").context["visits"]] == ["2", "1"]
    assert [row.count for row in sign_in("staff").get("/").context["visits"]] == ["3", "1"]
    content = sign_in("township").get("/").content.decode()
    assert reverse("uploads:list") in content
    assert "visits" not in sign_in("specialist").get("/").context
