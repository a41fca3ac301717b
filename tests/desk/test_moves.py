"""A household moves: to another village, out of the county, and back."""

import datetime as dt
from functools import partial

import pytest
from django.test import Client

from alerts.models import Alert
from households.desk.moves import move_household
from households.models import Area, Event, EvidenceBatch, Household, HouseholdMove
from households.refusal import Refused
from monitoring.feeds.services import create_client
from monitoring.judgment.models import HouseholdMonth
from monitoring.judgment.running import open_run, work_run
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES
ON_16_JUNE = {"on": "2022-06-16"}


@pytest.fixture
def household():
    return factories.household(members=2, village=HERE)


@pytest.fixture
def client_of_area(cast):
    """``client_of_area(HERE)`` is a program whose key is bound to that village."""

    def _client(code: str) -> Client:
        issued = create_client(
            name=code,
            area=Area.objects.get(pk=code),
            scopes=["alerts:read", "events:read"],
            last_day=dt.date(2022, 12, 31),
            by=cast.admin,
        )
        return Client(headers={"Authorization": f"Api-Key {issued.key}"})

    return _client


def place_judged(household: Household, month: dt.date) -> str | None:
    """The village under which a month counts the household; None where it is not judged."""
    run = open_run(month=month)
    work_run(run.pk)
    return HouseholdMonth.objects.filter(run=run, household=household).values_list("village", flat=True).first()


def test_it_lives_in_the_new_village_from_that_day(cast, sign_in, household):
    response = send(sign_in("township"), "move", household.pk, **ON_16_JUNE, village=NEXT_DOOR)

    assert response.url == f"/households/{household.pk}/"
    household.refresh_from_db()
    assert (household.village, household.township, household.gone_on) == (NEXT_DOOR, NEXT_DOOR[:9], None)
    move = HouseholdMove.objects.get(household=household)
    assert (move.since, move.village_before, move.village) == (dt.date(2022, 6, 16), HERE, NEXT_DOOR)
    batch = EvidenceBatch.objects.get(source="move")
    assert (batch.kind, batch.reason, batch.actor) == ("desk", REASON, cast.township)


def test_a_month_counts_it_where_it_lived_at_its_end(sign_in, household):
    send(sign_in("staff"), "move", household.pk, on="2022-06-16", village=ELSEWHERE)
    assert place_judged(household, dt.date(2022, 5, 1)) == HERE
    assert place_judged(household, JUNE) == ELSEWHERE


@pytest.mark.parametrize(("day", "village"), [("2022-06-30", ELSEWHERE), ("2022-07-01", HERE)])
def test_the_last_day_of_the_month_decides(sign_in, household, day, village):
    send(sign_in("staff"), "move", household.pk, on=day, village=ELSEWHERE)
    assert place_judged(household, JUNE) == village


def test_its_alerts_go_along_and_change_hands(sign_in, household):
    alert = factories.alert(household=household)
    closed = factories.alert(household=household, kind="INC02", closed=True)
    assert sign_in("specialist").get(f"/alerts/{alert.pk}/").status_code == 200
    assert sign_in("neighbour").get(f"/alerts/{alert.pk}/").status_code == 404

    send(sign_in("staff"), "move", household.pk, **ON_16_JUNE, village=ELSEWHERE)

    for row in (alert, closed):
        row.refresh_from_db()
        assert (row.village, row.township) == (ELSEWHERE, ELSEWHERE[:9])
        assert sign_in("specialist").get(f"/alerts/{row.pk}/").status_code == 404
        assert sign_in("neighbour").get(f"/alerts/{row.pk}/").status_code == 200
    assert sign_in("specialist").get(f"/households/{household.pk}/").status_code == 404
    assert sign_in("neighbour").get(f"/households/{household.pk}/").status_code == 200


def test_both_villages_are_told_of_the_household_and_its_open_alerts(cast, sign_in, household):
    alert = factories.alert(household=household, level="red")
    factories.alert(household=household, kind="INC02", closed=True)
    send(sign_in("staff"), "move", household.pk, **ON_16_JUNE, village=ELSEWHERE)

    told = (
        Event.objects.filter(actor=cast.staff)
        .order_by("id")
        .values_list("kind", "subject_id", "village", "village_before")
    )
    assert sorted(told) == [
        ("alert_left", alert.pk, HERE, None),
        ("alert_moved", alert.pk, ELSEWHERE, HERE),
        ("household_left", household.pk, HERE, None),
        ("household_moved", household.pk, ELSEWHERE, HERE),
    ]
    moved = Event.objects.get(kind="alert_moved")
    assert (moved.level_before, moved.level_after, moved.status_after) == ("red", "red", "raised")


def test_a_client_of_either_village_reads_its_own_half(cast, sign_in, household, client_of_area):
    alert = factories.alert(household=household)
    send(sign_in("staff"), "move", household.pk, **ON_16_JUNE, village=ELSEWHERE)

    for area, kinds in (
        (HERE, {"household_left", "alert_left"}),
        (ELSEWHERE, {"household_moved", "alert_moved"}),
    ):
        client = client_of_area(area)
        events = client.get("/api/v1/events/").json()["results"]
        assert {event["kind"] for event in events} == kinds
        assert {event["place"]["village"] for event in events} == {area}
        seen = client.get(f"/api/v1/alerts/{alert.pk}/").status_code
        assert seen == (200 if area == ELSEWHERE else 404)


def test_it_is_judged_at_once_where_it_lives_now(sign_in, household):
    factories.income(household=household, amount=100)
    judge_batches()
    alert = Alert.objects.get(kind_id="INC01")
    send(sign_in("staff"), "move", household.pk, **ON_16_JUNE, village=ELSEWHERE)
    judge_batches()

    assert not EvidenceBatch.objects.filter(judged_at=None).exists()
    places = (
        HouseholdMonth.objects.filter(household=household).order_by("run_id").values_list("village", flat=True)
    )
    assert list(places) == [HERE, ELSEWHERE]
    again = Alert.objects.get(kind_id="INC01")
    assert (again.pk, again.village) == (alert.pk, ELSEWHERE)


def test_out_of_the_county_it_is_judged_no_more(sign_in, household):
    alert = factories.alert(household=household)
    send(sign_in("township"), "move", household.pk, **ON_16_JUNE, village="out")

    household.refresh_from_db()
    assert (household.village, household.gone_on) == (HERE, dt.date(2022, 6, 16))
    assert HouseholdMove.objects.get(household=household).village is None
    assert place_judged(household, dt.date(2022, 5, 1)) == HERE
    assert place_judged(household, JUNE) is None
    assert Event.objects.get(kind="household_gone").village == HERE
    alert.refresh_from_db()
    assert alert.is_open
    assert "2022-06-16" in sign_in("township").get(f"/households/{household.pk}/").content.decode()


def test_a_household_that_is_gone_comes_back(sign_in, household):
    client = sign_in("township")
    send(client, "move", household.pk, on="2022-04-10", village="out")
    page = client.get(f"/households/{household.pk}/move/")
    assert 'value="out"' not in page.content.decode()
    send(client, "move", household.pk, on="2022-06-16", village=NEXT_DOOR)

    household.refresh_from_db()
    assert (household.village, household.gone_on) == (NEXT_DOOR, None)
    found = [place_judged(household, dt.date(2022, month, 1)) for month in (3, 4, 5, 6)]
    assert found == [HERE, None, None, NEXT_DOOR]


def test_it_may_come_back_to_the_village_it_left(sign_in, household):
    client = sign_in("township")
    send(client, "move", household.pk, on="2022-04-10", village="out")
    assert send(client, "move", household.pk, on="2022-06-16", village=HERE).status_code == 302
    assert Event.objects.get(kind="household_back").village == HERE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"village": ""}, "village"),
        ({"village": HERE}, "village"),
        ({"village": "420527999999"}, "village"),
        ({"on": "2022-07-11"}, "on"),
        ({"on": "1899-12-31"}, "on"),
        ({"on": ""}, "on"),
        ({"reason": ""}, "reason"),
        ({"reason": " \u3000 "}, "reason"),
        ({"token": "no token"}, "token"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, household, changed, field):
    response = send(sign_in("township"), "move", household.pk, **{**ON_16_JUNE, "village": NEXT_DOOR} | changed)
    assert list(problems(response)) == [field]
    assert desk_batches("move") == 0


def test_a_township_cannot_move_a_household_into_another(sign_in, household):
    response = send(sign_in("township"), "move", household.pk, **ON_16_JUNE, village=ELSEWHERE)
    assert list(problems(response)) == ["village"]


def test_moves_come_in_the_order_in_which_they_happened(sign_in, household):
    client = sign_in("staff")
    send(client, "move", household.pk, on="2022-06-16", village=NEXT_DOOR)
    response = send(client, "move", household.pk, on="2022-06-15", village=ELSEWHERE)
    assert list(problems(response)) == ["on"]
    assert send(client, "move", household.pk, on="2022-06-16", village=ELSEWHERE).status_code == 302


def test_the_same_form_twice_is_one_move(sign_in, household):
    client = sign_in("township")
    for _time in range(2):
        form = {**ON_16_JUNE, "village": NEXT_DOOR, "token": "1" * 32}
        assert send(client, "move", household.pk, **form).status_code == 302
    assert (HouseholdMove.objects.count(), Event.objects.filter(kind="household_moved").count()) == (1, 1)


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("admin", ELSEWHERE, 302),
        ("staff", ELSEWHERE, 302),
        ("township", HERE, 302),
        ("township", ELSEWHERE, 404),
        ("specialist", HERE, 403),
        ("auditor", HERE, 403),
        ("officer", HERE, 403),
    ],
)
def test_the_register_is_kept_by_county_and_own_township(sign_in, member, village, status):
    household = factories.household(village=village, members=1)
    assert send(sign_in(member), "move", household.pk, **ON_16_JUNE, village=NEXT_DOOR).status_code == status
    assert HouseholdMove.objects.exists() == (status == 302)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_the_same_time_come_one_after_the_other(cast, household):
    factories.alert(household=household)

    def work(token, village):
        return move_household(
            household_id=household.pk,
            on=dt.date(2022, 6, 16),
            village=village,
            reason=REASON,
            token=token,
            by=cast.staff,
        )

    results = at_once(
        [
            partial(work, "a" * 32, NEXT_DOOR),
            partial(work, "b" * 32, NEXT_DOOR),
            partial(work, "a" * 32, NEXT_DOOR),
            partial(work, "c" * 32, ELSEWHERE),
        ]
    )
    assert all(isinstance(result, Household | Refused) for result in results), results
    household.refresh_from_db()
    last = HouseholdMove.objects.order_by("-id").first()
    assert household.village == last.village == Alert.objects.get().village
    assert HouseholdMove.objects.filter(village=ELSEWHERE).count() == 1
    before = list(HouseholdMove.objects.order_by("id").values_list("village_before", flat=True))
    after = list(HouseholdMove.objects.order_by("id").values_list("village", flat=True))
    assert before == [HERE, *after[:-1]]
