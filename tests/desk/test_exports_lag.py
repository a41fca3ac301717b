"""An export of an earlier day takes back no move and no new head; one of a later day says otherwise."""

import datetime as dt

import pytest

from households.models import Doubt, Event, Household, HouseholdMove
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import send
from tests.imports.conftest import CODE, HOUSEHOLD, as_csv, outcomes, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES
JUNE_15, JUNE_30 = dt.date(2022, 6, 15), dt.date(2022, 6, 30)


def export(village=HERE, head="张三", as_of=JUNE_15):
    return take_in(as_csv(HOUSEHOLD[:3], [CODE, village, head]), as_of=as_of)


@pytest.fixture
def household():
    export(as_of=dt.date(2022, 5, 31))
    row = Household.objects.get()
    for name, relation in (("张三", "户主"), ("王五", "配偶")):
        factories.person(household=row, name=name, relation=relation, is_head=relation == "户主")
    return row


@pytest.mark.parametrize(("as_of", "village"), [(JUNE_15, NEXT_DOOR), (dt.date(2022, 6, 16), HERE)])
def test_the_later_day_says_where_the_household_lives(sign_in, household, as_of, village):
    send(sign_in("township"), "move", household.pk, on="2022-06-16", village=NEXT_DOOR)
    found = export(HERE, as_of=as_of)
    household.refresh_from_db()
    assert household.village == village
    assert outcomes(found) == {2: "same" if village == NEXT_DOOR else "changed"}


def test_the_later_day_says_under_whose_name_it_is_listed(sign_in, household):
    head, wife = (row.person for row in household.memberships.order_by("id"))
    send(
        sign_in("township"),
        "split",
        household.pk,
        on="2022-06-16",
        members=[head.pk],
        head=head.pk,
        heir=wife.pk,
        village=HERE,
    )
    for as_of, name in ((JUNE_15, "王五"), (JUNE_30, "张三")):
        export(as_of=as_of)
        household.refresh_from_db()
        assert household.head_name == name


def test_a_household_that_is_gone_stays_gone_and_a_person_is_asked(sign_in, household):
    send(sign_in("township"), "move", household.pk, on="2022-06-10", village="out")
    export(NEXT_DOOR, as_of=JUNE_30)
    household.refresh_from_db()
    assert (household.gone_on, household.village) == (dt.date(2022, 6, 10), HERE)
    assert Doubt.objects.get().code == "household_gone"
    assert HouseholdMove.objects.count() == 1


def test_a_household_that_came_back_is_not_asked_about(sign_in, household):
    client = sign_in("township")
    send(client, "move", household.pk, on="2022-06-10", village="out")
    send(client, "move", household.pk, on="2022-06-12", village=NEXT_DOOR)
    export(NEXT_DOOR, as_of=JUNE_30)
    assert not Doubt.objects.exists()


def test_a_move_by_an_export_tells_both_villages_too(household):
    alert = factories.alert(household=household)
    export(ELSEWHERE)
    told = set(Event.objects.exclude(subject="import").values_list("kind", "subject_id", "village"))
    assert told == {
        ("household_left", household.pk, HERE),
        ("household_moved", household.pk, ELSEWHERE),
        ("alert_left", alert.pk, HERE),
        ("alert_moved", alert.pk, ELSEWHERE),
    }


def test_the_number_given_at_the_desk_is_the_one_an_export_finds(sign_in):
    household = factories.household(village=HERE, code=None, head_name="张三", members=1)
    send(sign_in("township"), "code", household.pk, code=CODE)
    assert outcomes(export()) == {2: "same"}
    assert Household.objects.count() == 1
