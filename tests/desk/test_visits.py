"""A visit is written down at the desk: the same form twice is one visit, and the reminder is not found again."""

import datetime as dt
import uuid
from functools import partial

import pytest
from django.urls import reverse

from alerts.models import Alert
from households.desk.visits import enter_checked_visit
from households.models import AuditEntry, EvidenceBatch, Visit
from households.visits.checking import Checked
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import at_once, judged, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

VISIT = {"on": "2022-07-08", "method": "home", "words": "老人身体好，屋顶已修。"}


@pytest.fixture
def household():
    return factories.household(
        members=1, category="marginal", eliminated=False, monitored_since=dt.date(2020, 1, 1)
    )


def test_a_visit_is_evidence_with_its_day_and_words(cast, sign_in, household):
    assert send(sign_in("specialist"), "visit", household.pk, **VISIT).status_code == 302
    visit = Visit.objects.get()
    assert (visit.household, visit.visited_on, visit.method) == (household, dt.date(2022, 7, 8), "home")
    assert (visit.words, visit.visitor) == (VISIT["words"], cast.specialist)
    assert (visit.batch.kind, visit.batch.source, visit.batch.actor) == ("desk", "visit", cast.specialist)
    audit = AuditEntry.objects.get(action="desk_visit")
    assert audit.subject_id == str(household.pk)
    assert VISIT["words"] not in str(audit.detail)


def test_at_the_township_one_says_who_visited(cast, sign_in, household):
    client = sign_in("township")
    send(client, "visit", household.pk, **VISIT, visitor=cast.specialist.pk)
    send(client, "visit", household.pk, **VISIT, visitor="other")
    assert [visit.visitor for visit in Visit.objects.order_by("id")] == [cast.specialist, None]
    response = send(client, "visit", household.pk, **VISIT, visitor=cast.neighbour.pk)
    assert list(problems(response)) == ["visitor"]


def test_nobody_is_said_to_have_visited_whom_nobody_chose(cast, sign_in, household):
    client = sign_in("township")
    form = client.get(reverse("pages:visit", args=[household.pk])).context["form"]
    assert form["visitor"].value() is None
    offered = {name for name, _label in form.fields["visitor"].choices}
    assert offered == {"", "other", str(cast.specialist.pk), str(cast.township.pk)}
    assert list(problems(send(client, "visit", household.pk, **VISIT, visitor=""))) == ["visitor"]
    assert not Visit.objects.exists()


def test_a_visit_ends_the_reminder_that_nobody_came(sign_in, household):
    judge_batches()
    alert = Alert.objects.get(household=household, kind_id="SUG08")
    assert alert.not_found_month is None
    send(sign_in("specialist"), "visit", household.pk, **VISIT)
    judge_batches()
    alert.refresh_from_db()
    assert alert.not_found_month == dt.date(2022, 7, 1)


def test_days_without_a_visit_are_counted_from_the_last_one(sign_in, household):
    send(sign_in("specialist"), "visit", household.pk, **VISIT | {"on": "2022-06-10"})
    assert judged(household).days_unvisited == 20


def test_the_same_form_twice_is_one_visit(sign_in, household):
    for _time in range(2):
        assert send(sign_in("specialist"), "visit", household.pk, **VISIT, token="7" * 32).status_code == 302
    assert Visit.objects.count() == 1
    assert EvidenceBatch.objects.filter(source="visit").count() == 1


def test_a_second_visit_of_one_day_is_asked_about_once_and_then_taken(sign_in, household):
    client = sign_in("specialist")
    send(client, "visit", household.pk, **VISIT)
    second = VISIT | {"method": "phone", "words": "电话里说已好转"}

    response = send(client, "visit", household.pk, **second)

    assert list(problems(response)) == ["again"]
    assert response.context["form"]["words"].value() == second["words"]
    assert f'href="{reverse("visits:detail", args=[Visit.objects.get().pk])}"' in response.content.decode()
    assert send(client, "visit", household.pk, **second, again="on").status_code == 302
    assert list(Visit.objects.order_by("id").values_list("method", flat=True)) == ["home", "phone"]


def test_going_back_in_the_browser_and_saving_again_stores_no_second_visit(sign_in, household):
    client = sign_in("specialist")
    for _time in range(2):
        # Each time the page comes with a token of its own.
        response = send(client, "visit", household.pk, **VISIT)
    assert list(problems(response)) == ["again"]
    assert Visit.objects.count() == 1


def test_nobody_is_asked_about_the_visit_of_somebody_else_or_of_another_day(sign_in, household):
    send(sign_in("specialist"), "visit", household.pk, **VISIT)
    assert send(sign_in("specialist"), "visit", household.pk, **VISIT | {"on": "2022-07-07"}).status_code == 302
    assert send(sign_in("township"), "visit", household.pk, **VISIT, visitor="other").status_code == 302


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on": "2022-07-11"}, "on"),
        ({"on": ""}, "on"),
        ({"method": "drone"}, "method"),
        ({"words": "好" * 501}, "words"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, household, changed, field):
    assert list(problems(send(sign_in("specialist"), "visit", household.pk, **VISIT | changed))) == [field]
    assert not Visit.objects.exists()


def test_a_form_without_a_token_of_its_own_is_refused(sign_in, household):
    assert list(problems(send(sign_in("specialist"), "visit", household.pk, **VISIT, token="x"))) == ["token"]


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("admin", ELSEWHERE, 302),
        ("staff", ELSEWHERE, 302),
        ("township", VILLAGES[0], 302),
        ("township", ELSEWHERE, 404),
        ("specialist", VILLAGES[1], 302),
        ("specialist", ELSEWHERE, 404),
        ("auditor", VILLAGES[0], 403),
        ("officer", VILLAGES[0], 403),
    ],
)
def test_visits_are_entered_for_the_own_area(sign_in, member, village, status):
    household = factories.household(village=village, members=1)
    assert send(sign_in(member), "visit", household.pk, **VISIT, visitor="other").status_code == status
    assert Visit.objects.exists() == (status == 302)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_down_one_visit_at_the_same_time_the_second_is_asked(cast, household):
    visits = [
        Checked(uid=uuid.uuid4(), household=household.pk, form=1, method="home", on=dt.date(2022, 7, 8))
        for _time in range(2)
    ]
    results = at_once(
        [
            partial(enter_checked_visit, checked=visits[0], visitor=cast.specialist, by=cast.specialist),
            partial(enter_checked_visit, checked=visits[1], visitor=cast.specialist, by=cast.township),
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Visit", "VisitedThatDay"]
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_time_is_one_visit(cast, household):
    checked = Checked(uid=uuid.uuid4(), household=household.pk, form=1, method="home", on=dt.date(2022, 7, 8))
    work = partial(enter_checked_visit, checked=checked, visitor=None, by=cast.specialist)
    results = at_once([work, work, work])
    assert [visit.household for visit in results] == [household] * 3
    assert Visit.objects.count() == 1
