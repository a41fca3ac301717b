"""A child is born: a new person, a member since that day."""

import datetime as dt
from functools import partial

import pytest

from households.desk.births import register_birth
from households.models import AuditEntry, Event, EvidenceBatch, Membership, Person, PersonFact
from households.privacy.seal import lookup_hash, unseal
from households.refusal import Refused
from tests import factories
from tests.conftest import ELSEWHERE
from tests.desk.sending import (
    BOY_OF_2_JUNE,
    JUNE,
    REASON,
    at_once,
    desk_batches,
    judged,
    members_of,
    problems,
    send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

BORN = dt.date(2022, 6, 2)
CHILD = {"name": "屈晓峰", "sex": "male", "on": "2022-06-02", "relation": "之子", "number": ""}


@pytest.fixture
def household():
    row = factories.household(members=2)
    factories.income(household=row, amount=12000)
    return row


def test_a_child_is_a_member_since_the_day_of_birth(sign_in, household):
    before = judged(household)
    response = send(sign_in("township"), "birth", household.pk, **CHILD)

    assert response.status_code == 302
    child = Person.objects.get(name="屈晓峰")
    assert (child.sex, child.born_on, child.identity_hash, child.pinyin) == ("male", BORN, None, "quxiaofeng qxf")
    assert members_of(household)["屈晓峰"] == ("之子", False, BORN, None)
    fact = PersonFact.objects.get(person=child)
    assert (fact.as_of, fact.born_on, fact.resident_insurance, fact.employee_insurance) == (BORN, BORN, None, None)
    after = judged(household)
    assert (before.members, after.members) == (2, 3)
    assert (before.net, after.net) == (12000, 12000)


def test_a_child_counts_from_the_month_of_birth_on_and_not_before(sign_in, household):
    send(sign_in("township"), "birth", household.pk, **CHILD)
    assert judged(household, dt.date(2022, 5, 1)).members == 2
    assert judged(household, JUNE).members == 3


def test_a_number_is_sealed_and_found_again(sign_in, household):
    send(sign_in("township"), "birth", household.pk, **CHILD | {"number": f" {BOY_OF_2_JUNE} "})
    child = Person.objects.get(name="屈晓峰")
    assert unseal(child.identity_sealed) == BOY_OF_2_JUNE
    assert bytes(child.identity_hash) == lookup_hash(BOY_OF_2_JUNE)


def test_the_change_carries_its_reason_and_who_wrote_it(cast, sign_in, household):
    send(sign_in("township"), "birth", household.pk, **CHILD)
    batch = EvidenceBatch.objects.get(source="birth")
    assert (batch.kind, batch.reason, batch.actor) == ("desk", REASON, cast.township)
    assert Event.objects.get(kind="household_birth").village == household.village
    audit = AuditEntry.objects.get(action="desk_birth")
    assert (audit.subject_id, audit.detail["day"]) == (str(household.pk), "2022-06-02")
    assert "屈晓峰" not in str(audit.detail)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"sex": "neither"}, "sex"),
        ({"relation": "户主"}, "relation"),
        ({"relation": ""}, "relation"),
        ({"on": "2022-07-11"}, "on"),
        ({"on": "2003-12-31"}, "on"),
        ({"on": "2022-06-31"}, "on"),
        ({"reason": "  "}, "reason"),
        # The check digit; another birth date than the one given; a girl's number.
        ({"number": BOY_OF_2_JUNE[:17] + "0"}, "number"),
        ({"number": BOY_OF_2_JUNE, "on": "2022-06-03"}, "number"),
        ({"number": BOY_OF_2_JUNE, "sex": "female"}, "number"),
        ({"number": "420527220602123"}, "number"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, household, changed, field):
    response = send(sign_in("township"), "birth", household.pk, **CHILD | changed)
    assert list(problems(response)) == [field]
    assert desk_batches("birth") == 0


def test_it_refuses_a_number_that_is_known(sign_in, household):
    factories.person(identity_hash=lookup_hash(BOY_OF_2_JUNE), identity_sealed=b"x")
    response = send(sign_in("township"), "birth", household.pk, **CHILD | {"number": BOY_OF_2_JUNE})
    assert list(problems(response)) == ["number"]
    assert not Person.objects.filter(name="屈晓峰").exists()


def test_the_same_form_twice_is_one_child(sign_in, household):
    client = sign_in("township")
    token = "0" * 31 + "1"
    for _time in range(2):
        assert send(client, "birth", household.pk, **CHILD, token=token).status_code == 302
    assert Person.objects.filter(name="屈晓峰").count() == 1


def test_another_form_about_the_same_child_is_refused(sign_in, household):
    for member, status in (("township", 302), ("staff", 422)):
        assert send(sign_in(member), "birth", household.pk, **CHILD).status_code == status
    assert Membership.objects.filter(household=household).count() == 3


def test_a_household_that_is_gone_has_no_births(sign_in, household):
    household.gone_on = dt.date(2022, 6, 1)
    household.save()
    assert list(problems(send(sign_in("township"), "birth", household.pk, **CHILD))) == ["__all__"]


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("admin", ELSEWHERE, 302),
        ("staff", ELSEWHERE, 302),
        ("township", ELSEWHERE, 404),
        ("specialist", "420527103204", 403),
        ("auditor", "420527103204", 403),
        ("officer", "420527103204", 403),
    ],
)
def test_the_register_is_kept_by_county_and_own_township(sign_in, member, village, status):
    household = factories.household(village=village, members=1)
    assert send(sign_in(member), "birth", household.pk, **CHILD).status_code == status
    assert Person.objects.filter(name="屈晓峰").exists() == (status == 302)


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_the_same_time_are_one_child(cast, household):
    def work(token):
        return register_birth(
            household=household,
            name="屈晓峰",
            sex="male",
            relation="之子",
            on=BORN,
            number="",
            reason=REASON,
            token=token,
            by=cast.township,
        )

    results = at_once([partial(work, "a" * 32), partial(work, "b" * 32), partial(work, "a" * 32)])
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, Refused) for error in refused)
    assert Person.objects.filter(name="屈晓峰").count() == 1
    assert Membership.objects.filter(household=household).count() == 3
