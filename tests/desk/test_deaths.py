"""A member dies: counted until the day before; a new head where the head died, an empty household is gone."""

import datetime as dt
from functools import partial

import pytest

from households.desk.deaths import register_death
from households.desk.memberships import Succession
from households.models import HouseholdMove, Membership, Person
from households.refusal import Refused
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, members_of, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]


@pytest.fixture
def household():
    """Head, wife and son, with an income."""
    row = factories.household(head_name="屈大山")
    for name, relation in (("屈大山", "户主"), ("向小云", "配偶"), ("屈小山", "之子")):
        factories.person(household=row, name=name, relation=relation, is_head=relation == "户主")
    factories.income(household=row, amount=12000)
    return row


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def die(client, household, name="屈小山", **data):
    return send(client, "death", household.pk, person(name).pk, **{"on": "2022-06-30"} | data)


def heirs(**changed):
    """What the form asks when 屈大山 has died and his wife is head."""
    wife, son = person("向小云").pk, person("屈小山").pk
    return {"heir": wife, f"relation_{wife}": "配偶", f"relation_{son}": "之子"} | changed


@pytest.mark.parametrize(("day", "counted"), [("2022-06-30", 2), ("2022-07-01", 3), ("2022-06-01", 2)])
def test_who_died_on_the_last_of_a_month_does_not_count_on_it(sign_in, household, day, counted):
    assert judged(household).members == 3
    assert die(sign_in("township"), household, on=day).status_code == 302
    after = judged(household)
    assert (after.members, after.net) == (counted, 12000)


def test_the_membership_ends_the_day_before_and_the_old_row_stays(sign_in, household):
    old = Membership.objects.get(person__name="屈小山")
    die(sign_in("township"), household)

    assert person("屈小山").died_on == dt.date(2022, 6, 30)
    assert members_of(household)["屈小山"] == ("之子", False, None, dt.date(2022, 6, 29))
    old.refresh_from_db()
    assert (old.replaced_in.source, old.until) == ("death", None)
    assert judged(household, dt.date(2022, 5, 1)).members == 3


def test_the_head_is_followed_by_whom_the_form_names(sign_in, household):
    response = die(sign_in("township"), household, "屈大山", **heirs())
    assert response.status_code == 302
    day, before = dt.date(2022, 6, 30), dt.date(2022, 6, 29)
    rows = Membership.objects.current().filter(household=household).order_by("since", "id")
    assert {(row.person.name, row.relation, row.is_head, row.since, row.until) for row in rows} == {
        ("屈大山", "户主", True, None, before),
        ("向小云", "配偶", False, None, before),
        ("向小云", "户主", True, day, None),
        ("屈小山", "之子", False, None, None),
    }
    household.refresh_from_db()
    assert (household.head_name, household.head_pinyin) == ("向小云", "xiangxiaoyun xxy")


def test_the_others_are_something_else_to_the_new_head(sign_in, household):
    wife, son = person("向小云").pk, person("屈小山").pk
    die(sign_in("township"), household, "屈大山", **heirs(heir=son, **{f"relation_{wife}": "之母"}))
    rows = Membership.objects.current().filter(household=household, until__isnull=True)
    assert set(rows.values_list("person__name", "relation", "is_head")) == {
        ("屈小山", "户主", True),
        ("向小云", "之母", False),
    }


def test_it_asks_who_is_head_now(sign_in, household):
    client = sign_in("township")
    assert list(problems(die(client, household, "屈大山", **heirs(heir="")))) == ["heir"]
    stranger = factories.person(household=factories.household())
    assert list(problems(die(client, household, "屈大山", **heirs(heir=stranger.pk)))) == ["heir"]
    assert desk_batches("death") == 0
    assert (
        "heir"
        not in client.get(f"/households/{household.pk}/members/{person('屈小山').pk}/death/")
        .context["form"]
        .fields
    )


def test_a_household_without_members_is_gone_from_that_day(sign_in):
    alone = factories.household(members=1)
    name = Membership.objects.get(household=alone).person.name
    die(sign_in("township"), alone, name)
    alone.refresh_from_db()
    assert alone.gone_on == dt.date(2022, 6, 30)
    move = HouseholdMove.objects.get(household=alone)
    assert (move.since, move.village_before, move.village) == (alone.gone_on, alone.village, None)
    assert judged(alone) is None
    assert judged(alone, dt.date(2022, 5, 1)).members == 1


@pytest.mark.parametrize("day", ["2022-07-11", "1979-12-31", "no day", ""])
def test_it_refuses_a_day_that_cannot_be(sign_in, household, day):
    factories.person(household=household, name="屈五", born_on=dt.date(1980, 1, 1))
    assert list(problems(die(sign_in("township"), household, "屈五", on=day))) == ["on"]


def test_it_refuses_a_day_before_the_person_came(sign_in, household):
    factories.person(household=household, name="迟来", since=JUNE)
    assert list(problems(die(sign_in("township"), household, "迟来", on="2022-05-31"))) == ["on"]


def test_who_came_and_died_on_one_day_never_counted(sign_in, household):
    factories.person(household=household, name="初生", since=JUNE, born_on=JUNE)
    assert die(sign_in("township"), household, "初生", on="2022-06-01").status_code == 302
    assert "初生" not in members_of(household)


def test_the_same_form_twice_is_one_death(sign_in, household):
    client = sign_in("township")
    for _time in range(2):
        assert die(client, household, "屈大山", token="2" * 32, **heirs()).status_code == 302
    assert desk_batches("death") == 1


def test_another_form_about_who_has_died_is_refused(sign_in, household):
    die(sign_in("township"), household)
    assert list(problems(die(sign_in("staff"), household, on="2022-07-01"))) == ["__all__"]
    url = f"/households/{household.pk}/members/{person('屈小山').pk}/death/"
    assert sign_in("staff").get(url).status_code == 404


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("staff", ELSEWHERE, 302),
        ("township", ELSEWHERE, 404),
        ("specialist", VILLAGES[0], 403),
        ("auditor", VILLAGES[0], 403),
    ],
)
def test_deaths_are_entered_by_county_and_own_township(sign_in, member, village, status):
    household = factories.household(village=village, members=2)
    dead = Membership.objects.filter(household=household, is_head=False).get().person
    assert die(sign_in(member), household, dead.name).status_code == status
    dead.refresh_from_db()
    assert (dead.died_on is not None) == (status == 302)


def test_a_member_of_another_household_is_not_found(sign_in, household):
    other = factories.person(household=factories.household(), name="别家")
    response = send(sign_in("staff"), "death", household.pk, other.pk, on="2022-06-30")
    assert response.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_deaths_at_once_leave_no_half_of_one(cast, household):
    """Both name the other as the new head's household: one waits for the other and sees what it left."""
    wife, son = person("向小云"), person("屈小山")

    def work(dead, heir, token):
        return register_death(
            household=household,
            person=dead,
            on=dt.date(2022, 6, 30),
            succession=Succession(heir.pk if heir else None),
            reason=REASON,
            token=token,
            by=cast.township,
        )

    head = person("屈大山")
    results = at_once([partial(work, head, wife, "a" * 32), partial(work, wife, None, "b" * 32)])
    assert not any(isinstance(result, Exception) and not isinstance(result, Refused) for result in results)
    heads = Membership.objects.current().filter(household=household, is_head=True, until__isnull=True)
    present = Membership.objects.current().filter(household=household, until__isnull=True)
    # Who came first decides; there is always one head, and nobody is there twice.
    assert heads.count() == 1
    assert present.count() == 3 - sum(not isinstance(result, Exception) for result in results)
    assert son.pk in present.values_list("person_id", flat=True)
