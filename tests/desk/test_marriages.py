"""Somebody marries in (from another household, or from outside the county), or out of the county."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from households.desk.marriages import marry_in
from households.desk.memberships import Succession
from households.models import AuditEntry, Event, HouseholdMove, Membership, Person
from households.privacy.seal import lookup_hash, seal
from households.refusal import Refused
from households.registry.pinyin import pinyin_key
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, members_of, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

DAY, BEFORE = dt.date(2022, 6, 18), dt.date(2022, 6, 17)
NUMBER = "420527199505010041"
NEWCOMER = {
    "name": "王远香",
    "sex": "female",
    "born_on": "1995-05-01",
    "number": NUMBER,
    "relation": "之儿媳",
    "on": "2022-06-18",
}
JOINING = {"relation": "之儿媳", "on": "2022-06-18"}


@pytest.fixture
def household():
    row = factories.household(members=2)
    factories.income(household=row, amount=12000)
    return row


def grown(name="望小梅", *, village=VILLAGES[1], others=1, is_head=False, **fields) -> Person:
    """Somebody of marriageable age in a household of another village."""
    home = factories.household(village=village, head_name=f"{name}家")
    for index in range(others):
        factories.person(household=home, is_head=index == 0 and not is_head)
    factories.income(household=home, amount=6000)
    return factories.person(household=home, name=name, pinyin=pinyin_key(name), is_head=is_head, **fields)


def home_of(person: Person):
    return Membership.objects.filter(person=person).order_by("id").first().household


# Within the county --------------------------------------------------------------------------------


def test_who_marries_within_the_county_belongs_here_from_the_day_on(sign_in, household):
    bride = grown()
    home = home_of(bride)
    assert (judged(household).members, judged(home).members) == (2, 2)

    assert send(sign_in("township"), "marriage-in", household.pk, bride.pk, **JOINING).status_code == 302
    assert members_of(home)["望小梅"] == ("其他", False, None, BEFORE)
    assert members_of(household)["望小梅"] == ("之儿媳", False, DAY, None)
    here, there = judged(household), judged(home)
    assert (here.members, here.net) == (3, 12000)
    assert (there.members, there.net) == (1, 6000)
    assert judged(home, dt.date(2022, 5, 1)).members == 2
    assert Event.objects.filter(kind="household_marriage").count() == 2


def test_a_head_who_marries_away_is_followed(sign_in, household):
    groom = grown("望大树", others=1, is_head=True)
    home = home_of(groom)
    other = Membership.objects.get(household=home, is_head=False).person
    client = sign_in("township")
    assert list(problems(send(client, "marriage-in", household.pk, groom.pk, **JOINING))) == ["heir"]
    assert send(client, "marriage-in", household.pk, groom.pk, **JOINING, heir=other.pk).status_code == 302
    head = Membership.objects.current().get(household=home, is_head=True, until__isnull=True)
    assert (head.person, head.relation, head.since) == (other, "户主", DAY)


def test_a_household_that_everybody_has_left_is_gone(sign_in, household):
    groom = grown("望大树", others=0, is_head=True)
    home = home_of(groom)
    send(sign_in("township"), "marriage-in", household.pk, groom.pk, **JOINING)
    home.refresh_from_db()
    assert home.gone_on == DAY
    assert HouseholdMove.objects.get(household=home).village is None
    assert judged(home) is None


def test_the_county_takes_from_another_township_and_a_township_does_not(sign_in, household):
    bride = grown(village=ELSEWHERE)
    url = reverse("desk:marriage-in", args=[household.pk, bride.pk])
    assert sign_in("township").get(url).status_code == 404
    assert send(sign_in("township"), "marriage-in", household.pk, bride.pk, **JOINING).status_code == 404
    assert send(sign_in("staff"), "marriage-in", household.pk, bride.pk, **JOINING).status_code == 302
    assert "望小梅" in members_of(household)


def test_who_comes_back_after_leaving_the_county_is_not_entered_anew(sign_in, household):
    bride = grown()
    send(sign_in("township"), "marriage-out", home_of(bride).pk, bride.pk, on="2022-05-01")
    found = search(sign_in("township"), household, "望小梅")
    assert [(row.person_id, row.head_name) for row in found] == [(bride.pk, "")]
    assert send(sign_in("township"), "marriage-in", household.pk, bride.pk, **JOINING).status_code == 302
    assert members_of(household)["望小梅"][2:] == (DAY, None)


@pytest.mark.parametrize("day", ["2022-07-11", "", "2022-02-30"])
def test_it_refuses_a_day_that_cannot_be(sign_in, household, day):
    response = send(sign_in("township"), "marriage-in", household.pk, grown().pk, **JOINING | {"on": day})
    assert list(problems(response)) == ["on"]


def test_it_refuses_a_day_before_the_person_came_to_the_former_household(sign_in, household):
    bride = grown(since=JUNE)
    response = send(sign_in("township"), "marriage-in", household.pk, bride.pk, **JOINING | {"on": "2022-05-31"})
    assert list(problems(response)) == ["on"]
    assert desk_batches("marriage") == 0


def test_it_refuses_a_day_on_which_the_person_belonged_elsewhere(sign_in, household):
    bride = grown()
    send(sign_in("township"), "marriage-out", home_of(bride).pk, bride.pk, on="2022-06-20")
    response = send(sign_in("township"), "marriage-in", household.pk, bride.pk, **JOINING)
    assert list(problems(response)) == ["on"]


def test_a_member_cannot_marry_into_the_own_household(sign_in, household):
    member = Membership.objects.filter(household=household, is_head=False).get().person
    response = send(sign_in("township"), "marriage-in", household.pk, member.pk, **JOINING)
    assert list(problems(response)) == ["__all__"]


def test_the_same_form_twice_is_one_marriage(sign_in, household):
    bride, client = grown(), sign_in("township")
    for _time in range(2):
        response = send(client, "marriage-in", household.pk, bride.pk, **JOINING, token="3" * 32)
        assert response.status_code == 302
    assert desk_batches("marriage") == 1
    assert Membership.objects.current().filter(person=bride).count() == 2


# The search ---------------------------------------------------------------------------------------


def search(client, household, term, status=200):
    response = client.post(reverse("desk:marriage-search", args=[household.pk]), {"term": term})
    assert response.status_code == status
    return response.context.get("candidates")


@pytest.mark.parametrize("term", ["望小梅", "望小", "wangxiaomei", "wxm", NUMBER])
def test_a_search_finds_by_name_pinyin_and_whole_number(sign_in, household, term):
    bride = grown(identity_hash=lookup_hash(NUMBER), identity_sealed=seal(NUMBER))
    found = search(sign_in("township"), household, term)
    assert [(row.person_id, row.number, row.head_name) for row in found] == [
        (bride.pk, "420527********0041", "望小梅家")
    ]
    audit = AuditEntry.objects.get(action="person_search")
    assert (audit.subject_id, audit.detail) == (str(household.pk), {"found": 1})


def test_a_township_finds_nobody_of_another_and_is_told_who_does_it(sign_in, household):
    grown(village=ELSEWHERE)
    assert search(sign_in("township"), household, "望小梅") == []
    assert len(search(sign_in("staff"), household, "望小梅")) == 1


def test_a_search_does_not_find_who_lives_elsewhere_now_or_has_died(sign_in, household):
    moved, dead = grown(), grown("望小兰")
    Membership.objects.filter(person=moved).update(replaced_in=factories.batch())
    for home, until in ((home_of(moved), BEFORE), (factories.household(village=ELSEWHERE), None)):
        since = None if until else DAY
        Membership.objects.create(
            person=moved, household=home, relation="其他", since=since, until=until, batch=factories.batch()
        )
    send(sign_in("township"), "death", home_of(dead).pk, dead.pk, on="2022-06-01")
    assert search(sign_in("township"), household, "望小") == []
    assert [row.person_id for row in search(sign_in("staff"), household, "望小")] == [moved.pk]


@pytest.mark.parametrize("term", ["", "覃", "4205"])
def test_a_search_wants_a_name_or_a_whole_number(sign_in, household, term):
    assert search(sign_in("township"), household, term, status=422) is None


# From outside and out of the county ---------------------------------------------------------------


def test_somebody_from_outside_is_a_new_person(sign_in, household):
    assert send(sign_in("township"), "marriage-newcomer", household.pk, **NEWCOMER).status_code == 302
    bride = Person.objects.get(identity_hash=lookup_hash(NUMBER))
    assert (bride.name, bride.born_on) == ("王远香", dt.date(1995, 5, 1))
    assert members_of(household)["王远香"] == ("之儿媳", False, DAY, None)
    fact = bride.facts.get()
    assert (fact.as_of, fact.born_on, fact.resident_insurance) == (DAY, bride.born_on, None)
    assert judged(household).members == 3
    assert judged(household, dt.date(2022, 5, 1)).members == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"born_on": ""}, "born_on"),
        ({"born_on": "1995-05-02"}, "number"),
        ({"sex": "male"}, "number"),
        ({"on": "1995-04-30"}, "on"),
        ({"relation": "亲戚"}, "relation"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, household, changed, field):
    assert list(problems(send(sign_in("township"), "marriage-newcomer", household.pk, **NEWCOMER | changed))) == [
        field
    ]
    assert not Person.objects.filter(name="王远香").exists()


def test_who_is_known_is_not_entered_anew(sign_in, household):
    grown(village=ELSEWHERE, identity_hash=lookup_hash(NUMBER), identity_sealed=seal(NUMBER))
    response = send(sign_in("township"), "marriage-newcomer", household.pk, **NEWCOMER)
    assert list(problems(response)) == ["number"]


def test_who_marries_out_of_the_county_counts_no_more(sign_in, household):
    bride = factories.person(household=household, name="外嫁", relation="之女")
    assert judged(household).members == 3
    assert send(sign_in("township"), "marriage-out", household.pk, bride.pk, on="2022-06-18").status_code == 302
    assert members_of(household)["外嫁"] == ("之女", False, None, BEFORE)
    assert judged(household).members == 2
    bride.refresh_from_db()
    assert bride.died_on is None


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [
        ("admin", ELSEWHERE, 302),
        ("township", ELSEWHERE, 404),
        ("specialist", VILLAGES[0], 403),
        ("auditor", VILLAGES[0], 403),
    ],
)
def test_marriages_are_entered_by_county_and_own_township(sign_in, member, village, status):
    household = factories.household(village=village, members=2)
    person = Membership.objects.get(household=household, is_head=False).person
    client = sign_in(member)
    assert send(client, "marriage-out", household.pk, person.pk, on="2022-06-18").status_code == status
    assert send(client, "marriage-newcomer", household.pk, **NEWCOMER).status_code == status
    assert Person.objects.filter(name="王远香").exists() == (status == 302)


@pytest.mark.django_db(transaction=True)
def test_two_marriages_of_one_person_at_the_same_time_are_one(cast, household):
    bride, other = grown(), factories.household(members=1)

    def work(into, token):
        return marry_in(
            household=into,
            person=bride,
            relation="之儿媳",
            on=DAY,
            succession=Succession(),
            reason=REASON,
            token=token,
            by=cast.township,
        )

    results = at_once([partial(work, household, "a" * 32), partial(work, other, "b" * 32)])
    done = [result for result in results if not isinstance(result, Exception)]
    assert all(isinstance(result, Refused) for result in results if isinstance(result, Exception))
    assert len(done) == 1
    present = Membership.objects.current().get(person=bride, until__isnull=True)
    assert present.household == done[0]
