"""A household splits: who leaves is a household of its own from that day."""

import datetime as dt
from functools import partial

import pytest

from alerts.models import Alert
from households.desk.splits import split_household
from households.models import Event, EvidenceBatch, Household, HouseholdFact, IncomeLine, Membership, PersonFact
from households.refusal import Refused
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, REASON, at_once, desk_batches, judged, members_of, problems, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES
ON = dt.date(2022, 6, 16)
BEFORE = dt.date(2022, 6, 15)


@pytest.fixture
def household():
    row = factories.household(
        village=HERE, lifted=True, category="unstable", eliminated=False, lifted_year=2018, house_grade="B"
    )
    for name, relation in (("甲", "户主"), ("乙", "配偶"), ("丙", "之子"), ("丁", "之儿媳")):
        factories.person(household=row, name=name, relation=relation, is_head=relation == "户主")
    factories.income(household=row, amount=48000)
    return row


@pytest.fixture
def people(household):
    return {row.person.name: row.person for row in household.memberships.select_related("person")}


def form(people, *leaving: str, head: str, **changed):
    data = {
        "on": "2022-06-16",
        "members": [people[name].pk for name in leaving],
        "head": people[head].pk,
        "heir": "",
        "village": HERE,
        "code": "",
        "copy_facts": "on",
    }
    return data | changed


def split(client, household, people, *leaving, **changed):
    return send(client, "split", household.pk, **form(people, *leaving, **changed))


def newest() -> Household:
    return Household.objects.order_by("-id").first()


def test_who_leaves_belongs_to_the_new_household_from_that_day(sign_in, household, people):
    relation = {f"relation_{people['丁'].pk}": "配偶"}
    response = split(sign_in("township"), household, people, "丙", "丁", head="丙", **relation)

    new = newest()
    assert response.url == f"/households/{new.pk}/"
    assert (new.code, new.head_name, new.head_pinyin, new.village) == (None, "丙", "bing b", HERE)
    assert members_of(new) == {"丙": ("户主", True, ON, None), "丁": ("配偶", False, ON, None)}
    assert members_of(household) == {
        "甲": ("户主", True, None, None),
        "乙": ("配偶", False, None, None),
        "丙": ("之子", False, None, BEFORE),
        "丁": ("之儿媳", False, None, BEFORE),
    }
    assert {event.subject_id for event in Event.objects.filter(kind="household_split")} == {new.pk, household.pk}


def test_each_is_judged_with_its_own_members_and_the_ledger_stays(sign_in, household, people):
    before = judged(household)
    split(sign_in("township"), household, people, "丙", "丁", head="丙")
    old, new = judged(household), judged(newest())
    assert (before.members, old.members, new.members) == (4, 2, 2)
    assert (old.net, new.net) == (48000, None)
    assert IncomeLine.objects.get().household == household


def test_both_are_judged_at_once(sign_in, household, people):
    PersonFact.objects.create(
        person=people["丙"], as_of=ON, resident_insurance=False, employee_insurance=False, batch=factories.batch()
    )
    judge_batches()
    assert Alert.objects.get(kind_id="MED09").household == household
    split(sign_in("township"), household, people, "丙", head="丙")
    judge_batches()
    assert Alert.objects.get(kind_id="MED09", household=newest()).village == HERE
    assert Alert.objects.get(kind_id="MED09", household=household).not_found_month == dt.date(2022, 7, 1)


def test_the_new_household_is_not_judged_before_it_was(sign_in, household, people):
    split(sign_in("township"), household, people, "丙", head="丙")
    may = dt.date(2022, 5, 1)
    assert judged(newest(), may) is None
    assert judged(household, may).members == 4


def test_the_month_counts_who_belongs_at_its_end(sign_in, household, people):
    split(sign_in("township"), household, people, "丙", head="丙", on="2022-07-01")
    assert judged(household, JUNE).members == 4
    assert judged(newest(), JUNE) is None


def test_facts_are_copied_as_of_the_day(sign_in, household, people):
    split(sign_in("township"), household, people, "丙", head="丙")
    fact = HouseholdFact.objects.get(household=newest())
    assert (fact.as_of, fact.kind, fact.lifted_year, fact.category, fact.risk_eliminated, fact.house_grade) == (
        ON, "lifted", 2018, "unstable", False, "B",
    )  # fmt: skip


def test_the_facts_that_held_on_the_day_are_copied_and_not_later_ones(sign_in, household, people):
    later = dt.date(2022, 7, 1)
    HouseholdFact.objects.create(household=household, as_of=later, batch=factories.batch(), category="")
    split(sign_in("township"), household, people, "丙", head="丙")
    assert HouseholdFact.objects.get(household=newest()).category == "unstable"


def test_in_another_village_the_house_is_another_one(sign_in, household, people):
    split(sign_in("township"), household, people, "丙", head="丙", village=NEXT_DOOR)
    fact = HouseholdFact.objects.get(household=newest())
    assert (newest().village, fact.category, fact.house_grade) == (NEXT_DOOR, "unstable", None)


def test_nothing_is_copied_when_the_clerk_says_so(sign_in, household, people):
    data = form(people, "丙", head="丙")
    del data["copy_facts"]
    send(sign_in("township"), "split", household.pk, **data)
    assert not HouseholdFact.objects.filter(household=newest()).exists()
    assert judged(newest()).monitored is None


def test_when_the_head_leaves_another_heads_the_household(sign_in, household, people):
    client = sign_in("township")
    assert list(problems(split(client, household, people, "甲", "乙", head="甲"))) == ["heir"]
    assert list(problems(split(client, household, people, "甲", "乙", head="甲", heir=people["乙"].pk))) == [
        "heir"
    ]
    split(client, household, people, "甲", "乙", head="甲", heir=people["丙"].pk)

    household.refresh_from_db()
    assert household.head_name == "丙"
    assert members_of(household)["丙"] == ("户主", True, ON, None)
    assert Membership.objects.current().filter(household=household, is_head=True, until=None).count() == 1


def test_the_national_number_may_be_known_already(sign_in, household, people):
    split(sign_in("township"), household, people, "丙", head="丙", code="420527103204009999")
    assert newest().code == "420527103204009999"


def test_alerts_stay_with_the_household_they_were_raised_for(sign_in, household, people):
    alert = factories.alert(household=household)
    split(sign_in("township"), household, people, "丙", head="丙")
    alert.refresh_from_db()
    assert (alert.household, alert.is_open) == (household, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"members": []}, "members"),
        ({"members": ["0"]}, "members"),
        ({"head": ""}, "head"),
        ({"village": ELSEWHERE}, "village"),
        ({"village": ""}, "village"),
        ({"code": "42052710320400999"}, "code"),
        ({"on": "2022-07-11"}, "on"),
        ({"reason": ""}, "reason"),
    ],
)
def test_it_says_at_the_field_what_is_wrong(sign_in, household, people, changed, field):
    response = send(sign_in("township"), "split", household.pk, **form(people, "丙", head="丙") | changed)
    assert field in problems(response)
    assert (desk_batches("split"), Household.objects.count()) == (0, 1)


def test_it_refuses_a_head_who_stays_and_a_household_left_empty(sign_in, household, people):
    client = sign_in("township")
    assert list(problems(split(client, household, people, "丙", head="丁"))) == ["head"]
    assert list(problems(split(client, household, people, "甲", "乙", "丙", "丁", head="丙"))) == ["members"]


def test_it_refuses_a_number_that_another_household_has_and_leads_to_it(sign_in, household, people):
    near, far = factories.household(village=NEXT_DOOR), factories.household(village=ELSEWHERE)
    client = sign_in("township")
    said = problems(split(client, household, people, "丙", head="丙", code=near.code))["code"]
    assert f'href="/households/{near.pk}/"' in said[0]
    said = problems(split(client, household, people, "丙", head="丙", code=far.code))["code"]
    assert str(far.pk) not in said[0]


def test_nobody_leaves_before_coming(sign_in, household, people):
    late = factories.person(household=household, name="戊", relation="之孙子", since=dt.date(2022, 6, 20))
    response = split(sign_in("township"), household, {**people, "戊": late}, "丙", "戊", head="丙")
    assert list(problems(response)) == ["on"]
    assert Household.objects.count() == 1


def test_who_came_on_the_very_day_leaves_no_row_behind(sign_in, household, people):
    late = factories.person(household=household, name="戊", relation="之孙子", since=ON)
    split(sign_in("township"), household, {**people, "戊": late}, "丙", "戊", head="丙")
    assert "戊" not in members_of(household)
    assert members_of(newest())["戊"] == ("其他", False, ON, None)


def test_the_same_form_twice_is_one_split(sign_in, household, people):
    client = sign_in("township")
    urls = {split(client, household, people, "丙", head="丙", token="2" * 32).url for _time in range(2)}
    assert urls == {f"/households/{newest().pk}/"}
    assert (Household.objects.count(), desk_batches("split")) == (2, 1)


@pytest.mark.parametrize(
    ("member", "village", "status"),
    [("staff", ELSEWHERE, 200), ("township", HERE, 200), ("township", ELSEWHERE, 404), ("specialist", HERE, 403)],
)
def test_the_form_is_shown_to_who_keeps_the_register(sign_in, member, village, status):
    household = factories.household(village=village, members=2)
    assert sign_in(member).get(f"/households/{household.pk}/split/").status_code == status


@pytest.mark.django_db(transaction=True)
def test_two_splits_at_the_same_time_take_nobody_twice(cast, household, people):
    def work(token):
        return split_household(
            household_id=household.pk,
            on=ON,
            members={people["丙"].pk: "其他"},
            head=people["丙"].pk,
            village=HERE,
            code="",
            copy_facts=True,
            heir=None,
            reason=REASON,
            token=token,
            by=cast.township,
        )

    results = at_once([partial(work, token * 32) for token in ("a", "b", "a")])
    assert all(isinstance(result, Household | Refused) for result in results), results
    assert (Household.objects.count(), EvidenceBatch.objects.filter(source="split").count()) == (2, 1)
