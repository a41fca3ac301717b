"""A household joins another: its members belong to that one from that day, and it is no more."""

import datetime as dt
from functools import partial

import pytest

from households.desk.splits import merge_households
from households.models import Event, Household, HouseholdMove
from households.refusal import Refused
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, members_of, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES
ON = dt.date(2022, 6, 16)
BEFORE = dt.date(2022, 6, 15)


@pytest.fixture
def household():
    row = factories.household(village=HERE, head_name="望甲")
    for name, relation in (("望甲", "户主"), ("望乙", "配偶")):
        factories.person(household=row, name=name, relation=relation, is_head=relation == "户主")
    factories.income(household=row, amount=9000)
    return row


@pytest.fixture
def other():
    row = factories.household(village=NEXT_DOOR, head_name="屈丙", members=1)
    factories.income(household=row, amount=20000)
    return row


def merge(client, household, term: str, **changed):
    return send(client, "merge", household.pk, **{"on": "2022-06-16", "term": term} | changed)


def test_all_members_belong_to_the_other_household(sign_in, household, other):
    wife = household.memberships.get(relation="配偶").person
    response = merge(sign_in("township"), household, other.code, **{f"relation_{wife.pk}": "之女"})

    assert response.url == f"/households/{other.pk}/"
    assert members_of(household) == {"望甲": ("户主", True, None, BEFORE), "望乙": ("配偶", False, None, BEFORE)}
    joined = members_of(other)
    assert (joined["望甲"], joined["望乙"]) == (("其他", False, ON, None), ("之女", False, ON, None))
    household.refresh_from_db()
    assert household.gone_on == ON
    assert HouseholdMove.objects.get(household=household).village is None
    told = Event.objects.filter(kind="household_merged").values_list("subject_id", "village")
    assert set(told) == {(household.pk, HERE), (other.pk, NEXT_DOOR)}


def test_the_other_is_judged_with_all_of_them_and_with_its_own_ledger(sign_in, household, other):
    assert (judged(household).members, judged(other).members) == (2, 1)
    merge(sign_in("township"), household, other.code)
    after = judged(other)
    assert (after.members, after.net) == (3, 20000)
    assert judged(household) is None
    assert judged(household, dt.date(2022, 5, 1)).members == 2


def test_a_name_chooses_nothing_before_it_is_shown_whom_it_finds(sign_in, household, other):
    client = sign_in("township")
    response = merge(client, household, "屈丙")
    assert list(problems(response)) == ["into"]
    page = response.content.decode()
    assert f'name="into" value="{other.pk}"' in page
    assert other.code in page
    assert merge(client, household, "屈丙", into=other.pk).url == f"/households/{other.pk}/"


def test_a_household_without_a_number_is_found_by_name(sign_in, household):
    nameless = factories.household(village=HERE, head_name="屈丁", members=1, code=None)
    response = merge(sign_in("township"), household, "屈丁", into=nameless.pk)
    assert response.url == f"/households/{nameless.pk}/"


@pytest.mark.parametrize("term", ["", "1", "望", "420527", "查无此人"])
def test_it_says_when_nobody_is_found(sign_in, household, other, term):
    assert list(problems(merge(sign_in("township"), household, term))) == ["term"]
    assert desk_batches("merge") == 0


def test_it_finds_neither_itself_nor_who_is_gone_nor_who_lives_elsewhere(sign_in, household):
    far = factories.household(village=ELSEWHERE, head_name="屈远", members=1)
    gone = factories.household(village=HERE, head_name="屈去", members=1)
    Household.objects.filter(pk=gone.pk).update(gone_on=BEFORE)
    client = sign_in("township")
    for row in (household, far, gone):
        assert list(problems(merge(client, household, row.code, into=row.pk))) == ["term"]


def test_a_choice_that_was_not_found_is_no_choice(sign_in, household, other):
    far = factories.household(village=ELSEWHERE, members=1)
    assert list(problems(merge(sign_in("township"), household, "屈丙", into=far.pk))) == ["into"]


def test_open_alerts_are_named_and_stay_with_the_household(sign_in, household, other):
    alert = factories.alert(household=household)
    client = sign_in("township")
    assert alert.kind.name_zh in client.get(f"/households/{household.pk}/merge/").content.decode()
    merge(client, household, other.code)
    alert.refresh_from_db()
    assert (alert.household, alert.is_open) == (household, True)


@pytest.mark.parametrize("status", ["acknowledged", "verified", "reviewed"])
def test_it_refuses_while_somebody_works_on_an_alert(sign_in, household, other, status):
    alert = factories.alert(household=household, status=status)
    said = problems(merge(sign_in("township"), household, other.code))
    assert alert.kind.name_zh in said["__all__"][0]
    assert desk_batches("merge") == 0


def test_a_household_of_nobody_may_join_as_well(sign_in, other):
    empty = factories.household(village=HERE)
    assert merge(sign_in("township"), empty, other.code).status_code == 302
    empty.refresh_from_db()
    assert empty.gone_on == ON


def test_it_cannot_come_back_when_nobody_belongs_to_it(sign_in, household, other):
    client = sign_in("township")
    merge(client, household, other.code)
    response = send(client, "move", household.pk, on="2022-07-01", village=HERE)
    assert list(problems(response)) == ["__all__"]


def test_the_same_form_twice_joins_once(sign_in, household, other):
    client = sign_in("township")
    urls = {merge(client, household, other.code, token="3" * 32).url for _time in range(2)}
    assert urls == {f"/households/{other.pk}/"}
    assert desk_batches("merge") == 1


def test_the_day_is_not_before_somebody_came(sign_in, household, other):
    factories.person(household=household, since=dt.date(2022, 6, 20))
    assert list(problems(merge(sign_in("township"), household, other.code))) == ["on"]


@pytest.mark.django_db(transaction=True)
def test_two_households_joining_each_other_at_the_same_time_leave_one(cast, household, other):
    def work(one, into, token):
        return merge_households(
            household_id=one.pk, into=into.pk, on=ON, relations={}, reason=REASON, token=token, by=cast.township
        )

    results = at_once([partial(work, household, other, "a" * 32), partial(work, other, household, "b" * 32)])
    assert sorted(isinstance(result, Refused) for result in results) == [False, True], results
    assert Household.objects.filter(gone_on=None).count() == 1
    assert judged(Household.objects.get(gone_on=None), JUNE).members == 3
